import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { newInteractionId } from '../domain/base/ids.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { ContactEvent } from '../domain/interaction/contact-event.ts';
import type { Quarantined, QuarantinedSource, RawSource } from '../domain/interaction/quarantine.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { reason, reasonText } from '../domain/reasons/reasons.ts';
import type { Clock } from '../runtime/clock.ts';
import { faultWords } from '../runtime/fault.ts';
import type { Logger } from '../runtime/log.ts';
import { RefusedEventError } from './intake.ts';

/** Dependencies of the quarantine. */
export interface QuarantineParts {
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly blobs: Pick<Blobs, 'put'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The version of this program. */
  readonly version: string;
}

/** Maximum size of a source in bytes. Parsers never get a larger letter. */
const maxSourceBytes = 64 * 1024 * 1024;

/**
 * Keeps contacts that could not be stored because of a defect in Patchbay. It resolves once that is durable, so that the
 * connector can move its cursor on. It rejects if even this fails, and then the cursor stays.
 */
export class Quarantine {
  readonly #parts: QuarantineParts;
  readonly #counts = new Map<string, number>();

  constructor(parts: QuarantineParts) {
    this.#parts = parts;
  }

  /** Failed attempts since the start by connection, for the metrics. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Calls `emit`, and quarantines the event if the store refuses it. */
  async guard(event: ContactEvent, source: RawSource | undefined, emit: () => Promise<void>): Promise<void> {
    try {
      await emit();
    } catch (error) {
      if (!(error instanceof RefusedEventError)) throw error;
      await this.keepEvent(event, error.message, source ?? null);
    }
  }

  /** Keeps an event that the store refused, with what it was read from where that is at hand. */
  async keepEvent(event: ContactEvent, refusal: string, source: RawSource | null = null): Promise<void> {
    await this.#keep(event.connection, digest(event.key), event, refusedByStore(refusal), source);
  }

  /** Quarantines a source that no event could be made from. */
  async keepSource(connection: string, source: RawSource, error: unknown): Promise<void> {
    await this.#keep(connection, digest(source.bytes), null, programFault(error), source);
  }

  /** Another attempt to take an entry in failed. */
  async failedAgain(entry: Quarantined, fault: Reason): Promise<void> {
    const { version, clock } = this.#parts;
    await this.#write({ ...entry, ...faultOf(fault), version, triedAt: clock.now() });
  }

  async #keep(
    connection: string,
    key: string,
    event: ContactEvent | null,
    fault: Reason,
    source: RawSource | null,
  ): Promise<void> {
    const { clock, version } = this.#parts;
    const at = clock.now();
    const kept = source === null ? null : await this.#keepSource(source);
    const id = newInteractionId(at);
    const why = faultOf(fault);
    await this.#write({ id, connection, key, event, source: kept, ...why, version, at, triedAt: at, tries: 1 });
  }

  async #keepSource({ facts, bytes }: RawSource): Promise<QuarantinedSource> {
    const stored = await this.#parts.blobs.put(Readable.from([bytes]), maxSourceBytes);
    return { facts, blob: stored.id, bytes: stored.bytes };
  }

  async #write(entry: Quarantined): Promise<void> {
    const { apply, log } = this.#parts;
    const [result] = await apply([{ op: 'quarantine', entry }]);
    if (result?.ok !== true) throw new Error(`could not write to quarantine: ${result?.message ?? 'no answer'}`);
    const { connection } = entry;
    this.#counts.set(connection, (this.#counts.get(connection) ?? 0) + 1);
    log.error({ connection, reason: entry.reason }, 'a contact could not be stored and was put into quarantine');
  }
}

function faultOf(fault: Reason): Pick<Quarantined, 'reason' | 'faultReason'> {
  return { reason: reasonText(fault), faultReason: fault };
}

/** The store refused an event. */
export function refusedByStore(message: string): Reason {
  return reason('refusedByStore', { said: message });
}

/** The defect, by its kind and place. */
export function programFault(error: unknown): Reason {
  return reason('programFault', { said: faultWords(error) });
}

function digest(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex');
}
