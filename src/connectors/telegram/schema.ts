import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { markSettings } from '../shared/mark-settings.ts';

/** Settings of a connection of `kind: telegram`. */
export const TelegramSchema = Type.Object(
  {
    kind: Type.Literal('telegram'),
    token: Type.String({
      pattern: '^\\d{3,20}:[A-Za-z0-9_-]{10,100}$',
      description: "The bot's token, from @BotFather.",
    }),
    mode: Type.Union([Type.Literal('polling'), Type.Literal('webhook')], {
      default: 'polling',
      description:
        '`polling`: Patchbay polls Telegram. `webhook`: Telegram calls `http.publicUrl`, which it must reach over HTTPS.',
    }),
    api: Type.String({
      default: 'https://api.telegram.org',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the Bot API. Change it for your own server or mirror.',
    }),
    groups: Type.Array(Type.String({ pattern: '^-?\\d{1,20}$' }), {
      default: [],
      description: 'Ids of group chats to receive messages from. Private chats are always received.',
    }),
    authors: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Telegram user ids of employees and their manager ids. What they write is outbound.',
    }),
    ...markSettings,
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type TelegramConfig = Static<typeof TelegramSchema>;
