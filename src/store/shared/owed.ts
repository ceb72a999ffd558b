import { entryOf } from '../../domain/base/entry-of.ts';
import type { Owed, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { DestinationsWrite } from '../../domain/ports/operation-writes.ts';

/** Parses the subject kinds in the row of a destination. */
export function wantsOf(text: string): readonly SubjectKind[] {
  return text.split(',').filter((kind) => kind !== '') as SubjectKind[];
}

/** The subject kinds that a destination wants, as its row stores them. */
export function wantsText(wants: DestinationsWrite['wants'], name: string): string {
  return (entryOf(wants ?? {}, name) ?? ['interaction']).join(',');
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
  readonly updated_at: number;
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
    updatedAt: row.updated_at,
  };
}
