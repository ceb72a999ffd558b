import type { Outbound, SendOutcome } from '../../domain/outbound.ts';
import type { ConnectorContext, ConnectorDefinition, HookAnswer, HookRequest } from '../contract.ts';
import { type Fields, fields, id, list, parseJson } from '../shared/fields.ts';
import { takeAll } from '../shared/hooks.ts';
import { LongPoll, type Polled } from '../shared/long-poll.ts';
import { hookUrl, MessengerConnection } from '../shared/messenger.ts';
import { Recent } from '../shared/recent.ts';
import { derivedSecret, sameSecret } from '../shared/secrets.ts';
import { MaxApi } from './api.ts';
import { readUpdate } from './message.ts';
import { type MaxConfig, MaxSchema } from './schema.ts';
import { sendMessage } from './send.ts';

/** What we want to hear of. */
const wanted = ['message_created', 'message_edited', 'bot_started'];
/** How long MAX holds a question that it has no answer to, in seconds. */
const patience = 30;

/** Bots of the messenger MAX. */
export const max: ConnectorDefinition<MaxConfig> = {
  kind: 'max',
  schema: MaxSchema,
  capabilities: ['send', 'webhooks'],
  sends: { channel: 'message', to: 'account' },
  create: (config, context) => new MaxConnection(config, context),
};

class MaxConnection extends MessengerConnection {
  readonly #config: MaxConfig;
  readonly #api: MaxApi;
  readonly #secret: string;
  readonly #polling: LongPoll | null;
  readonly #uploaded = new Recent<Fields>(200);
  #subscribed = false;

  constructor(config: MaxConfig, context: ConnectorContext) {
    super('MAX', config, context);
    this.#config = config;
    this.#api = new MaxApi(config, this.http);
    this.#secret = derivedSecret(config.token, `webhook ${context.connection}`);
    const polled = {
      open: (signal: AbortSignal) => this.#openPolling(signal),
      poll: (cursor: string | null, signal: AbortSignal) => this.#poll(cursor, signal),
      take: (update: unknown) => this.#take(update),
    };
    this.#polling = config.mode === 'webhook' ? null : new LongPoll(context, polled);
  }

  override async start(): Promise<void> {
    if (this.#polling === null) return super.start();
    this.#polling.start();
  }

  override stop(): Promise<void> {
    return this.#polling === null ? super.stop() : this.#polling.stop();
  }

  override async receive({ method, headers, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || this.#config.mode !== 'webhook')
      return this.refusals.refuse(405, 'no webhook is expected here');
    const given = headers['x-max-bot-api-secret'];
    if (typeof given !== 'string' || !sameSecret(given, this.#secret)) return this.refusals.refuse(401, 'wrong secret');
    const update = parseJson(body.toString('utf8'));
    return takeAll([update], (one) => this.#take(one), this.context.log);
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.context;
    const tools = { api: this.#api, http: this.http, blobs, connection, uploaded: this.#uploaded };
    return sendMessage(outbound, tools, signal);
  }

  /** The subscription is made once with our secret; later it is looked whether it still is there. */
  protected override async look(signal: AbortSignal): Promise<string | null> {
    const url = hookUrl(this.context);
    await this.#api.ask('me', { signal });
    if (!this.#subscribed || !(await this.#subscriptions(signal)).includes(url)) {
      await this.#api.post('subscriptions', { url, update_types: wanted, secret: this.#secret }, signal);
      this.#subscribed = true;
    }
    return null;
  }

  async #take(update: unknown): Promise<void> {
    const { connection, clock } = this.context;
    const incoming = readUpdate(update, { connection, now: clock.now() });
    if (incoming !== null) await this.messages.take(incoming);
  }

  async #subscriptions(signal: AbortSignal): Promise<readonly string[]> {
    const { subscriptions } = await this.#api.ask('subscriptions', { signal });
    return list(subscriptions).flatMap((one) => id(fields(one).url) ?? []);
  }

  /** MAX gives updates away only while nobody subscribes to them. */
  async #openPolling(signal: AbortSignal): Promise<void> {
    await this.#api.ask('me', { signal });
    for (const url of await this.#subscriptions(signal))
      await this.#api.ask(`subscriptions?url=${encodeURIComponent(url)}`, { method: 'DELETE', signal });
  }

  async #poll(cursor: string | null, signal: AbortSignal): Promise<Polled> {
    const query = new URLSearchParams({ limit: '100', timeout: String(patience), types: wanted.join(',') });
    if (cursor !== null) query.set('marker', cursor);
    const timeout = patience * 1000 + this.http.timeout;
    const { updates, marker } = await this.#api.ask(`updates?${query}`, { signal, timeout });
    return { updates: list(updates), next: id(marker) };
  }
}
