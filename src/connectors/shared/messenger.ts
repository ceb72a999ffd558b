import type { Reason } from '../../domain/base/reason.ts';
import type { RawSource } from '../../domain/interaction/quarantine.ts';
import type { Outbound, OutboundContent, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookReceiver, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { isFault } from '../../runtime/fault.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { id } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ReachSettings } from '../../runtime/http/settings.ts';
import type { Connector, ConnectorContext, Replayer, Sender } from '../contract.ts';
import { again, Refusals, taken } from './hooks.ts';
import { Messages } from './messages.ts';
import { Watch } from './watch.ts';

/** Base class of connections of messengers. */
export abstract class MessengerConnection implements Connector, Sender, HookReceiver, Replayer {
  protected readonly context: ConnectorContext;
  protected readonly http: HttpClient;
  protected readonly messages: Messages;
  protected readonly refusals: Refusals;
  readonly #service: string;
  readonly #watch: Watch;

  /**
   * `service` is the name of the service in errors, `api` the root of its API, `checkEvery` the milliseconds between two checks if not
   * the usual ones.
   */
  constructor(
    service: string,
    reach: ReachSettings & { readonly api?: string },
    context: ConnectorContext,
    checkEvery?: number,
  ) {
    this.#service = service;
    this.context = context;
    this.http = new HttpClient(service, reach, reach.api ?? null);
    this.messages = new Messages(context, this.http);
    this.refusals = new Refusals(context.log, context.clock);
    this.#watch = new Watch(context, (signal) => this.check(signal), checkEvery);
  }

  async start(): Promise<void> {
    this.#watch.start();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  abstract receive(request: HookRequest): Promise<HookAnswer>;

  async replay({ bytes }: RawSource): Promise<void> {
    await this.takeIn(Buffer.from(bytes));
  }

  /** Processes the body of a webhook request, or one polled update. */
  protected abstract takeIn(body: Buffer): Promise<void>;

  /** Processes a verified webhook request. It is quarantined after an error of the program, because it would fail again. */
  protected async takeHook(body: Buffer, take = (given: Buffer) => this.takeIn(given)): Promise<HookAnswer> {
    try {
      await take(body).catch((error: unknown) => this.quarantineFault(body, error));
      return taken;
    } catch (error) {
      this.context.log.error({ err: error }, 'cannot store the contents of a webhook request');
      return again;
    }
  }

  /** Quarantines input after an error of the program; rejects with any other error. */
  protected async quarantineFault(body: Buffer, error: unknown): Promise<void> {
    if (!isFault(error)) throw error;
    await this.context.quarantine({ facts: {}, bytes: body }, error);
  }

  abstract send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;

  /** Most services do not recognise repeats and cannot be asked whether a message arrived. */
  async confirm(_outbound: Outbound, _signal: AbortSignal): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('stoppedUnasked', { service: this.#service }) };
  }

  /** Checks the service now, because a request failed or succeeded again. */
  protected checkAgain(): void {
    this.#watch.nudge();
  }

  /** Checks the connection to the service. Rejects with a ServiceError if it does not work; resolves to another problem, or null. */
  protected abstract check(signal: AbortSignal): Promise<Reason | null>;
}

/** The public URL of a connection's webhook. */
export function hookUrl({ publicUrl, connection }: ConnectorContext): string {
  return `${publicUrl}/api/v1/hooks/${connection}`;
}

/** The account to send a message to, or null if it belongs to another connection. */
export function ownAccount({ to: { account } }: OutboundContent, connection: string): string | null {
  return account?.connection === connection ? account.id : null;
}

/** The service's id of a sent message. Throws if the answer has none. */
export function messageIdOf(given: unknown, service: string): string {
  const name = id(given);
  if (name === null) throw new ServiceError('unknown', reason('answerNameless', { service }));
  return name;
}

/** The attribution of a link that opened a conversation. */
export function linkMark(service: string, name: string, mark: string) {
  const none = { medium: null, content: null, term: null, page: null, referrer: null };
  return { ...none, source: service, campaign: mark, ids: { [name]: mark } };
}

const maxCardLine = 500;

/** The telephone numbers of a vCard (RFC 6350), unchanged. */
export function cardPhones(card: string | null): readonly string[] {
  return (card ?? '').split(/\r\n?|\n/).flatMap((line) => {
    const phone = /^(?:[\w-]+\.)?TEL[^:]*:(?:tel:)?([^;]{3,32})/i.exec(line.slice(0, maxCardLine))?.[1];
    return phone === undefined ? [] : [phone.trim()];
  });
}

/** The name in a vCard (RFC 6350); null if it has none. */
export function cardName(card: string | null): string | null {
  for (const line of (card ?? '').split(/\r\n?|\n/)) {
    const name = /^(?:[\w-]+\.)?FN[^:]*:(.{1,200})/i.exec(line.slice(0, maxCardLine))?.[1]?.trim();
    if (name) return name.replace(/\\([,;\\])/g, '$1');
  }
  return null;
}

/** The international number of a shared contact. Services write it with or without the plus, and with separators. */
export function sharedPhone(phone: string): string {
  return `+${phone.replace(/\D/g, '')}`;
}

/** A message before its content is added. */
export type Envelope = Omit<WrittenContact, 'text' | 'attachments'>;

/** Builds a message from a client in a private chat, filling in the fields that are the same for all services. */
export function clientMessage(
  message: Pick<WrittenContact, 'key' | 'connection' | 'at' | 'answers' | 'attribution' | 'handle'> & {
    readonly kind: string;
    /** The client's account: its id, and its public name if it has one. */
    readonly account: { readonly id: string; readonly username: string | null };
    readonly name: string | null;
    /** The telephone number, if the message proves it. */
    readonly phone: string | null;
    readonly chat: string;
  },
): Envelope {
  const { key, connection, at, answers, attribution, handle } = message;
  return {
    kind: 'written',
    channel: 'message',
    key,
    aliases: [],
    connection,
    direction: 'inbound',
    state: 'received',
    party: {
      phone: message.phone,
      email: null,
      account: { kind: message.kind, connection, ...message.account },
      name: message.name,
    },
    line: connection,
    manager: null,
    from: null,
    at,
    subject: null,
    thread: `${connection}:${message.chat}`,
    answers,
    attribution,
    automatic: null,
    handle,
  };
}
