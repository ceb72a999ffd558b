import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import { fields, list, number, text } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext, ConnectorDefinition } from '../contract.ts';
import { BotConnection } from '../shared/bot.ts';
import type { Polled } from '../shared/long-poll.ts';
import type { RemoteFile } from '../shared/messages.ts';
import { hookUrl } from '../shared/messenger.ts';
import { TelegramApi } from './api.ts';
import { readDeletions, readUpdate } from './message.ts';
import { type TelegramConfig, TelegramSchema } from './schema.ts';
import { sendMessage } from './send.ts';

/** What we want to hear of; everything else stays with Telegram. */
const wanted = [
  'message',
  'edited_message',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
];
const secretHeader = { header: 'x-telegram-bot-api-secret-token', called: 'secret token' };
/** How long Telegram holds a question that it has no answer to, in seconds. */
const patience = 25;
/** Trouble that Telegram had with our webhook counts for so long, in milliseconds. */
const recently = 600_000;

/** Telegram bots, and businesses that a bot is connected to. */
export const telegram: ConnectorDefinition<TelegramConfig> = {
  kind: 'telegram',
  schema: TelegramSchema,
  sends: { channel: 'message', to: 'account' },
  create: (config, context) => new TelegramConnection(config, context),
};

class TelegramConnection extends BotConnection {
  readonly #config: TelegramConfig;
  readonly #api: TelegramApi;
  readonly #bot: string;
  #hooked = false;

  constructor(config: TelegramConfig, context: ConnectorContext) {
    super('Telegram', secretHeader, config, context);
    this.#config = config;
    this.#api = new TelegramApi(config, this.http);
    // The number before the colon is the bot's own id.
    this.#bot = config.token.split(':')[0] ?? '';
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.context;
    const tools = { api: this.#api, blobs, connection, uploadTimeout: this.http.timeout * 4 };
    return sendMessage(outbound, tools, signal);
  }

  protected override async take(update: unknown): Promise<void> {
    const { connection, clock } = this.context;
    const { groups, authors } = this.#config;
    const incoming = readUpdate(update, {
      connection,
      bot: this.#bot,
      groups: new Set(groups),
      authors,
      now: clock.now(),
      locate: (fileId) => (signal) => this.#locate(fileId, signal),
    });
    if (incoming !== null) await this.messages.take(incoming);
    for (const deletion of readDeletions(update, { connection, now: clock.now() })) await this.context.emit(deletion);
  }

  async #locate(fileId: string, signal: AbortSignal): ReturnType<RemoteFile['locate']> {
    const path = text(fields(await this.#api.call('getFile', { file_id: fileId }, signal)).file_path);
    if (path === null) throw new ServiceError('refused', 'Telegram gave no path for the file');
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

  /** The webhook is set once; later it is looked whether it still is ours, and whether Telegram has trouble with us. */
  protected override async look(signal: AbortSignal): Promise<string | null> {
    const { clock } = this.context;
    const url = hookUrl(this.context);
    await this.#api.call('getMe', {}, signal);
    const info = fields(await this.#api.call('getWebhookInfo', {}, signal));
    if (!this.#hooked || info.url !== url) {
      const payload = { url, secret_token: this.secret, allowed_updates: wanted, max_connections: 10 };
      await this.#api.call('setWebhook', payload, signal);
      this.#hooked = true;
      return null;
    }
    const failedAt = (number(info.last_error_date) ?? 0) * 1000;
    const waiting = number(info.pending_update_count) ?? 0;
    if (waiting === 0 || clock.now() - failedAt > recently) return null;
    return `Telegram can't reach ${url}: ${text(info.last_error_message) ?? 'no reason given'}; ${waiting} updates wait there`;
  }
}
