import { timeText } from '../../domain/base/time-text.ts';
import type { UndeliverableTable } from '../../domain/ports/contact-tables.ts';
import type { FailedAddress } from '../../domain/written/undeliverable.ts';
import type { Sql } from './sql.ts';

/** Addresses whose letters come back, in SQL shared by both stores; see {@link isMarked}. */
export class SqlUndeliverableTable implements UndeliverableTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async mark({ email, status, why }: FailedAddress, at: number): Promise<void> {
    // Mail may be read out of order: a letter from the address may already be stored that is newer than the bounced
    // one.
    await this.#sql.run(
      `INSERT INTO undeliverable (email, since, status, why, cleared)
        SELECT ?, CAST(? AS bigint), ?, ?, 0 WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE email = ? AND started_at > ?
          AND channel = 'email' AND direction = 'inbound' AND ${this.#sql.field('body', 'automatic')} IS NULL)
        ON CONFLICT (email) DO UPDATE SET status = excluded.status, why = excluded.why,
          since = CASE WHEN undeliverable.since > undeliverable.cleared AND undeliverable.since < excluded.since
            THEN undeliverable.since ELSE excluded.since END
          WHERE excluded.since > undeliverable.cleared`,
      ...[email, at, status, why, email, timeText(at)],
    );
  }

  async recordLetterFrom(email: string, at: number): Promise<void> {
    const sql = 'UPDATE undeliverable SET cleared = ? WHERE email = ? AND since < ? AND cleared < ?';
    await this.#sql.run(sql, at, email, at, at);
  }

  async clear(email: string, at: number): Promise<boolean> {
    const changed = await this.#sql.run(
      `UPDATE undeliverable SET cleared = CASE WHEN since > ? THEN since ELSE ? END WHERE email = ? AND since > cleared`,
      ...[at, at, email],
    );
    return changed > 0;
  }
}
