import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { markSettings } from '../shared/mark-settings.ts';

/** Settings of a connection of `kind: max`. */
export const MaxSchema = Type.Object(
  {
    kind: Type.Literal('max'),
    token: Type.String({ minLength: 10, description: "The bot's token." }),
    mode: Type.Union([Type.Literal('webhook'), Type.Literal('polling')], {
      default: 'webhook',
      description:
        '`webhook`: MAX calls `http.publicUrl`, which it must reach over HTTPS. `polling`: Patchbay polls MAX.',
    }),
    api: Type.String({
      default: 'https://platform-api2.max.ru',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the Bot API.',
    }),
    ...markSettings,
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type MaxConfig = Static<typeof MaxSchema>;
