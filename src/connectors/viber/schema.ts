import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

/** Settings of a connection of `kind: viber`. */
export const ViberSchema = Type.Object(
  {
    kind: Type.Literal('viber'),
    token: Type.String({
      minLength: 10,
      description: "The bot's authentication token. Webhook requests are signed with it.",
    }),
    sender: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 28, description: 'The sender name that clients see.' }),
        avatar: Type.Optional(Type.String({ pattern: '^https://[^\\s]+$', description: 'URL of the sender picture.' })),
      },
      { additionalProperties: false },
    ),
    sharedContacts: Type.Union([Type.Literal('claim'), Type.Literal('proof')], {
      default: 'claim',
      description:
        'Whether a shared contact proves the telephone number of the client. Viber does not say whose contact it is, so use `proof` only if the bot asks for it with a button.',
    }),
    api: Type.String({
      default: 'https://chatapi.viber.com/pa',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the API.',
    }),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type ViberConfig = Static<typeof ViberSchema>;
