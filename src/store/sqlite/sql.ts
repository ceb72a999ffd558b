import type { Database, Statement } from 'better-sqlite3';
import type { Sql } from '../shared/sql.ts';

/** Statements that both stores understand, each prepared once. */
export class SqliteSql implements Sql {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  constructor(db: Database) {
    this.#db = db;
  }

  run(sql: string, ...values: readonly unknown[]): number {
    return this.#prepared(sql).run(...values).changes;
  }

  all<Row extends object>(sql: string, ...values: readonly unknown[]): readonly Row[] {
    return this.#prepared(sql).all(...values) as readonly Row[];
  }

  field(column: string, key: string): string {
    return `${column} ->> '$.${key}'`;
  }

  #prepared(sql: string): Statement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare<unknown[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
