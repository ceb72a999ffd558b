import type { AuditEntry } from '../../domain/access/audit.ts';
import { lowestId } from '../../domain/base/ids.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { QuarantineWrite } from '../../domain/ports/operation-writes.ts';
import type { BookkeepingTable, QuarantineTable } from '../../domain/ports/tables.ts';
import { auditColumns } from './access.ts';
import { quarantineStatements } from './quarantine.ts';
import { insertNew, places, type Sql } from './sql.ts';

/** Independent single-row writes, in SQL shared by both stores. */
export class SqlBookkeepingTable implements BookkeepingTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  putAudit(entry: AuditEntry): Promise<void> {
    return insertNew(this.#sql, 'audit', [Object.fromEntries(auditColumns.map((column) => [column, entry[column]]))]);
  }

  async dropAudit(before: number, limit: number): Promise<void> {
    const sql = 'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < ? ORDER BY id LIMIT ?)';
    await this.#sql.run(sql, lowestId(before), limit);
  }

  async putCursor(connection: string, name: string, value: string): Promise<void> {
    await this.#sql.run(
      `INSERT INTO cursors (connection, name, value) VALUES (?, ?, ?)
        ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value`,
      ...[connection, name, value],
    );
  }

  async removeLooseBlobs(blobs: readonly BlobId[]): Promise<void> {
    if (blobs.length > 0) await this.#sql.run(`DELETE FROM loose_blobs WHERE blob IN (${places(blobs)})`, ...blobs);
  }

  async putHeard(recording: string, by: string, at: number): Promise<void> {
    await this.#sql.run('INSERT INTO recordings_heard (recording, by, at) VALUES (?, ?, ?)', recording, by, at);
  }
}

/** Contacts that could not be stored, in SQL shared by both stores. */
export class SqlQuarantineTable implements QuarantineTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async change(write: QuarantineWrite): Promise<number> {
    let changed = 0;
    for (const { sql, values } of quarantineStatements(write)) changed = await this.#sql.run(sql, ...values);
    return changed;
  }
}
