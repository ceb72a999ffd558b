import type { ConversationTable } from '../../domain/ports/contact-tables.ts';
import type { ConversationState } from '../../domain/written/conversation-state.ts';
import type { Sql } from './sql.ts';

/** A row of `conversations`; `closed` is 0 or 1 in both stores. */
type Row = Omit<ConversationState, 'closed'> & { readonly closed: number };

/** States of conversations, in SQL shared by both stores. */
export class SqlConversationTable implements ConversationTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async get(id: string): Promise<ConversationState | null> {
    const [row] = await this.#sql.all<Row>('SELECT * FROM conversations WHERE id = ?', id);
    return row === undefined ? null : { ...row, closed: row.closed === 1 };
  }

  async put({ id, latest, at, since, owner, channel, line, closed }: ConversationState): Promise<void> {
    await this.#sql.run(
      `INSERT INTO conversations (id, latest, at, since, owner, channel, line, closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET latest = excluded.latest, at = excluded.at, since = excluded.since,
          owner = excluded.owner, channel = excluded.channel, line = excluded.line, closed = excluded.closed`,
      ...[id, latest, at, since, owner, channel, line, closed ? 1 : 0],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#sql.run('DELETE FROM conversations WHERE id = ?', id);
  }
}
