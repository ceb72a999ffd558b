import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

/** Settings of a connection of `kind: avito`. */
export const AvitoSchema = Type.Object(
  {
    kind: Type.Literal('avito'),
    clientId: Type.String({ minLength: 5, maxLength: 200, description: "The `client_id` of the account's API key." }),
    clientSecret: Type.String({
      minLength: 8,
      maxLength: 200,
      description: 'Its `client_secret`. The secret in the webhook address is derived from it.',
    }),
    mode: Type.Union([Type.Literal('webhook'), Type.Literal('polling')], {
      default: 'webhook',
      description:
        '`webhook`: Avito calls `http.publicUrl`, and the conversations are also read every five minutes. `polling`: they are read every 15 seconds.',
    }),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: 'Import messages since this day; by default only those after the first start.',
      }),
    ),
    api: Type.String({
      default: 'https://api.avito.ru',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the API.',
    }),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type AvitoConfig = Static<typeof AvitoSchema>;
