import type { NumberHold } from '../../domain/call/number-hold.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { NumberHoldTable } from '../../domain/ports/directory-tables.ts';
import type { Sql } from './sql.ts';

/** A row of the table `number_holds`; `marks` is JSON. */
export interface HoldRow {
  readonly number: string;
  readonly from_at: number | string;
  readonly until_at: number | string;
  readonly visit: string;
  readonly marks: string;
}

/** Converts a row to the domain type. */
export function holdOf({ number, from_at, until_at, visit, marks }: HoldRow): NumberHold {
  return {
    number,
    visit,
    from: Number(from_at),
    until: Number(until_at),
    marks: JSON.parse(marks) as Attribution | null,
  };
}

/** Which visit sees or saw which number, in SQL shared by both stores. */
export class SqlNumberHoldTable implements NumberHoldTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async latest(number: string, at: number): Promise<NumberHold | null> {
    const sql = 'SELECT * FROM number_holds WHERE number = ? AND from_at <= ? ORDER BY from_at DESC LIMIT 1';
    const [row] = await this.#sql.all<HoldRow>(sql, number, at);
    return row === undefined ? null : holdOf(row);
  }

  async put({ number, from, until, visit, marks }: NumberHold): Promise<void> {
    await this.#sql.run(
      `INSERT INTO number_holds (number, from_at, until_at, visit, marks) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (number, from_at) DO UPDATE SET until_at = excluded.until_at, marks = excluded.marks`,
      ...[number, from, until, visit, JSON.stringify(marks)],
    );
  }

  async drop(before: number): Promise<void> {
    await this.#sql.run('DELETE FROM number_holds WHERE until_at < ?', before);
  }
}
