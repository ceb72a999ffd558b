import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { AwaitedTable } from '../../domain/ports/contact-tables.ts';
import type { WaitingAnswer } from '../../domain/written/early-answers.ts';
import { insertNew, places, type Sql } from './sql.ts';

interface Row {
  readonly interaction: InteractionId;
  readonly rank: number;
  readonly arrived_at: number | string;
}

/** Letters that answer a message which has not arrived yet, in SQL shared by both stores. */
export class SqlAwaitedTable implements AwaitedTable {
  readonly #sql: Sql;
  readonly #hash: (key: EventKey) => Buffer;

  constructor(sql: Sql, hash: (key: EventKey) => Buffer) {
    this.#sql = sql;
    this.#hash = hash;
  }

  put(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): Promise<void> {
    return insertNew(
      this.#sql,
      'awaited',
      names.map((name, rank) => ({ interaction, rank, key: this.#hash(name), arrived_at: arrivedAt })),
    );
  }

  async waiting(names: readonly EventKey[]): Promise<readonly WaitingAnswer[]> {
    const rows = await this.#sql.all<Row>(
      `SELECT interaction, min(rank) AS rank, min(arrived_at) AS arrived_at FROM awaited
        WHERE key IN (${places(names)}) GROUP BY interaction ORDER BY interaction`,
      ...names.map((name) => this.#hash(name)),
    );
    return rows.map(({ interaction, rank, arrived_at }) => ({ interaction, rank, arrivedAt: Number(arrived_at) }));
  }

  async drop(interaction: InteractionId, rank: number): Promise<void> {
    await this.#sql.run('DELETE FROM awaited WHERE interaction = ? AND rank >= ?', interaction, rank);
  }
}
