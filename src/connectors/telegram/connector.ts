import type { Outbound, SendOutcome } from '../../domain/outbound.ts';
import type {
  Connector,
  ConnectorContext,
  ConnectorDefinition,
  HookAnswer,
  HookReceiver,
  HookRequest,
  Sender,
} from '../contract.ts';
import { ServiceError } from '../shared/errors.ts';
import { fields, list, number, parseJson, text } from '../shared/fields.ts';
import { Refusals, takeAll } from '../shared/hooks.ts';
import { HttpClient } from '../shared/http-client.ts';
import { LongPoll, type Polled } from '../shared/long-poll.ts';
import { Messages, type RemoteFile } from '../shared/messages.ts';
import { derivedSecret, sameSecret } from '../shared/secrets.ts';
import { Watch } from '../shared/watch.ts';
import { TelegramApi } from './api.ts';
import { readUpdate } from './message.ts';
import { type TelegramConfig, TelegramSchema } from './schema.ts';
import { sendMessage } from './send.ts';

/** What we want to hear of; everything else stays with Telegram. */
const wanted = ['message', 'edited_message', 'business_connection', 'business_message', 'edited_business_message'];
/** How long Telegram holds a question that it has no answer to, in seconds. */
const patience = 25;
/** Trouble that Telegram had with our webhook counts for so long, in milliseconds. */
const recently = 600_000;

/** Telegram bots, and businesses that a bot is connected to. */
export const telegram: ConnectorDefinition<TelegramConfig> = {
  kind: 'telegram',
  schema: TelegramSchema,
  capabilities: ['send', 'webhooks'],
  sends: { channel: 'message', to: 'account' },
  create: (config, context) => new TelegramConnection(config, context),
};

class TelegramConnection implements Connector, Sender, HookReceiver {
  readonly #config: TelegramConfig;
  readonly #context: ConnectorContext;
  readonly #http: HttpClient;
  readonly #api: TelegramApi;
  readonly #messages: Messages;
  readonly #refusals: Refusals;
  readonly #secret: string;
  readonly #loop: Watch | LongPoll;
  readonly #bot: string;
  #hooked = false;

  constructor(config: TelegramConfig, context: ConnectorContext) {
    this.#config = config;
    this.#context = context;
    this.#http = new HttpClient('Telegram', config);
    this.#api = new TelegramApi(config, this.#http);
    this.#messages = new Messages(context, this.#http);
    this.#refusals = new Refusals(context.log, context.clock);
    this.#secret = derivedSecret(config.token, `webhook ${context.connection}`);
    // The number before the colon is the bot's own id.
    this.#bot = config.token.split(':')[0] ?? '';
    this.#loop =
      config.mode === 'webhook'
        ? new Watch(context, (signal) => this.#look(signal))
        : new LongPoll(context, {
            open: (signal) => this.#openPolling(signal),
            poll: (cursor, signal) => this.#poll(cursor, signal),
            take: (update) => this.#take(update),
          });
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async receive({ method, headers, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || this.#config.mode !== 'webhook')
      return this.#refusals.refuse(405, 'no webhook is expected here');
    const given = headers['x-telegram-bot-api-secret-token'];
    if (typeof given !== 'string' || !sameSecret(given, this.#secret))
      return this.#refusals.refuse(401, 'wrong secret token');
    const update = parseJson(body.toString('utf8'));
    return takeAll([update], (one) => this.#take(one), this.#context.log);
  }

  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.#context;
    const tools = { api: this.#api, blobs, connection, uploadTimeout: this.#http.timeout * 4 };
    return sendMessage(outbound, tools, signal);
  }

  async confirm(): Promise<SendOutcome> {
    return {
      kind: 'uncertain',
      error: 'the program stopped while this was being sent; Telegram can not be asked whether it arrived',
    };
  }

  async #take(update: unknown): Promise<void> {
    const { connection, clock } = this.#context;
    const { groups, authors } = this.#config;
    const incoming = readUpdate(update, {
      connection,
      bot: this.#bot,
      groups: new Set(groups),
      authors,
      now: clock.now(),
      locate: (fileId) => (signal) => this.#locate(fileId, signal),
    });
    if (incoming !== null) await this.#messages.take(incoming);
  }

  async #locate(fileId: string, signal: AbortSignal): ReturnType<RemoteFile['locate']> {
    const path = text(fields(await this.#api.call('getFile', { file_id: fileId }, signal)).file_path);
    if (path === null) throw new ServiceError('refused', 'Telegram gave no path for the file');
    return { url: this.#api.fileUrl(path), headers: {} };
  }

  async #openPolling(signal: AbortSignal): Promise<void> {
    await this.#api.call('getMe', {}, signal);
    await this.#api.call('deleteWebhook', { drop_pending_updates: false }, signal);
  }

  async #poll(cursor: string | null, signal: AbortSignal): Promise<Polled> {
    const payload = {
      timeout: patience,
      allowed_updates: wanted,
      limit: 100,
      ...(cursor !== null && { offset: Number(cursor) }),
    };
    const updates = list(await this.#api.call('getUpdates', payload, signal, patience * 1000 + this.#http.timeout));
    const last = updates.reduce<number>((max, update) => Math.max(max, number(fields(update).update_id) ?? -1), -1);
    return { updates, next: last < 0 ? null : String(last + 1) };
  }

  /** The webhook is set once; later it is looked whether it still is ours, and whether Telegram has trouble with us. */
  async #look(signal: AbortSignal): Promise<string | null> {
    const { publicUrl, connection, clock } = this.#context;
    const url = `${publicUrl}/api/v1/hooks/${connection}`;
    await this.#api.call('getMe', {}, signal);
    const info = fields(await this.#api.call('getWebhookInfo', {}, signal));
    if (!this.#hooked || info.url !== url) {
      const payload = { url, secret_token: this.#secret, allowed_updates: wanted, max_connections: 10 };
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
