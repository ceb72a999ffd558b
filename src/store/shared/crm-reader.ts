import type { ClientId } from '../../domain/base/ids.ts';
import type { Owed, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { LedgerStep, LedgerSubject } from '../../domain/delivery/ledger.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Page, PeriodQuery } from '../../domain/ports/queries.ts';
import type { ClientMembers, ClientParts, CrmReader } from '../../domain/ports/readers.ts';
import { AdministrationReader } from './administration-reader.ts';
import { type BodyRow, interactionPage } from './listings.ts';
import { type OwedRow, owedOf } from './owed.ts';
import { readCursor } from './paging.ts';
import { places } from './sql.ts';

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
  async membersOfSource(source: string, after: string, limit: number): Promise<readonly ClientMembers[]> {
    const sql = 'SELECT id, body FROM clients WHERE id > ? AND id < ? ORDER BY id LIMIT ?';
    const from = after === '' ? `${source}:` : after;
    const rows = await this.rows<{ id: ClientId; body: string }>(sql, from, `${source};`, limit);
    return rows.map(({ id, body }) => {
      const { contacts, deals } = JSON.parse(body) as Client;
      return { id, contacts: contacts.map((contact) => contact.id), deals: deals.map((deal) => deal.id) };
    });
  }

  async clientsWith(source: string, { contacts, deals }: ClientParts): Promise<readonly ClientId[]> {
    const found = [
      ...(await this.#clientsOf('contact_persons', source, contacts)),
      ...(await this.#clientsOf('deals', source, deals)),
    ];
    return [...new Set(found)];
  }

  async owedOf(destination: string, kind: SubjectKind, subjects: readonly string[]): Promise<readonly Owed[]> {
    if (subjects.length === 0) return [];
    const sql = `SELECT * FROM owed WHERE destination = ? AND kind = ? AND subject IN (${places(subjects)})`;
    return (await this.rows<OwedRow>(sql, destination, kind, ...subjects)).map(owedOf);
  }

  async interactionsBetween({ from, until, cursor, limit }: PeriodQuery): Promise<Page<Interaction>> {
    const after = readCursor(cursor);
    const rows = await this.listed<BodyRow>(
      `SELECT body FROM interactions WHERE started_at >= ? AND started_at < ?
        ${after === null ? '' : 'AND (started_at, id) > (?, ?)'} ORDER BY started_at, id LIMIT ?`,
      ...[from, until, ...(after ?? []), limit + 1],
    );
    return interactionPage({ limit }, rows);
  }

  async #clientsOf(
    table: 'contact_persons' | 'deals',
    source: string,
    ids: readonly string[],
  ): Promise<readonly ClientId[]> {
    if (ids.length === 0) return [];
    const rows = await this.rows<{ client: ClientId }>(
      `SELECT client FROM ${table} WHERE id IN (${places(ids)})`,
      ...ids,
    );
    return rows.map(({ client }) => client).filter((client) => client.startsWith(`${source}:`));
  }
}
