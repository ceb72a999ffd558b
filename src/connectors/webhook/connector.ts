import { eventKey } from '../../domain/base/ids.ts';
import type { Reason } from '../../domain/base/reason.ts';
import { sameData } from '../../domain/base/same-data.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { fields, id, parseJson } from '../../runtime/http/fields.ts';
import { statusTrouble } from '../../runtime/http/json.ts';
import { Signature } from '../../runtime/http/standard-webhooks.ts';
import type { ConnectorContext, ConnectorDefinition } from '../contract.ts';
import { MessengerConnection, ownAccount } from '../shared/messenger.ts';
import { outcomeOf } from '../shared/sending.ts';
import { readEvent } from './event.ts';
import { type WebhookConfig, WebhookSchema } from './schema.ts';

/** Maximum bytes of all files of one message. They are embedded in its JSON. */
const largestFiles = 10 * 1024 * 1024;

/** Connector for any service that can post JSON. docs/webhook-connector.md is the contract. */
export const webhook: ConnectorDefinition<WebhookConfig> = {
  kind: 'webhook',
  schema: WebhookSchema,
  sends: { channel: 'message', to: 'account' },
  create: (config, context) => new WebhookConnection(config, context),
};

class WebhookConnection extends MessengerConnection {
  readonly #config: WebhookConfig;
  #signature: Signature | null = null;
  /** Why the last send failed. */
  #problem: Reason | null = null;

  constructor(config: WebhookConfig, context: ConnectorContext) {
    super(context.connection, config, context);
    this.#config = config;
  }

  override async receive({ method, headers, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST') return this.refusals.refuse(405, 'expected POST');
    const why = this.#signed.reject(headers, this.context.clock.now(), body);
    if (why !== null) return this.refusals.refuse(401, why);
    const mistake = this.#mistakeIn(body);
    return mistake === null ? this.takeHook(body) : this.refusals.refuse(422, mistake);
  }

  protected override async takeIn(body: Buffer): Promise<void> {
    const found = this.#read(body);
    if (!('wrong' in found)) await this.messages.takeAny(found);
  }

  /** The mistake in a request that its sender has to correct, or null. Errors of this program do not count. */
  #mistakeIn(body: Buffer): string | null {
    try {
      const found = this.#read(body);
      return 'wrong' in found ? found.wrong : null;
    } catch {
      return null;
    }
  }

  #read(body: Buffer) {
    const { connection, clock } = this.context;
    const { account } = this.#config;
    return readEvent(parseJson(body.toString('utf8')), { connection, account, now: clock.now() });
  }

  override async send({ id: outbound, content }: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { connection, clock } = this.context;
    const { url } = this.#config;
    const user = content.replyTo?.user ?? ownAccount(content, connection);
    if (url === undefined) return { kind: 'failed', reason: reason('sendUrlMissing', { connection }) };
    if (user === null) return { kind: 'failed', reason: reason('noRecipient') };
    if (content.attachments.reduce((sum, { bytes }) => sum + bytes, 0) > largestFiles)
      return { kind: 'failed', reason: reason('filesTooLarge', { limit: largestFiles / 1024 / 1024 }) };
    const conversation = content.replyTo?.conversation ?? user;
    try {
      const files = await Promise.all(content.attachments.map((file) => this.#inline(file)));
      const payload = {
        type: 'message.send',
        id: outbound,
        connection,
        to: { id: user },
        conversation,
        answers: content.replyTo?.message ?? null,
        text: content.text,
        files,
      };
      const body = JSON.stringify(payload);
      const headers = { 'content-type': 'application/json', ...this.#signed.sign(outbound, clock.now(), body) };
      const answer = await this.http.request({ method: 'POST', url, headers, body, signal });
      if (answer.status < 200 || answer.status >= 300) throw statusTrouble(connection, answer);
      this.#setProblem(null);
      const given = id(fields(parseJson(answer.body)).id);
      const keys = given === null ? [] : [eventKey(connection, given)];
      return { kind: 'sent', keys, handle: { user, conversation }, state: 'sent' };
    } catch (error) {
      const outcome = outcomeOf(error, true);
      this.#setProblem(outcome.kind === 'retry' ? outcome.reason : null);
      return outcome;
    }
  }

  /** A repeat has the same `webhook-id`, by which the service has to recognise it. */
  override async confirm(): Promise<SendOutcome> {
    return { kind: 'retry', reason: reason('stoppedRepeated', { service: this.context.connection }), after: 0 };
  }

  protected override async check(): Promise<Reason | null> {
    return this.#problem;
  }

  get #signed(): Signature {
    this.#signature ??= new Signature(this.#config.secret);
    return this.#signature;
  }

  #setProblem(problem: Reason | null): void {
    if (sameData(problem, this.#problem)) return;
    this.#problem = problem;
    this.checkAgain();
  }

  async #inline({ blob, name, mime, bytes }: WrittenAttachment): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.context.blobs.open(blob)) chunks.push(chunk as Buffer);
    return { name, mime, bytes, content: Buffer.concat(chunks).toString('base64') };
  }
}
