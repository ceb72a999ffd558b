import type { EventKey } from '../../../domain/base/ids.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { CallRecord } from './call-record.ts';
import { closedByRecord } from './closed-by-record.ts';

/** What the recovery of calls needs of its connection. */
export interface RecoveryParts {
  readonly record: CallRecord;
  readonly context: Pick<ConnectorContext, 'connection' | 'openCalls' | 'log'>;
  /** Aborted when the connection stops. */
  readonly signal: AbortSignal;
  /** Whether the call of a key is tracked live. */
  readonly isLive: (key: string) => boolean;
  /** Whether the end of a call with these keys was seen live and is stored. The record adds nothing to it. */
  readonly isSeen: (keys: readonly EventKey[]) => boolean;
  /** Stores a call of the record. */
  readonly emit: (call: CallSnapshot) => Promise<void>;
  /** Stores a call that was seen live, in order with its earlier snapshots. */
  readonly handOver: (call: CallSnapshot) => Promise<void>;
  /** Begins to look for the recordings of a call. */
  readonly findRecordings: (call: CallSnapshot) => void;
}

/** What is known after a reconnect: the ids of the PBX's live channels, and the calls that ended meanwhile, by their keys. */
export interface Reconnected {
  readonly alive: ReadonlySet<string>;
  readonly closed: Map<string, CallSnapshot>;
}

/** Recovers calls from the PBX's record: those that were not seen, and the ends of those that were seen partly. */
export class CallRecovery {
  readonly #parts: RecoveryParts;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Reads new rows of the record. Live calls are left to the tracker; closed ones get their end from the record. */
  async read(reconnected?: Reconnected): Promise<void> {
    const { record, context, signal, isSeen, emit, handOver } = this.#parts;
    const prefix = context.connection.length + 1;
    const recorded = new Set<EventKey>();
    const isLive = (call: CallSnapshot) =>
      [call.key, ...call.aliases].some((key) => reconnected?.alive.has(key.slice(prefix)) ?? this.#parts.isLive(key));
    const take = async (call: CallSnapshot) => {
      const key = [call.key, ...call.aliases].find((one) => reconnected?.closed.has(one));
      const known = key === undefined ? undefined : reconnected?.closed.get(key);
      if (known === undefined) {
        if (isSeen([call.key, ...call.aliases])) return;
        await emit(call);
        if (call.recordings.length > 0) recorded.add(call.key);
        return;
      }
      reconnected?.closed.delete(known.key);
      await handOver(closedByRecord(known, call));
      // Emitting stops when the program stops. The cursor of the record must then stay before this call.
      signal.throwIfAborted();
    };
    await record.read({ emit: take, isLive, isSeen });
    await this.#findRecorded(recorded);
  }

  /** Looks for recordings that the record names. The store has those calls of which they are not known from elsewhere. */
  async #findRecorded(keys: ReadonlySet<EventKey>): Promise<void> {
    if (keys.size === 0) return;
    const { context, findRecordings } = this.#parts;
    try {
      const unfinished = await context.openCalls();
      for (const call of unfinished) if (keys.has(call.key) && call.basis === 'record') findRecordings(call);
    } catch (error) {
      context.log.error({ err: error }, 'recordings of recovered calls are not looked for before the next start');
    }
  }
}
