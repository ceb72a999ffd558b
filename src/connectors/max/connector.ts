import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { type Fields, fields, id, list } from '../../runtime/http/fields.ts';
import type { ConnectorContext, ConnectorDefinition, Marker, Marks } from '../contract.ts';
import { BotConnection } from '../shared/bot.ts';
import type { Polled } from '../shared/long-poll.ts';
import { marksOf } from '../shared/mark-settings.ts';
import { hookUrl } from '../shared/messenger.ts';
import { Recent } from '../shared/recent.ts';
import { wordsIn } from '../shared/words.ts';
import { MaxApi } from './api.ts';
import { readUpdate } from './message.ts';
import { type MaxConfig, MaxSchema } from './schema.ts';
import { sendMessage } from './send.ts';

type Handle = Readonly<Record<string, string>>;

/** The updates we subscribe to. */
const wanted = ['message_created', 'message_edited', 'message_removed', 'message_callback', 'bot_started'];
const secretHeader = { header: 'x-max-bot-api-secret', called: 'secret' };
/** Seconds that MAX holds a poll open while there are no updates. */
const patience = 30;

/** Connector for bots of the messenger MAX. */
export const max: ConnectorDefinition<MaxConfig> = {
  kind: 'max',
  schema: MaxSchema,
  sends: {
    channel: 'message',
    to: 'account',
    provider: 'MAX',
    unreached: reason('botNotStarted', { provider: 'MAX' }),
  },
  create: (config, context) => new MaxConnection(config, context),
};

class MaxConnection extends BotConnection implements Marker {
  readonly marks: Marks;
  readonly #api: MaxApi;
  readonly #uploaded = new Recent<Fields>(200);
  #subscribed = false;

  constructor(config: MaxConfig, context: ConnectorContext) {
    super('MAX', secretHeader, config, context);
    this.marks = marksOf(config);
    this.#api = new MaxApi(config, this.http);
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.context;
    const tools = { api: this.#api, http: this.http, blobs, connection, uploaded: this.#uploaded };
    return sendMessage(outbound, tools, signal);
  }

  showTyping(handle: Handle, signal: AbortSignal): Promise<void> {
    return this.#act(handle, 'typing_on', signal);
  }

  markRead(handle: Handle, signal: AbortSignal): Promise<void> {
    return this.#act(handle, 'mark_seen', signal);
  }

  /** Shows an action of the bot in a chat (https://dev.max.ru/docs-api/methods/POST/chats/-chatId-/actions). */
  async #act({ chat }: Handle, action: 'typing_on' | 'mark_seen', signal: AbortSignal): Promise<void> {
    if (chat !== undefined) await this.#api.post(`chats/${encodeURIComponent(chat)}/actions`, { action }, signal);
  }

  /** Subscribes once with our secret. Later, it checks that the subscription still exists. */
  protected override async check(signal: AbortSignal): Promise<null> {
    const url = hookUrl(this.context);
    await this.#api.ask('me', { signal });
    if (!this.#subscribed || !(await this.#subscriptions(signal)).includes(url)) {
      await this.#api.post('subscriptions', { url, update_types: wanted, secret: this.secret }, signal);
      this.#subscribed = true;
    }
    return null;
  }

  protected override async take(update: unknown): Promise<void> {
    const { connection, clock, language } = this.context;
    const found = readUpdate(update, { connection, now: clock.now(), words: wordsIn[language] });
    if (found !== null) await this.messages.takeAny(found);
  }

  async #subscriptions(signal: AbortSignal): Promise<readonly string[]> {
    const { subscriptions } = await this.#api.ask('subscriptions', { signal });
    return list(subscriptions).flatMap((one) => id(fields(one).url) ?? []);
  }

  /** Deletes all subscriptions, because MAX can be polled only without any. */
  protected override async openPolling(signal: AbortSignal): Promise<void> {
    await this.#api.ask('me', { signal });
    for (const url of await this.#subscriptions(signal))
      await this.#api.ask(`subscriptions?url=${encodeURIComponent(url)}`, { method: 'DELETE', signal });
  }

  protected override async poll(cursor: string | null, signal: AbortSignal): Promise<Polled> {
    const query = new URLSearchParams({ limit: '100', timeout: String(patience), types: wanted.join(',') });
    if (cursor !== null) query.set('marker', cursor);
    const timeout = patience * 1000 + this.http.timeout;
    const { updates, marker } = await this.#api.ask(`updates?${query}`, { signal, timeout });
    return { updates: list(updates), next: id(marker) };
  }
}
