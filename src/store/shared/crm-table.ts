import type { LedgerStep, LedgerSubject } from '../../domain/delivery/ledger.ts';
import type { CrmTable } from '../../domain/ports/tables.ts';
import type { Sql } from './sql.ts';

/** The ledger and the vault of CRM cores, in SQL shared by both stores. */
export class SqlCrmTable implements CrmTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async putStep({ kind, subject, destination }: LedgerSubject, { step, state, remote, at }: LedgerStep): Promise<void> {
    await this.#sql.run(
      `INSERT INTO ledger (kind, subject, destination, step, state, remote, at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, subject, destination, step)
        DO UPDATE SET state = excluded.state, remote = excluded.remote, at = excluded.at`,
      ...[kind, subject, destination, step, state, remote, at],
    );
  }

  async removeStep({ kind, subject, destination }: LedgerSubject, step: string): Promise<void> {
    const sql = 'DELETE FROM ledger WHERE kind = ? AND subject = ? AND destination = ? AND step = ?';
    await this.#sql.run(sql, kind, subject, destination, step);
  }

  async putSecret(owner: string, name: string, sealed: string): Promise<void> {
    await this.#sql.run(
      `INSERT INTO vault (owner, name, sealed) VALUES (?, ?, ?)
        ON CONFLICT (owner, name) DO UPDATE SET sealed = excluded.sealed`,
      ...[owner, name, sealed],
    );
  }

  async removeSecret(owner: string, name: string): Promise<void> {
    await this.#sql.run('DELETE FROM vault WHERE owner = ? AND name = ?', owner, name);
  }
}
