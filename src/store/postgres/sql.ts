import type { Sql } from '../shared/sql.ts';
import type { Connection } from './connect.ts';
import { numbered } from './numbered.ts';

/** Statements that both stores understand, on a PostgreSQL connection. */
export class PostgresSql implements Sql {
  readonly #db: Connection;
  readonly #numbered = new Map<string, string>();

  constructor(db: Connection) {
    this.#db = db;
  }

  async run(sql: string, ...values: readonly unknown[]): Promise<number> {
    return (await this.#db.query(this.#textOf(sql), [...values])).rowCount ?? 0;
  }

  async all<Row extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#db.query<Row>(this.#textOf(sql), [...values])).rows;
  }

  field(column: string, key: string): string {
    return `${column}::json ->> '${key}'`;
  }

  #textOf(sql: string): string {
    const known = this.#numbered.get(sql);
    if (known !== undefined) return known;
    const text = numbered(sql);
    this.#numbered.set(sql, text);
    return text;
  }
}
