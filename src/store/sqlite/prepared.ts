import type { Database, Statement } from 'better-sqlite3';

/** Statements that are kept per connection. Most queries have one of few texts; some are put together of conditions. */
const maxKept = 200;

const kept = new WeakMap<Database, Map<string, Statement>>();

/** Prepares a statement, or returns the one of an earlier query: preparing it takes longer than finding a single row. */
export function prepared(db: Database, sql: string): Statement {
  const statements = kept.get(db) ?? new Map<string, Statement>();
  kept.set(db, statements);
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= maxKept) statements.clear();
  const statement = db.prepare(sql);
  statements.set(sql, statement);
  return statement;
}
