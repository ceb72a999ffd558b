import type { DeliveryOutcome, Owed } from './delivery.ts';

/** The row after an attempt to deliver `revision`. A newer revision stays due. */
export function afterAttempt(
  row: Pick<Owed, 'revision' | 'attempts'> & { readonly delivered: number },
  revision: number,
  outcome: DeliveryOutcome,
  at: number,
) {
  const newer = row.revision > revision;
  switch (outcome.kind) {
    case 'done':
      return {
        delivered: Math.max(row.delivered, revision),
        state: newer ? 'due' : 'done',
        attempts: 0,
        nextAt: at,
        reason: null,
      } as const;
    case 'retry':
      return {
        delivered: row.delivered,
        state: 'due',
        attempts: row.attempts + 1,
        nextAt: outcome.at,
        reason: outcome.reason,
      } as const;
    case 'park':
      return {
        delivered: row.delivered,
        state: newer ? 'due' : 'parked',
        attempts: row.attempts + 1,
        nextAt: at,
        reason: outcome.reason,
      } as const;
    case 'skip':
      return {
        delivered: row.delivered,
        state: newer ? 'due' : 'skipped',
        attempts: 0,
        nextAt: at,
        reason: null,
      } as const;
  }
}
