import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { TemplateList } from '../../domain/outbound/template.ts';
import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { parseJson, text } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { hmacHex, sameSecret } from '../../runtime/secrets.ts';
import type { ConnectorContext, ConnectorDefinition, Marker, Marks, TemplateSource } from '../contract.ts';
import { takeAll } from '../shared/hooks.ts';
import { marksOf } from '../shared/mark-settings.ts';
import type { RemoteFile } from '../shared/messages.ts';
import { MessengerConnection } from '../shared/messenger.ts';
import { wordsIn } from '../shared/words.ts';
import { WhatsappApi } from './api.ts';
import { readWebhook } from './message.ts';
import { type WhatsappConfig, WhatsappSchema } from './schema.ts';
import { sendMessage } from './send.ts';
import { WhatsappTemplates } from './templates.ts';

type Handle = Readonly<Record<string, string>>;

/** Connector for one number of WhatsApp Business, using Meta's Cloud API. */
export const whatsapp: ConnectorDefinition<WhatsappConfig> = {
  kind: 'whatsapp',
  schema: WhatsappSchema,
  sends: ({ businessAccountId, template }) => ({
    channel: 'message',
    to: 'phone',
    provider: 'WhatsApp',
    window: {
      hours: 24,
      after: [
        ...(businessAccountId === undefined ? [] : (['templates'] as const)),
        ...(template === undefined ? [] : (['wraps'] as const)),
      ],
    },
  }),
  create: (config, context) => new WhatsappConnection(config, context),
};

class WhatsappConnection extends MessengerConnection implements TemplateSource, Marker {
  readonly marks: Marks;
  readonly #config: WhatsappConfig;
  readonly #api: WhatsappApi;
  readonly #templates: WhatsappTemplates;

  constructor(config: WhatsappConfig, context: ConnectorContext) {
    super('WhatsApp', config, context);
    this.#config = config;
    this.marks = marksOf(config);
    this.#api = new WhatsappApi(config, this.http);
    this.#templates = new WhatsappTemplates(this.#api, context.clock, config.businessAccountId);
  }

  override async receive(request: HookRequest): Promise<HookAnswer> {
    if (request.method === 'GET') return this.#verify(request.query);
    const given = request.headers['x-hub-signature-256'];
    const expected = `sha256=${hmacHex(this.#config.appSecret, request.body)}`;
    if (typeof given !== 'string' || !sameSecret(given, expected)) return this.refusals.refuse(401, 'wrong signature');
    return this.takeHook(request.body);
  }

  protected override async takeIn(body: Buffer): Promise<void> {
    const { connection, clock, language } = this.context;
    const found = readWebhook(parseJson(body.toString('utf8')), {
      connection,
      phoneNumberId: this.#config.phoneNumberId,
      now: clock.now(),
      words: wordsIn[language],
      locate: (mediaId) => (signal) => this.#locate(mediaId, signal),
    });
    await takeAll(found, (one) => this.messages.takeAny(one));
  }

  override send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.context;
    const templates = this.#templates;
    return sendMessage(outbound, { api: this.#api, blobs, connection, config: this.#config, templates }, signal);
  }

  templates(isFresh: boolean): Promise<TemplateList> {
    return this.#templates.list(isFresh, this.context.signal);
  }

  showTyping(handle: Handle, signal: AbortSignal): Promise<void> {
    return this.#markRead(handle, { typing_indicator: { type: 'text' } }, signal);
  }

  markRead(handle: Handle, signal: AbortSignal): Promise<void> {
    return this.#markRead(handle, {}, signal);
  }

  /** WhatsApp shows that we are writing only together with the mark of having read. */
  async #markRead({ message }: Handle, more: object, signal: AbortSignal): Promise<void> {
    if (message === undefined) return;
    const payload = { messaging_product: 'whatsapp', status: 'read', message_id: message, ...more };
    await this.#api.post('messages', payload, signal);
  }

  override async confirm(): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('stoppedReported', { service: 'WhatsApp' }) };
  }

  protected override async check(signal: AbortSignal): Promise<null> {
    await this.#api.ask(`${this.#config.phoneNumberId}?fields=id`, { signal });
    return null;
  }

  #verify(query: HookRequest['query']): HookAnswer {
    const challenge = query['hub.challenge'] ?? '';
    const right =
      query['hub.mode'] === 'subscribe' && sameSecret(query['hub.verify_token'] ?? '', this.#config.verifyToken);
    if (!right || !/^[\w-]{1,200}$/.test(challenge)) return this.refusals.refuse(403, 'wrong verify token');
    return { status: 200, body: challenge };
  }

  async #locate(mediaId: string, signal: AbortSignal): ReturnType<RemoteFile['locate']> {
    const url = text((await this.#api.ask(encodeURIComponent(mediaId), { signal })).url);
    if (url === null) throw new ServiceError('refused', reason('fileNowhere', { service: 'WhatsApp' }));
    return { url, headers: this.#api.authorization };
  }
}
