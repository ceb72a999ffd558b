import { entryOf } from '../../domain/base/entry-of.ts';
import type { DeliveryOutcome, Owed, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { type Refusal, refuse } from './decisions.ts';

/** Who is owed what from now on. */
export type DestinationsWrite = Extract<Write, { op: 'destinations' }>;

/** The kinds of subjects in a destination's row. */
export function wantsOf(text: string): readonly SubjectKind[] {
  return text.split(',').filter((kind) => kind !== '') as SubjectKind[];
}

/** What a destination wants, as its row has it. */
export function wantsText(wants: DestinationsWrite['wants'], name: string): string {
  return (entryOf(wants ?? {}, name) ?? ['interaction']).join(',');
}

/** A row as a store gives it. */
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

/** A row in domain words. */
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

/** Why nothing could be made due by `id`: the row's state, or null where there is no such row. */
export function notRetried(id: string, state: OwedState | null): Refusal {
  if (state === null) return refuse('not_found', `nothing owed under ${id}`);
  return refuse(
    'conflict',
    `delivery ${id} is ${state}: the destination has the latest revision, there is nothing to repeat`,
  );
}

/** What a row becomes by the outcome of delivering `revision`. A newer revision stays due. */
export function afterAttempt(row: OwedRow, revision: number, outcome: DeliveryOutcome, at: number) {
  const newer = row.revision > revision;
  switch (outcome.kind) {
    case 'done':
      return {
        delivered: Math.max(row.delivered, revision),
        state: newer ? 'due' : 'done',
        attempts: 0,
        nextAt: at,
        error: null,
      } as const;
    case 'retry':
      return {
        delivered: row.delivered,
        state: 'due',
        attempts: row.attempts + 1,
        nextAt: outcome.at,
        error: outcome.error,
      } as const;
    case 'park':
      return {
        delivered: row.delivered,
        state: newer ? 'due' : 'parked',
        attempts: row.attempts + 1,
        nextAt: at,
        error: outcome.error,
      } as const;
  }
}
