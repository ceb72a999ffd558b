import { Type } from 'typebox';

/** Settings about how events of the portal reach us. */
export const eventSettings = {
  events: Type.Union([Type.Literal('auto'), Type.Literal('posted'), Type.Literal('polled')], {
    default: 'auto',
    description:
      'How clicks and call-back forms of the portal come: `posted` to our address, `polled` from the portal every 2 seconds, or `auto`: polled if `http.publicUrl` is no https address. Needs `app`.',
  }),
} as const;
