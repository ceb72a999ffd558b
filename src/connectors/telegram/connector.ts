import type { Reason } from '../../domain/base/reason.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { fields, list, number, text } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext, ConnectorDefinition, Marker, Marks } from '../contract.ts';
import { BotConnection } from '../shared/bot.ts';
import type { Polled } from '../shared/long-poll.ts';
import { marksOf } from '../shared/mark-settings.ts';
import type { RemoteFile } from '../shared/messages.ts';
import { hookUrl } from '../shared/messenger.ts';
import { wordsIn } from '../shared/words.ts';
import { TelegramApi } from './api.ts';
import { Groups } from './groups.ts';
import { messageIn, readDeletions, readUpdate } from './message.ts';
import { type TelegramConfig, TelegramSchema } from './schema.ts';
import { sendMessage } from './send.ts';

type Handle = Readonly<Record<string, string>>;

/** The updates we subscribe to. */
const wanted = [
  'message',
  'edited_message',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
];
const secretHeader = { header: 'x-telegram-bot-api-secret-token', called: 'secret token' };
/** Seconds that Telegram holds a poll open while there are no updates. */
const patience = 25;
/** Milliseconds for which an error of Telegram with our webhook counts. */
const errorAge = 600_000;

/** Connector for Telegram bots, and for business accounts that a bot is connected to. */
export const telegram: ConnectorDefinition<TelegramConfig> = {
  kind: 'telegram',
  schema: TelegramSchema,
  sends: {
    channel: 'message',
    to: 'account',
    provider: 'Telegram',
    unreached: reason('botNotStarted', { provider: 'Telegram' }),
  },
  create: (config, context) => new TelegramConnection(config, context),
};

class TelegramConnection extends BotConnection implements Marker {
  readonly marks: Marks;
  readonly #config: TelegramConfig;
  readonly #api: TelegramApi;
  readonly #bot: string;
  readonly #groups: Groups;
  #hasWebhook = false;

  constructor(config: TelegramConfig, context: ConnectorContext) {
    super('Telegram', secretHeader, config, context);
    this.#config = config;
    this.marks = marksOf(config);
    this.#api = new TelegramApi(config, this.http);
    // The number before the colon is the bot's id.
    this.#bot = config.token.split(':')[0] ?? '';
    this.#groups = new Groups(config.groups, context.cursor);
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.context;
    const currentId = (chat: string) => this.#groups.currentId(chat);
    const tools = { api: this.#api, blobs, connection, currentId, uploadTimeout: this.http.timeout * 4 };
    return sendMessage(outbound, tools, signal);
  }

  async showTyping({ chat, business }: Handle, signal: AbortSignal): Promise<void> {
    if (chat === undefined) return;
    const chat_id = await this.#groups.currentId(chat);
    const of = business === undefined ? {} : { business_connection_id: business };
    await this.#api.call('sendChatAction', { ...of, chat_id, action: 'typing' }, signal);
  }

  /** Bots can mark messages as read only for the business that they are connected to. */
  async markRead({ chat, message, business }: Handle, signal: AbortSignal): Promise<void> {
    if (chat === undefined || message === undefined || business === undefined) return;
    const payload = { business_connection_id: business, chat_id: chat, message_id: Number(message) };
    await this.#api.call('readBusinessMessage', payload, signal);
  }

  protected override async take(update: unknown): Promise<void> {
    const { connection, clock, language } = this.context;
    const found = messageIn(update);
    if (found !== null) await this.#groups.prepare(found.message);
    const incoming = readUpdate(update, {
      connection,
      bot: this.#bot,
      firstId: (chat) => this.#groups.firstId(chat),
      authors: this.#config.authors,
      now: clock.now(),
      words: wordsIn[language],
      locate: (fileId) => (signal) => this.#locate(fileId, signal),
    });
    if (incoming !== null) await this.messages.takeAny(incoming);
    for (const deletion of readDeletions(update, { connection, now: clock.now() })) await this.context.emit(deletion);
  }

  async #locate(fileId: string, signal: AbortSignal): ReturnType<RemoteFile['locate']> {
    const path = text(fields(await this.#api.call('getFile', { file_id: fileId }, signal)).file_path);
    if (path === null) throw new ServiceError('refused', reason('fileNowhere', { service: 'Telegram' }));
    return { url: this.#api.fileUrl(path), headers: {} };
  }

  protected override async openPolling(signal: AbortSignal): Promise<void> {
    await this.#api.call('getMe', {}, signal);
    await this.#api.call('deleteWebhook', { drop_pending_updates: false }, signal);
  }

  protected override async poll(cursor: string | null, signal: AbortSignal): Promise<Polled> {
    const payload = {
      timeout: patience,
      allowed_updates: wanted,
      limit: 100,
      ...(cursor !== null && { offset: Number(cursor) }),
    };
    const updates = list(await this.#api.call('getUpdates', payload, signal, patience * 1000 + this.http.timeout));
    const last = updates.reduce<number>((max, update) => Math.max(max, number(fields(update).update_id) ?? -1), -1);
    return { updates, next: last < 0 ? null : String(last + 1) };
  }

  /** Sets the webhook once. Later, it checks that the webhook is still ours and that Telegram can reach it. */
  protected override async check(signal: AbortSignal): Promise<Reason | null> {
    const { clock } = this.context;
    const url = hookUrl(this.context);
    await this.#api.call('getMe', {}, signal);
    const info = fields(await this.#api.call('getWebhookInfo', {}, signal));
    if (!this.#hasWebhook || info.url !== url) {
      const payload = { url, secret_token: this.secret, allowed_updates: wanted, max_connections: 10 };
      await this.#api.call('setWebhook', payload, signal);
      this.#hasWebhook = true;
      return null;
    }
    const failedAt = (number(info.last_error_date) ?? 0) * 1000;
    const waiting = number(info.pending_update_count) ?? 0;
    if (waiting === 0 || clock.now() - failedAt > errorAge) return null;
    const said = text(info.last_error_message);
    return reason('updatesWaiting', { provider: 'Telegram', url, count: waiting, said });
  }
}
