import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

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
      description: 'Ask Telegram, or be called by it at `http.publicUrl`, which it must reach over HTTPS.',
    }),
    api: Type.String({
      default: 'https://api.telegram.org',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the Bot API: a server or mirror of your own.',
    }),
    groups: Type.Array(Type.String({ pattern: '^-?\\d{1,20}$' }), {
      default: [],
      description: 'Ids of the group chats that are listened to; private chats always are.',
    }),
    authors: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Telegram user ids of our own people and their manager ids: what they write is outbound.',
    }),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type TelegramConfig = Static<typeof TelegramSchema>;
