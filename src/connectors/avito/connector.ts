import { type Outbound, outboundKey, type SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { type Fields, fields, id, list, parseJson, text } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { derivedSecret, sameSecret } from '../../runtime/secrets.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { ConnectorContext, ConnectorDefinition } from '../contract.ts';
import { again, taken } from '../shared/hooks.ts';
import type { RemoteFile } from '../shared/messages.ts';
import { hookUrl, MessengerConnection } from '../shared/messenger.ts';
import { Recent } from '../shared/recent.ts';
import { wordsIn } from '../shared/words.ts';
import { AvitoApi } from './api.ts';
import { CatchUp } from './catch-up.ts';
import { type Chat, Chats } from './chats.ts';
import { isOurs, readMessage } from './message.ts';
import { OwnSends } from './own-sends.ts';
import { type AvitoConfig, AvitoSchema } from './schema.ts';
import { type AvitoSending, sendMessage } from './send.ts';
import { settle } from './settle.ts';

/** Milliseconds between two readings of the conversations. */
const readEvery = { webhook: 300_000, polling: 15_000 };
/** Milliseconds to wait for what Avito says of a conversation, and for files. Avito gives up on a webhook after two seconds. */
const lookUpTimeout = 1000;
const answerWithin = 1500;

/** Connector for the messenger of an Avito account. */
export const avito: ConnectorDefinition<AvitoConfig> = {
  kind: 'avito',
  schema: AvitoSchema,
  sends: { channel: 'message', to: 'account', provider: 'Avito' },
  create: (config, context) => new AvitoConnection(config, context),
};

class AvitoConnection extends MessengerConnection {
  readonly #config: AvitoConfig;
  readonly #api: AvitoApi;
  readonly #chats: Chats;
  readonly #own: OwnSends;
  readonly #catchUp: CatchUp;
  readonly #secret: string;
  readonly #uploaded = new Recent<string>(200);
  /** Messages that are being processed, because a webhook and the reading of the conversations may bring the same one. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #background = new Set<Promise<unknown>>();
  #subscribed = false;

  constructor(config: AvitoConfig, context: ConnectorContext) {
    super('Avito', config, context, readEvery[config.mode]);
    this.#config = config;
    this.#api = new AvitoApi(config, this.http, context.clock);
    this.#chats = new Chats(this.#api);
    this.#own = new OwnSends(context);
    this.#secret = derivedSecret(config.clientSecret, `webhook ${context.connection}`);
    const take = (chat: Chat, message: Fields) => this.#takeFromHistory(chat, message);
    this.#catchUp = new CatchUp({ chats: this.#chats, context, since: config.since, take });
  }

  override async stop(): Promise<void> {
    await super.stop();
    await Promise.allSettled(this.#background);
  }

  /** Avito documents no signature of its webhooks, so the address has a secret. */
  override async receive({ method, query, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || this.#config.mode === 'polling')
      return this.refusals.refuse(405, 'this connection has no webhook');
    if (!sameSecret(query.secret ?? '', this.#secret)) return this.refusals.refuse(401, 'wrong secret');
    const account = id(fields(fields(fields(parseJson(body.toString('utf8'))).payload).value).user_id);
    const known = this.#api.knownAccount;
    if (account !== null && known !== null && account !== known) return this.refusals.refuse(403, 'another account');
    return this.#answerInTime(body);
  }

  /** Answers as soon as the text is stored if the files take long. The reading of the conversations makes up for a failure after it. */
  async #answerInTime(body: Buffer): Promise<HookAnswer> {
    let onText = () => {};
    const stored = new Promise<void>((resolve) => {
      onText = resolve;
    });
    const answered = new AbortController();
    const whole = this.takeHook(body, (given) => this.#takeBody(given, onText));
    const early = Promise.all([stored, sleep(answerWithin, answered.signal)]).then(() => null);
    const answer = await Promise.race([whole, early]);
    answered.abort();
    if (answer !== null) return answer;
    const rest = whole.then((late) => late === again && this.checkAgain());
    this.#background.add(rest);
    void rest.finally(() => this.#background.delete(rest));
    return taken;
  }

  protected override takeIn(body: Buffer): Promise<void> {
    return this.#takeBody(body);
  }

  async #takeBody(body: Buffer, onText?: () => void): Promise<void> {
    const { payload } = fields(parseJson(body.toString('utf8')));
    const { type, value } = fields(payload);
    if (type === 'message') return this.#take(fields(value), onText);
    // Avito probes the address with an empty object.
    if (payload !== undefined) this.context.countUnread({ what: 'unknown', type: text(type) ?? 'payload' });
  }

  /** Processes a message of the history in the form of a webhook, so that it can be quarantined as one. */
  async #takeFromHistory(chat: Chat, message: Fields): Promise<void> {
    const value = { ...message, chat_id: chat.id, user_id: this.#api.knownAccount };
    await this.#take(value).catch((error: unknown) =>
      this.quarantineFault(Buffer.from(JSON.stringify({ payload: { type: 'message', value } })), error),
    );
  }

  /** Processes a message once, even if it comes twice at the same time. */
  async #take(message: Fields, onText?: () => void): Promise<void> {
    const place = JSON.stringify([id(message.chat_id), id(message.id), text(message.type)]);
    const running = this.#running.get(place);
    if (running !== undefined) return running;
    const taking = this.#takeOne(message, onText).finally(() => this.#running.delete(place));
    this.#running.set(place, taking);
    return taking;
  }

  async #takeOne(message: Fields, onText?: () => void): Promise<void> {
    const { connection, clock, language } = this.context;
    const chat = await this.#about(message);
    const words = wordsIn[language];
    const reading = { connection, chat, now: clock.now(), words, locateVoice: (voice: string) => this.#locate(voice) };
    const found = readMessage(message, reading);
    if ('kind' in found || !isOurs(message) || found.contact.direction !== 'outbound')
      return this.messages.takeAny(found, onText);
    const owner = await this.#own.ownerOf(id(message.chat_id) ?? '', message);
    if (owner === null) return this.messages.take(found, onText);
    // The desk has its content. Of several parts none proves that all were sent.
    if (owner.parts.length > 1) return;
    const { contact } = found;
    await this.context.emit({ ...contact, text: null, aliases: [outboundKey(owner.id)] });
  }

  /** What is known of a message's conversation. A client's message does not wait for it. */
  async #about(message: Fields): Promise<Chat | null> {
    const chat = id(message.chat_id);
    if (chat === null || message.chat_type === 'a2u') return null;
    try {
      const signal = AbortSignal.any([this.context.signal, AbortSignal.timeout(lookUpTimeout)]);
      return await this.#chats.about(chat, signal);
    } catch (error) {
      // Whom our side has written to, only the conversation tells.
      if (isOurs(message) || message.type === 'system') throw error;
      this.context.log.debug({ err: error }, 'cannot look up a conversation');
      return null;
    }
  }

  #locate(voice: string): RemoteFile['locate'] {
    return async (signal) => {
      const query = `getVoiceFiles?voice_ids=${encodeURIComponent(voice)}`;
      const url = text(fields(fields(await this.#api.own(1, query, { signal })).voices_urls)[voice]);
      if (url === null) throw new ServiceError('refused', reason('fileNowhere', { service: 'Avito' }));
      return { url, headers: {} };
    };
  }

  get #sending(): AvitoSending {
    const { blobs, connection, clock } = this.context;
    const [api, chats, own, uploaded] = [this.#api, this.#chats, this.#own, this.#uploaded];
    return { api, http: this.http, chats, own, blobs, connection, clock, uploaded };
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    return sendMessage(outbound, this.#sending, signal);
  }

  /** The record of the send is older than its first request: without one, nothing was sent. */
  override async confirm({ id: name }: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const begun = await this.#own.find(name);
    if (begun === null) return { kind: 'retry', reason: reason('stoppedBefore'), after: 0 };
    return settle(begun, this.#sending, reason('stoppedNotFound', { service: 'Avito' }), signal);
  }

  /** Subscribes to webhooks, or ends that, and reads what they did not bring. */
  protected override async check(signal: AbortSignal): Promise<null> {
    await this.#api.account(signal);
    const isDue = this.#config.mode === 'webhook' || !this.#subscribed;
    // Messages are read even if Avito refuses the address of the webhook.
    const done = await Promise.allSettled([isDue ? this.#subscribe(signal) : null, this.#read(signal)]);
    for (const one of done) if (one.status === 'rejected') throw one.reason;
    return null;
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#own.forgetBefore(await this.#catchUp.round(signal));
  }

  async #subscribe(signal: AbortSignal): Promise<void> {
    const url = `${hookUrl(this.context)}?secret=${this.#secret}`;
    const { subscriptions } = fields(await this.#api.post('messenger/v1/subscriptions', {}, signal));
    const ours = list(subscriptions).some((one) => text(fields(one).url) === url);
    const wanted = this.#config.mode === 'webhook';
    // The first time, it is set even if Avito lists it: an older version of the webhook has the same address.
    if (wanted && (!ours || !this.#subscribed)) await this.#api.post('messenger/v3/webhook', { url }, signal);
    if (!wanted && ours) await this.#api.post('messenger/v1/webhook/unsubscribe', { url }, signal);
    this.#subscribed = true;
  }
}
