import type { ClientId } from '../../domain/base/ids.ts';
import type { LedgerStep, LedgerSubject } from '../../domain/delivery/ledger.ts';
import type { CrmReader } from '../../domain/ports/readers.ts';
import { AdministrationReader } from './administration-reader.ts';

/** Queries of CRM cores, in SQL shared by both stores. */
export abstract class SqlCrmReader extends AdministrationReader implements CrmReader {
  ledger({ destination, kind, subject }: LedgerSubject): Promise<readonly LedgerStep[]> {
    return this.rows<LedgerStep>(
      'SELECT step, state, remote, at FROM ledger WHERE kind = ? AND subject = ? AND destination = ?',
      kind,
      subject,
      destination,
    );
  }

  async sealed(owner: string, name: string): Promise<string | null> {
    return (
      (await this.row<{ sealed: string }>('SELECT sealed FROM vault WHERE owner = ? AND name = ?', owner, name))
        ?.sealed ?? null
    );
  }

  async clientsOfSource(source: string, after: string, limit: number): Promise<readonly ClientId[]> {
    // Ids are compared bytewise, and `;` is the character after `:`.
    const sql = 'SELECT id FROM clients WHERE id > ? AND id < ? ORDER BY id LIMIT ?';
    const from = after === '' ? `${source}:` : after;
    return (await this.rows<{ id: ClientId }>(sql, from, `${source};`, limit)).map(({ id }) => id);
  }
}
