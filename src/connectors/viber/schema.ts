import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

/** Settings of a connection of `kind: viber`. */
export const ViberSchema = Type.Object(
  {
    kind: Type.Literal('viber'),
    token: Type.String({ minLength: 10, description: "The bot's authentication token; webhooks are signed by it." }),
    sender: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 28, description: 'The name the client sees.' }),
        avatar: Type.Optional(Type.String({ pattern: '^https://[^\\s]+$', description: 'A picture of it.' })),
      },
      { additionalProperties: false },
    ),
    sharedContacts: Type.Union([Type.Literal('claim'), Type.Literal('proof')], {
      default: 'claim',
      description:
        'What a contact that somebody shares says of their own telephone. Viber does not tell whose it is: `proof` only where the bot itself asks for it by a button.',
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
