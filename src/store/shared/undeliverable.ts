import type { Page, UndeliverableQuery } from '../../domain/ports/queries.ts';
import type { UndeliverableAddress } from '../../domain/written/undeliverable.ts';
import { pageOf, readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';

/** A row of the table `undeliverable` whose mark is set; times are milliseconds since the epoch. */
export interface UndeliverableRow {
  readonly email: string;
  readonly since: number | string;
  readonly status: string;
  readonly why: string;
}

/**
 * The mark belongs to the address, not to the client, so a CRM that replaces its clients does not touch it. A cleared
 * row is kept: if the same bounce is read again, it marks nothing. An address is marked while `since` is later than
 * `cleared`.
 */
export const isMarked = 'since > cleared';

/** Addresses that no stored contact has any more. Their rows are removed with the last contact. */
export const isForgotten = `NOT EXISTS (SELECT 1 FROM interactions i WHERE i.email = undeliverable.email)
  AND NOT EXISTS (SELECT 1 FROM interaction_participants p WHERE p.email = undeliverable.email)`;

/** Converts a row to the domain type. */
export function undeliverableOf({ email, since, status, why }: UndeliverableRow): UndeliverableAddress {
  return { email, since: new Date(Number(since)).toISOString(), status, why };
}

/** Selects marked addresses, in alphabetical order. */
export function selectUndeliverable({ email, limit, cursor }: UndeliverableQuery): SqlQuery {
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
