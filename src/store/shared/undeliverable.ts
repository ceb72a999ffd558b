import type { Page, UndeliverableQuery } from '../../domain/ports/queries.ts';
import type { UndeliverableAddress } from '../../domain/written/undeliverable.ts';
import { pageOf, readCursor } from './paging.ts';
import type { Question } from './question.ts';

/** A row of the table `undeliverable` whose mark is set; times are milliseconds since the epoch. */
export interface UndeliverableRow {
  readonly email: string;
  readonly since: number | string;
  readonly status: string;
  readonly why: string;
}

/**
 * The mark is the address's, not the client's: a CRM that puts its clients anew doesn't touch it. A cleared row stays, so that
 * the bounce it was about, read once more, marks nothing. A mark is set while `since` is later than `cleared`.
 */
export const isMarked = 'since > cleared';

/** Rows of addresses that no contact has which is still held: they go with the last one. */
export const isForgotten = `NOT EXISTS (SELECT 1 FROM interactions i WHERE i.email = undeliverable.email)
  AND NOT EXISTS (SELECT 1 FROM interaction_participants p WHERE p.email = undeliverable.email)`;

/** A row as the domain says it. */
export function undeliverableOf({ email, since, status, why }: UndeliverableRow): UndeliverableAddress {
  return { email, since: new Date(Number(since)).toISOString(), status, why };
}

/** By address. */
export function askUndeliverable({ email, limit, cursor }: UndeliverableQuery): Question {
  const conditions = [isMarked];
  const values: unknown[] = [];
  if (email !== undefined) {
    conditions.push('email = ?');
    values.push(email);
  }
  const [after] = readCursor(cursor) ?? [];
  if (after !== undefined) {
    conditions.push('email > ?');
    values.push(after);
  }
  const sql = `SELECT email, since, status, why FROM undeliverable WHERE ${conditions.join(' AND ')} ORDER BY email LIMIT ?`;
  return { sql, values: [...values, limit + 1] };
}

/** A page of marked addresses. */
export function undeliverablePage(
  { limit }: UndeliverableQuery,
  rows: readonly UndeliverableRow[],
): Page<UndeliverableAddress> {
  return pageOf(rows.map(undeliverableOf), limit, (last) => [last.email]);
}
