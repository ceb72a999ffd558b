import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { isPostgres } from '../../../src/domain/ports/store.ts';
import { connect } from '../../../src/store/postgres/connect.ts';
import { parseInteraction } from '../../../src/store/shared/interaction-body.ts';
import { openForReading } from '../../../src/store/sqlite/connect.ts';

/** Every interaction in a gateway's store, read through a second connection. */
export async function keptInteractions(store: string): Promise<readonly Interaction[]> {
  const rows = await keptRows<{ readonly body: string }>(store, 'SELECT body FROM interactions ORDER BY id DESC');
  return rows.map(({ body }) => parseInteraction(body));
}

/** The number of interactions. */
export async function countInteractions(store: string): Promise<number> {
  const [row] = await keptRows<{ readonly n: number }>(store, 'SELECT count(*) AS n FROM interactions');
  return row?.n ?? 0;
}

/** The rows of an SQL query in either kind of store. */
export async function keptRows<Row extends object>(store: string, sql: string): Promise<readonly Row[]> {
  if (isPostgres(store)) {
    const connection = await connect(store, () => undefined);
    return (await connection.query<Row>(sql).finally(() => connection.end())).rows;
  }
  const db = openForReading(store.slice('sqlite:'.length));
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}
