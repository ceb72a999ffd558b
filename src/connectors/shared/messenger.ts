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

/** What the connections of all messengers have in common. */
export abstract class MessengerConnection implements Connector, Sender, HookReceiver, Replayer {
  protected readonly context: ConnectorContext;
  protected readonly http: HttpClient;
  protected readonly messages: Messages;
  protected readonly refusals: Refusals;
  readonly #service: string;
  readonly #watch: Watch;

  /** `service`: its name in errors; `api` of the settings: the root of its API. */
  constructor(service: string, reach: ReachSettings & { readonly api?: string }, context: ConnectorContext) {
    this.#service = service;
    this.context = context;
    this.http = new HttpClient(service, reach, reach.api ?? null);
    this.messages = new Messages(context, this.http);
    this.refusals = new Refusals(context.log, context.clock);
    this.#watch = new Watch(context, (signal) => this.look(signal));
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

  /** Reads the body of a webhook, or one update that was asked for, and takes in everything in it. */
  protected abstract takeIn(body: Buffer): Promise<void>;

  /** Takes in a webhook whose sender is known. What fails by a fault of ours would fail again, so it goes into quarantine. */
  protected async takeHook(body: Buffer): Promise<HookAnswer> {
    try {
      await this.takeIn(body).catch((error: unknown) => this.setAside(body, error));
      return taken;
    } catch (error) {
      this.context.log.error({ err: error }, 'what a webhook brought could not be made safe');
      return again;
    }
  }

  /** Puts what came into quarantine where a fault of ours kept it out; else rejects with the error. */
  protected async setAside(body: Buffer, error: unknown): Promise<void> {
    if (!isFault(error)) throw error;
    await this.context.quarantine({ facts: {}, bytes: body }, error);
  }

  abstract send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;

  /** Most services recognise no repeats and cannot be asked. */
  async confirm(_outbound: Outbound, _signal: AbortSignal): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('stoppedUnasked', { service: this.#service }) };
  }

  /** Something went wrong, or well again: look now. */
  protected lookAgain(): void {
    this.#watch.nudge();
  }

  /** Checks whether the service knows us. Rejects with a ServiceError where it does not; resolves to what else is wrong, or null. */
  protected abstract look(signal: AbortSignal): Promise<Reason | null>;
}

/** Where the outside reaches a connection's webhooks. */
export function hookUrl({ publicUrl, connection }: ConnectorContext): string {
  return `${publicUrl}/api/v1/hooks/${connection}`;
}

/** The account a message is to go to, where it is one of this connection's. */
export function ownAccount({ to: { account } }: OutboundContent, connection: string): string | null {
  return account?.connection === connection ? account.id : null;
}

/** The service's name for the message it took; throws where there is none. */
export function nameGiven(given: unknown, service: string): string {
  const name = id(given);
  if (name === null) throw new ServiceError('unknown', reason('answerNameless', { service }));
  return name;
}

/** Forwarded words, marked as a quotation. */
export function quoted(words: string | null): string | null {
  return words === null ? null : `> ${words.replaceAll('\n', '\n> ')}`;
}

/** The mark of a link that opened a conversation (`start`), as attribution. */
export function linkMark(service: string, name: string, mark: string) {
  const none = { medium: null, content: null, term: null, page: null, referrer: null };
  return { ...none, source: service, campaign: mark, ids: { [name]: mark } };
}

const maxCardLine = 500;

/** The telephones of a vCard (RFC 6350), as they are written there. */
export function cardPhones(card: string | null): readonly string[] {
  return (card ?? '').split(/\r\n?|\n/).flatMap((line) => {
    const phone = /^(?:[\w-]+\.)?TEL[^:]*:(?:tel:)?([^;]{3,32})/i.exec(line.slice(0, maxCardLine))?.[1];
    return phone === undefined ? [] : [phone.trim()];
  });
}

/** A message that a client wrote in a private chat, with the fields that are the same for every service. */
export function clientMessage(
  told: Pick<WrittenContact, 'key' | 'connection' | 'at' | 'text' | 'answers' | 'attribution' | 'handle'> & {
    readonly kind: string;
    /** Of the client: the account's id and its public name, where the service has one. */
    readonly account: { readonly id: string; readonly username: string | null };
    readonly name: string | null;
    /** Proven by the message, or null. */
    readonly phone: string | null;
    readonly chat: string;
  },
): WrittenContact {
  const { key, connection, at, text, answers, attribution, handle } = told;
  return {
    kind: 'written',
    channel: 'message',
    key,
    aliases: [],
    connection,
    direction: 'inbound',
    state: 'received',
    party: {
      phone: told.phone,
      email: null,
      account: { kind: told.kind, connection, ...told.account },
      name: told.name,
    },
    line: connection,
    manager: null,
    from: null,
    at,
    subject: null,
    text,
    attachments: [],
    thread: `${connection}:${told.chat}`,
    answers,
    attribution,
    automatic: null,
    handle,
  };
}
