import { eventKey } from '../../domain/base/ids.ts';
import { parseExtension } from '../../domain/directory/extension-place.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookReceiver, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { Loop } from '../../runtime/loop.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import type { Connector, ConnectorContext, Sender } from '../contract.ts';
import { again, Refusals } from '../shared/hooks.ts';
import { outcomeOf } from '../shared/sending.ts';
import { answerOf, invalid, understood, unknownToken } from './answers.ts';
import { openApi, type VatsApi } from './api.ts';
import { CallBook } from './calls/call-book.ts';
import { HistoryPoll } from './history/poll.ts';
import {
  type ContactQuestion,
  type Field,
  fieldsOfForm,
  type Logins,
  readEvent,
  readHistory,
  readQuestion,
} from './message.ts';
import { RecordingFetcher } from './recordings.ts';
import type { VatsConfig } from './schema.ts';

/** Messages are short. */
const maxBytes = 64 * 1024;
/** Milliseconds between two rounds of the work in the background, and between two readings of the accounts. */
const roundEvery = 5000;
const accountsEvery = 3600_000;

/** A connection to a cloud PBX: it posts what happens to calls, and asks who calls. */
export class VatsConnection implements Connector, Sender, HookReceiver {
  readonly #config: VatsConfig;
  readonly #context: ConnectorContext;
  readonly #api: VatsApi | null;
  readonly #book: CallBook;
  readonly #recordings: RecordingFetcher;
  readonly #poll: HistoryPoll | null;
  readonly #loop: Loop;
  readonly #refusals: Refusals;
  /** Extensions by login, as the cloud PBX lists them. */
  #accounts: Logins = {};
  #accountsAt = 0;

  constructor(config: VatsConfig, context: ConnectorContext) {
    this.#config = config;
    this.#context = context;
    this.#refusals = new Refusals(context.log, context.clock);
    const { connection } = context;
    const http = new HttpClient(connection, config, config.api?.url ?? null);
    this.#api = config.api === undefined ? null : openApi(config.api, http, connection);
    this.#book = new CallBook(context, config.idle * 1000);
    this.#recordings = new RecordingFetcher(config, http, this.#book, context);
    const parts = { book: this.#book, config, context, logins: () => this.#logins };
    this.#poll =
      this.#api === null
        ? null
        : new HistoryPoll({ ...parts, api: this.#api, onCall: (call) => this.#recordings.begin(call) });
    this.#loop = new Loop({
      name: `vats:${connection}`,
      round: ({ stopping }) => this.#round(stopping),
      onTrouble: (error) => {
        const trouble = asServiceError(error);
        if (trouble !== error) context.log.error({ err: error }, 'the work of a cloud PBX in the background failed');
        context.reportState(healthOf(trouble), trouble.reason);
      },
      backoff: { min: roundEvery, max: 300_000 },
    });
  }

  async start(): Promise<void> {
    for (const call of await this.#context.openCalls()) this.#recordings.begin(call);
    if (this.#api === null) this.#context.reportState('ready', null);
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async receive({ method, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || body.byteLength > maxBytes) return invalid;
    const form = new URLSearchParams(body.toString('utf8'));
    if (!sameSecret(form.get('crm_token') ?? '', this.#config.token)) {
      this.#refusals.refuse(401, 'wrong key');
      return unknownToken;
    }
    try {
      return await this.#take(form.get('cmd'), fieldsOfForm(form));
    } catch (error) {
      this.#context.log.warn({ err: error }, 'could not store a message of the cloud PBX');
      return again;
    }
  }

  async #take(cmd: string | null, field: Field): Promise<HookAnswer> {
    switch (cmd) {
      case 'event': {
        const event = readEvent(field, this.#logins);
        if (event === null) return invalid;
        await this.#book.event(event);
        return understood;
      }
      case 'history': {
        const history = readHistory(field, this.#logins);
        if (history === null) return invalid;
        const call = await this.#book.history(history);
        if (call !== null) this.#recordings.begin(call);
        this.#loop.nudge();
        return understood;
      }
      case 'contact': {
        const question = readQuestion(field);
        return question === null ? invalid : this.#answer(question);
      }
      // What callers think of a talk; there is no place for it.
      case 'rating':
        return understood;
      default:
        return invalid;
    }
  }

  /** The name of the caller, and where routing sends the call. */
  #answer({ callId, phone, line }: ContactQuestion): HookAnswer {
    const { connection, clock, decide } = this.#context;
    const call = callId === null ? null : eventKey(connection, callId);
    const { client, managers, queue } = decide({ phone, line, at: clock.now(), tried: [], call });
    const [first] = managers;
    const extension = first === undefined ? queue : parseExtension(first.extension).number;
    if (client === null && extension === null) return answerOf({});
    return answerOf({ contact_name: client?.name ?? '', responsible: extension ?? '' });
  }

  /** Rings the manager's telephone, then the number. */
  async send({ id, content }: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { extension, to } = content;
    const phone = to.phone?.replace(/\D/g, '') ?? '';
    if (this.#api === null) return { kind: 'failed', reason: reason('clickToCallUnset') };
    if (extension === undefined) return { kind: 'failed', reason: reason('callerWithoutExtension') };
    if (phone === '') return { kind: 'failed', reason: reason('noNumberToCall') };
    // The first event may come before the answer.
    this.#book.requested(id, extension, phone, null);
    try {
      const callId = await this.#api.makeCall(extension, phone, signal);
      if (callId !== null) this.#book.requested(id, extension, phone, callId);
      const keys = callId === null ? [] : [eventKey(this.#context.connection, callId)];
      return { kind: 'sent', keys, handle: null, state: 'sent' };
    } catch (error) {
      return outcomeOf(error, false);
    }
  }

  /** The protocol can't be asked about calls under way; one that was placed is recognised by its events. */
  async confirm(): Promise<SendOutcome> {
    return { kind: 'uncertain', reason: reason('callStopped') };
  }

  async #round(signal: AbortSignal): Promise<number> {
    await this.#book.sweep();
    await this.#recordings.round(signal);
    const { clock, reportState } = this.#context;
    if (this.#api !== null && clock.now() >= this.#accountsAt) {
      await this.#readAccounts(this.#api, signal);
      this.#accountsAt = clock.now() + accountsEvery;
    }
    await this.#poll?.round(signal);
    const missing = this.#missing();
    if (missing.length === 0) reportState('ready', null);
    else
      reportState('degraded', reason('extensionsUnknown', { service: this.#context.connection, extensions: missing }));
    return roundEvery;
  }

  async #readAccounts(api: VatsApi, signal: AbortSignal): Promise<void> {
    const accounts = await api.accounts(signal);
    this.#accounts = Object.fromEntries(
      accounts.flatMap(({ login, extension }) => (extension === null ? [] : [[login, extension]])),
    );
  }

  /** Managers' extensions at this cloud PBX that it does not have. */
  #missing(): readonly string[] {
    const known = new Set(Object.values(this.#logins));
    if (known.size === 0) return [];
    const places = this.#context.staff().managers.flatMap(({ extensions }) => extensions.map(parseExtension));
    return places
      .filter(({ connection, number }) => connection === this.#context.connection && !known.has(number))
      .map(({ number }) => number);
  }

  get #logins(): Logins {
    return { ...this.#accounts, ...this.#config.logins };
  }
}
