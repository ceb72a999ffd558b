import { entryOf } from '../../domain/base/entry-of.ts';
import type { Reason } from '../../domain/base/reason.ts';
import type { Owed, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { DestinationsWrite } from '../../domain/ports/operation-writes.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';

/** Parses the subject kinds in the row of a destination. */
export function wantsOf(text: string): readonly SubjectKind[] {
  return text.split(',').filter((kind) => kind !== '') as SubjectKind[];
}

/** The subject kinds that a destination wants, as its row stores them. */
export function wantsText(wants: DestinationsWrite['wants'], name: string): string {
  return (entryOf(wants ?? {}, name) ?? ['interaction']).join(',');
}

/**
 * The condition for deliveries that are urgent now. `now` is a SQL expression. The comparison with 0 lets both databases
 * use the index of urgent deliveries, so that a backlog does not have to be searched.
 */
export function isUrgent(now: string): string {
  return `urgent_until > 0 AND urgent_until > ${now}`;
}

/** The condition for the other deliveries. */
export function isUsual(now: string): string {
  return `urgent_until <= ${now}`;
}

/** A row of the table `owed`. */
export interface OwedRow {
  readonly rid: number;
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
  readonly revision: number;
  readonly delivered: number;
  readonly state: OwedState;
  readonly attempts: number;
  readonly next_at: number;
  readonly error: string | null;
  readonly reason: string | null;
  readonly updated_at: number;
  /** See `domain/delivery/urgency.ts`. */
  readonly urgent_until: number;
}

/** Converts a row to the domain type. */
export function owedOf(row: OwedRow): Owed {
  return {
    id: String(row.rid),
    destination: row.destination,
    kind: row.kind,
    subject: row.subject,
    revision: row.revision,
    deliveredRevision: row.delivered,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    lastError: row.error,
    lastReason: row.error === null || row.reason === null ? null : (JSON.parse(row.reason) as Reason),
    updatedAt: row.updated_at,
  };
}

/** Why an attempt failed, as the columns `error` and `reason` hold it. */
export function failureColumns(reason: Reason | null): readonly [error: string | null, reason: string | null] {
  return reason === null ? [null, null] : [reasonText(reason), JSON.stringify(reason)];
}
