import { type EventKey, eventKey, type InteractionId } from '../../../domain/base/ids.ts';
import type { CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { outboundKey } from '../../../domain/outbound/outbound.ts';
import type { ConnectorContext } from '../../contract.ts';
import { Recent } from '../../shared/recent.ts';
import type { CallHistory, CallNewsEvent } from '../message.ts';
import { applyEvent, awaitsHistory, ended, withoutExpected } from './apply-event.ts';
import { applyHistory } from './apply-history.ts';
import { isActive, newCall } from './new-call.ts';

/** Calls that are remembered after their end, since their history comes later. */
const maxRemembered = 5000;
/** Milliseconds by which the list of ended calls may differ from the start that we saw. */
const sameStart = 15_000;
/** Milliseconds after which the history of a call no longer comes. */
const historyWithin = 3600_000;
/** Milliseconds after which a call that still talks has lost its end. */
const longestTalk = 6 * 3600_000;

interface Known {
  readonly call: CallSnapshot;
  /** Whether its history has come: events that arrive after it are late. */
  readonly isFinal: boolean;
}

/** The calls of a connection. Each change is emitted before it is acknowledged, those of one call in their order. */
export class CallBook {
  readonly #context: ConnectorContext;
  readonly #idle: number;
  readonly #known = new Recent<Known>(maxRemembered);
  /** The latest call of each number. */
  readonly #latest = new Recent<{ readonly callId: string; readonly startedAt: number }>(maxRemembered);
  /** Calls that we requested, by their id, or by extension and number until that is known. */
  readonly #requests = new Recent<InteractionId>(500);
  readonly #running = new Map<string, Promise<unknown>>();

  /** `idle`: milliseconds without an active telephone after which a call is over. */
  constructor(context: ConnectorContext, idle: number) {
    this.#context = context;
    this.#idle = idle;
  }

  /** Takes an event. Resolves when it is stored. */
  async event(event: CallNewsEvent): Promise<void> {
    const now = this.#context.clock.now();
    await this.#change(eventKey(this.#context.connection, event.callId), (known) => {
      // The end of a call that is not known will come with its history.
      const isEnd = event.type === 'COMPLETED' || event.type === 'CANCELLED';
      if (known?.isFinal === true || (known === null && isEnd)) return known;
      const call = known?.call ?? newCall(this.#context.connection, event, now, 'live');
      this.#latest.set(digitsOf(event.phone), { callId: event.callId, startedAt: call.startedAt });
      return { call: this.#withRequest(applyEvent(call, event, now), event), isFinal: false };
    });
  }

  /** Takes the history of a call, or a row of the list of ended calls. Returns the call. */
  async history(history: CallHistory): Promise<CallSnapshot | null> {
    const { connection, clock } = this.#context;
    const callId = await this.#idOf(history);
    const changed = await this.#change(eventKey(connection, callId), (known) => {
      const call = known?.call ?? {
        ...newCall(connection, { ...history, callId }, history.startedAt, 'record'),
        reconstructed: true,
      };
      return { call: applyHistory(call, history, clock.now()), isFinal: true };
    });
    return changed?.call ?? null;
  }

  /** Changes one recording of a call, if it still has it. */
  async recording(call: CallSnapshot, file: string, change: Partial<CallRecording>): Promise<void> {
    await this.#change(call.key, (known) => {
      const now = known ?? { call, isFinal: true };
      const recordings = now.call.recordings.map((one) => (one.file === file ? { ...one, ...change } : one));
      return { ...now, call: { ...now.call, recordings } };
    });
  }

  /** Remembers that we requested a call. `callId` is null until the cloud PBX has answered. */
  requested(id: InteractionId, extension: string, phone: string, callId: string | null): void {
    this.#requests.set(callId ?? requestOf(extension, phone), id);
  }

  /** Ends calls that have been silent for too long, and no longer expects what does not come. */
  async sweep(): Promise<void> {
    const now = this.#context.clock.now();
    for (const call of await this.#context.openCalls()) {
      const isDue = this.#swept({ call, isFinal: false }, now)?.call !== call;
      if (isDue) await this.#change(call.key, (known) => this.#swept(known, now));
    }
  }

  #swept(known: Known | null, now: number): Known | null {
    if (known === null) return null;
    const { call } = known;
    if (call.endedAt !== null)
      return awaitsHistory(call) && now - call.endedAt > historyWithin
        ? { ...known, call: withoutExpected(call) }
        : known;
    const times = call.legs.flatMap(({ lastRangAt, rangAt, talkedAt, endedAt }) => [
      lastRangAt,
      rangAt,
      talkedAt,
      endedAt,
    ]);
    const last = Math.max(call.startedAt, ...times.map((time) => time ?? 0));
    const limit = call.legs.some(isActive) ? longestTalk : this.#idle;
    return now - last > limit ? { ...known, call: ended(call, last) } : known;
  }

  /** The list of ended calls may have ids of its own. Then the number and the start tell which call it is. */
  async #idOf({ callId, phone, startedAt }: CallHistory): Promise<string> {
    if (this.#known.get(eventKey(this.#context.connection, callId)) !== undefined) return callId;
    const latest = this.#latest.get(digitsOf(phone));
    return latest !== undefined && Math.abs(latest.startedAt - startedAt) <= sameStart ? latest.callId : callId;
  }

  /** Applies a change to the latest state of a call, and emits the result if it differs. */
  #change(key: EventKey, change: (known: Known | null) => Known | null): Promise<Known | null> {
    const before = this.#running.get(key) ?? Promise.resolve();
    const done = before.catch(() => undefined).then(() => this.#changeNow(key, change));
    this.#running.set(key, done);
    const forget = () => this.#running.get(key) === done && this.#running.delete(key);
    void done.then(forget, forget);
    return done;
  }

  async #changeNow(key: EventKey, change: (known: Known | null) => Known | null): Promise<Known | null> {
    const known = await this.#find(key);
    const next = change(known);
    if (next === null || next === known) return next;
    if (next.call !== known?.call) await this.#context.emit(next.call);
    this.#known.set(key, next);
    return next;
  }

  /** Another instance may have taken the last message, so the stored state counts before what we remember. */
  async #find(key: EventKey): Promise<Known | null> {
    const remembered = this.#known.get(key) ?? null;
    const stored = (await this.#context.openCalls()).find((call) => call.key === key);
    if (stored === undefined) return remembered;
    const isFinal = stored.endedAt !== null && !awaitsHistory(stored);
    return { call: stored, isFinal: isFinal && (remembered?.isFinal ?? true) };
  }

  #withRequest(call: CallSnapshot, { callId, extension, phone }: CallNewsEvent): CallSnapshot {
    if (call.direction === 'inbound') return call;
    const id = this.#requests.get(callId) ?? this.#requests.get(requestOf(extension ?? '', phone));
    if (id === undefined) return call;
    this.#requests.delete(requestOf(extension ?? '', phone));
    this.#requests.set(callId, id);
    const alias = outboundKey(id);
    return call.aliases.includes(alias) ? call : { ...call, aliases: [...call.aliases, alias] };
  }
}

function requestOf(extension: string, phone: string): string {
  return `${extension} ${digitsOf(phone)}`;
}

function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}
