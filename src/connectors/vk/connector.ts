import { createHash } from 'node:crypto';
import type { EventKey } from '../../domain/base/ids.ts';
import { type Outbound, outboundKey, type SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { type Fields, fields, id, joinedName, list, parseJson, text } from '../../runtime/http/fields.ts';
import { asServiceError, withoutUncertainty } from '../../runtime/http/service-error.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import type { ConnectorContext, ConnectorDefinition, Marker, Marks } from '../contract.ts';
import { again } from '../shared/hooks.ts';
import { marksOf } from '../shared/mark-settings.ts';
import { MessengerConnection, messageIdOf, ownAccount } from '../shared/messenger.ts';
import { Recent } from '../shared/recent.ts';
import { outcomeOf, pieces, quotedId, sentAs } from '../shared/sending.ts';
import { wordsIn } from '../shared/words.ts';
import { VkApi } from './api.ts';
import { messageKey, readEvent } from './message.ts';
import { type VkConfig, VkSchema } from './schema.ts';
import { uploaded } from './upload.ts';

const maxTextLength = 9000;
/** Milliseconds for which we rely on VK to recognise a `random_id`. VK keeps them for about an hour. */
const repeatWindow = 45 * 60_000;
/** Milliseconds to wait for the name of a sender, or the rest of a message. */
const nameTimeout = 3000;

type Handle = Readonly<Record<string, string>>;

/** Connector for the messages of a VK community, using the Callback API. */
export const vk: ConnectorDefinition<VkConfig> = {
  kind: 'vk',
  schema: VkSchema,
  sends: {
    channel: 'message',
    to: 'account',
    provider: 'VK',
    unreached: reason('notAllowed', { provider: 'VK' }),
  },
  create: (config, context) => new VkConnection(config, context),
};

class VkConnection extends MessengerConnection implements Marker {
  readonly marks: Marks;
  readonly #config: VkConfig;
  readonly #api: VkApi;
  readonly #names = new Recent<string>(5000);
  readonly #own = new Recent<EventKey>(1000);
  /** When a send was first interrupted, by its id. */
  readonly #interrupted = new Recent<number>(1000);

  constructor(config: VkConfig, context: ConnectorContext) {
    super('VK', config, context);
    this.#config = config;
    this.marks = marksOf(config);
    this.#api = new VkApi(config, this.http);
  }

  override async receive({ method, body }: HookRequest): Promise<HookAnswer> {
    const event = fields(parseJson(body.toString('utf8')));
    if (method !== 'POST' || id(event.group_id) !== this.#config.group)
      return this.refusals.refuse(403, 'another community');
    if (event.type === 'confirmation') return { status: 200, body: this.#config.confirmation };
    if (!sameSecret(text(event.secret) ?? '', this.#config.secret)) return this.refusals.refuse(403, 'wrong secret');
    const answer = await this.takeHook(body);
    return answer === again ? answer : { status: 200, body: 'ok' };
  }

  protected override takeIn(body: Buffer): Promise<void> {
    return this.#take(fields(parseJson(body.toString('utf8'))));
  }

  override async send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { connection, clock, blobs } = this.context;
    const { id: name, content } = outbound;
    const tools = { api: this.#api, http: this.http, blobs, log: this.context.log };
    const peer = content.replyTo?.peer ?? ownAccount(content, connection);
    if (peer === null) return { kind: 'failed', reason: reason('neverWrote', { provider: 'VK' }) };
    const since = this.#interrupted.get(name);
    if (since !== undefined && clock.now() - since > repeatWindow) return tooLate;
    try {
      const attachment = await withoutUncertainty(uploaded(content.attachments, peer, tools, signal));
      const texts = pieces(content.text, maxTextLength);
      const reply_to = quotedId(content);
      const keys: EventKey[] = [];
      for (const [i, message] of texts.entries()) {
        const random_id = randomId(name, i);
        this.#own.set(random_id, outboundKey(name));
        const last = i === texts.length - 1;
        const quoted = i === 0 && reply_to !== null && { reply_to };
        const asked = { peer_id: peer, random_id, message, ...quoted, ...(last && { attachment }) };
        const sent = await this.#api.call('messages.send', asked, signal);
        keys.push(messageKey(connection, peer, messageIdOf(sent, 'VK')));
      }
      const parts = texts.map((piece, i) => ({
        text: piece,
        files: i === texts.length - 1 ? content.attachments : [],
      }));
      return { kind: 'sent', keys, handle: { peer }, state: 'sent', ...sentAs(parts, keys) };
    } catch (error) {
      if (asServiceError(error).trouble === 'unknown') this.#interrupted.set(name, since ?? clock.now());
      return outcomeOf(error, true);
    }
  }

  /** VK recognises repeats by their `random_id` for a while. */
  override async confirm({ id: name, nextAt }: Outbound): Promise<SendOutcome> {
    if (this.context.clock.now() - nextAt > repeatWindow) return tooLate;
    this.#interrupted.set(name, nextAt);
    return { kind: 'retry', reason: reason('stoppedRepeated', { service: 'VK' }), after: 0 };
  }

  async showTyping({ peer }: Handle, signal: AbortSignal): Promise<void> {
    if (peer !== undefined) await this.#api.call('messages.setActivity', { peer_id: peer, type: 'typing' }, signal);
  }

  async markRead({ peer }: Handle, signal: AbortSignal): Promise<void> {
    if (peer === undefined) return;
    await this.#api.call('messages.markAsRead', { peer_id: peer, mark_conversation_as_read: '1' }, signal);
  }

  protected override async check(signal: AbortSignal): Promise<null> {
    await this.#api.call('groups.getById', { group_id: this.#config.group }, signal);
    return null;
  }

  async #take(event: Fields): Promise<void> {
    const { connection, clock, language } = this.context;
    const found = readEvent(await this.#whole(event), {
      connection,
      authors: this.#config.authors,
      comments: this.#config.comments,
      own: (random) => this.#own.get(random) ?? null,
      now: clock.now(),
      words: wordsIn[language],
    });
    if (found === null) return;
    if ('kind' in found && found.kind === 'typing') return this.context.reportTyping(found.thread);
    if ('kind' in found) return this.messages.takeAny(found);
    const { party } = found.contact;
    const name = party.name ?? (await this.#nameOf(party.account?.id ?? ''));
    await this.messages.take({ ...found, contact: { ...found.contact, party: { ...party, name } } });
  }

  /** An event with its whole message: VK crops messages with many attachments or forwarded messages. */
  async #whole(event: Fields): Promise<Fields> {
    const object = fields(event.object);
    const message = object.message === undefined ? object : fields(object.message);
    const name = id(message.id);
    if (message.is_cropped !== true || name === null) return event;
    try {
      const signal = AbortSignal.any([this.context.signal, AbortSignal.timeout(nameTimeout)]);
      const found = fields(await this.#api.call('messages.getById', { message_ids: name }, signal));
      const whole = fields(list(found.items)[0]);
      if (id(whole.id) !== name) return event;
      return { ...event, object: object.message === undefined ? whole : { ...object, message: whole } };
    } catch (error) {
      this.context.log.warn({ err: error }, 'cannot get the rest of a cropped message, it is stored as it came');
      return event;
    }
  }

  /** Looks up a sender's name, because messages contain only the id. If that fails, the message is stored without a name. */
  async #nameOf(user: string): Promise<string | null> {
    const known = this.#names.get(user);
    if (known !== undefined) return known;
    try {
      const signal = AbortSignal.any([this.context.signal, AbortSignal.timeout(nameTimeout)]);
      const [found] = list(await this.#api.call('users.get', { user_ids: user }, signal));
      const name = joinedName(fields(found).first_name, fields(found).last_name);
      if (name !== null) this.#names.set(user, name);
      return name;
    } catch (error) {
      this.context.log.debug({ err: error }, 'cannot look up the name of a user');
      return null;
    }
  }
}

const tooLate: SendOutcome = { kind: 'uncertain', reason: reason('repeatTooLate', { service: 'VK' }) };

/** A positive 31-bit number that is the same for each repeat of this piece of the message. */
function randomId(outbound: string, piece: number): string {
  const digest = createHash('sha256').update(`${outbound}:${piece}`).digest();
  return String(digest.readUInt32BE(0) & 0x7fffffff || 1);
}
