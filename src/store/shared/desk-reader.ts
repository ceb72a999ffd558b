import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { DeskChange, DeskLogReader } from '../../domain/ports/readers.ts';
import { SqlCrmReader } from './crm-reader.ts';
import { parseInteraction } from './interaction-body.ts';
import { deskWindow } from './interactions.ts';
import type { BodyRow } from './listings.ts';

/** Queries of desks, in SQL shared by both stores. */
export abstract class SqlDeskReader extends SqlCrmReader implements DeskLogReader {
  async deskSeq(manager: string): Promise<number> {
    const row = await this.row<{ seq: number }>('SELECT seq FROM desk_seq WHERE manager = ?', manager);
    return row?.seq ?? 0;
  }

  async deskSince(manager: string, seq: number): Promise<readonly DeskChange[] | null> {
    const last = await this.deskSeq(manager);
    if (seq > last || last - seq > deskWindow) return null;
    const rows = await this.listed<{ seq: number; body: string }>(
      `SELECT d.seq, i.body FROM desk_log d JOIN interactions i ON i.id = d.interaction
       WHERE d.manager = ? AND d.seq > ? ORDER BY d.seq`,
      manager,
      seq,
    );
    return rows.map((row) => ({ seq: row.seq, interaction: parseInteraction(row.body) }));
  }

  async deskCalls(manager: string): Promise<readonly Interaction[]> {
    // CROSS JOIN keeps SQLite's order: few calls are live, and an index lists them. PostgreSQL begins with the manager's log.
    const rows = await this.rows<BodyRow>(
      `SELECT i.body FROM interactions i CROSS JOIN desk_log d
       WHERE i.live AND d.manager = ? AND d.interaction = i.id ORDER BY d.seq`,
      manager,
    );
    return rows.map((row) => parseInteraction(row.body));
  }
}
