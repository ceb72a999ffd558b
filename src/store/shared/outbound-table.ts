import type { InteractionId } from '../../domain/base/ids.ts';
import type { AutomaticCount } from '../../domain/outbound/automatic-cap.ts';
import type { Outbound } from '../../domain/outbound/outbound.ts';
import type { OutboundTable } from '../../domain/ports/contact-tables.ts';
import { type OutboundRow, outboundOf } from './outbound-queue.ts';
import type { Sql } from './sql.ts';

/** The queue of outbound messages, in SQL shared by both stores. */
export class SqlOutboundTable implements OutboundTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async get(id: InteractionId): Promise<Outbound | null> {
    const [row] = await this.#sql.all<OutboundRow>('SELECT * FROM outbound WHERE id = ?', id);
    return row === undefined ? null : outboundOf(row);
  }

  async put({ id, connection, channel, state, attempts, nextAt, expiresAt, content }: Outbound): Promise<void> {
    await this.#sql.run(
      `INSERT INTO outbound (id, connection, channel, state, attempts, next_at, expires_at, content)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, connection, channel, state, attempts, nextAt, expiresAt, JSON.stringify(content)],
    );
  }

  async set(
    id: InteractionId,
    { state, attempts, nextAt }: Pick<Outbound, 'state' | 'attempts' | 'nextAt'>,
  ): Promise<void> {
    const sql = 'UPDATE outbound SET state = ?, attempts = ?, next_at = ? WHERE id = ?';
    await this.#sql.run(sql, state, attempts, nextAt, id);
  }

  async setExpiry(id: InteractionId, expiresAt: number): Promise<void> {
    await this.#sql.run('UPDATE outbound SET expires_at = ? WHERE id = ?', expiresAt, id);
  }

  async setContent(id: InteractionId, content: Outbound['content']): Promise<void> {
    await this.#sql.run('UPDATE outbound SET content = ? WHERE id = ?', JSON.stringify(content), id);
  }

  async settle(id: InteractionId): Promise<void> {
    const sql = "UPDATE outbound SET state = 'done' WHERE id = ? AND state IN ('due', 'failed', 'uncertain')";
    await this.#sql.run(sql, id);
  }

  async countAutomatic({ column, value, since }: AutomaticCount): Promise<number> {
    const [row] = await this.#sql.all<{ n: number | string }>(
      `SELECT count(*) AS n FROM interactions i WHERE ${column} = ? AND started_at > ? AND direction = 'outbound'
        AND ${this.#sql.field('body', 'automatic')} IS NOT NULL AND EXISTS (SELECT 1 FROM outbound o WHERE o.id = i.id)`,
      value,
      since,
    );
    return Number(row?.n ?? 0);
  }
}
