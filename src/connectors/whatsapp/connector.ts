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
import { parseJson, text } from '../shared/fields.ts';
import { Refusals, takeAll } from '../shared/hooks.ts';
import { HttpClient } from '../shared/http-client.ts';
import { Messages, type RemoteFile } from '../shared/messages.ts';
import { hmacHex, sameSecret } from '../shared/secrets.ts';
import { Watch } from '../shared/watch.ts';
import { WhatsappApi } from './api.ts';
import { readWebhook } from './message.ts';
import { type WhatsappConfig, WhatsappSchema } from './schema.ts';
import { sendMessage } from './send.ts';

/** WhatsApp Business by Meta's Cloud API: one number. */
export const whatsapp: ConnectorDefinition<WhatsappConfig> = {
  kind: 'whatsapp',
  schema: WhatsappSchema,
  capabilities: ['send', 'webhooks'],
  sends: { channel: 'message', to: 'phone' },
  create: (config, context) => new WhatsappConnection(config, context),
};

class WhatsappConnection implements Connector, Sender, HookReceiver {
  readonly #config: WhatsappConfig;
  readonly #context: ConnectorContext;
  readonly #api: WhatsappApi;
  readonly #messages: Messages;
  readonly #refusals: Refusals;
  readonly #watch: Watch;

  constructor(config: WhatsappConfig, context: ConnectorContext) {
    const http = new HttpClient('WhatsApp', config);
    this.#config = config;
    this.#context = context;
    this.#api = new WhatsappApi(config, http);
    this.#messages = new Messages(context, http);
    this.#refusals = new Refusals(context.log, context.clock);
    this.#watch = new Watch(context, async (signal) => {
      await this.#api.ask(`${config.phoneNumberId}?fields=id`, { signal });
      return null;
    });
  }

  async start(): Promise<void> {
    this.#watch.start();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  async receive(request: HookRequest): Promise<HookAnswer> {
    if (request.method === 'GET') return this.#verify(request.query);
    const given = request.headers['x-hub-signature-256'];
    const expected = `sha256=${hmacHex(this.#config.appSecret, request.body)}`;
    if (typeof given !== 'string' || !sameSecret(given, expected)) return this.#refusals.refuse(401, 'wrong signature');
    const { connection, clock, log } = this.#context;
    const found = readWebhook(parseJson(request.body.toString('utf8')), {
      connection,
      phoneNumberId: this.#config.phoneNumberId,
      now: clock.now(),
      locate: (mediaId) => (signal) => this.#locate(mediaId, signal),
    });
    return takeAll(found, (one) => ('kind' in one ? this.#messages.tell(one) : this.#messages.take(one)), log);
  }

  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { blobs, connection } = this.#context;
    return sendMessage(outbound, { api: this.#api, blobs, connection, config: this.#config }, signal);
  }

  async confirm(): Promise<SendOutcome> {
    return {
      kind: 'uncertain',
      error: 'the program stopped while this was being sent; if WhatsApp took it, its delivery will be reported',
    };
  }

  #verify(query: HookRequest['query']): HookAnswer {
    const challenge = query['hub.challenge'] ?? '';
    const right =
      query['hub.mode'] === 'subscribe' && sameSecret(query['hub.verify_token'] ?? '', this.#config.verifyToken);
    if (!right || !/^[\w-]{1,200}$/.test(challenge)) return this.#refusals.refuse(403, 'wrong verify token');
    return { status: 200, body: challenge };
  }

  async #locate(mediaId: string, signal: AbortSignal): ReturnType<RemoteFile['locate']> {
    const url = text((await this.#api.ask(encodeURIComponent(mediaId), { signal })).url);
    if (url === null) throw new ServiceError('refused', 'WhatsApp gave no address for the file');
    return { url, headers: this.#api.authorization };
  }
}
