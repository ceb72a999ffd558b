import type { ClientId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';
import { searchWords } from '../../domain/directory/search-words.ts';
import type { Identifier, Named } from '../../domain/interaction/interaction.ts';
import type { ClientTable } from '../../domain/ports/directory-tables.ts';
import { distinct, kindNumbers, kindOf } from '../shared/identifiers.ts';
import type { Connection } from './connect.ts';
import { stage } from './copy.ts';
import type { ViewerTable } from './viewers.ts';

/** Entries of the directory log: a client changed, or a person's choice for an identifier. */
export const logKinds = { client: 0, choice: 1 } as const;

const stagedClient = {
  ...{ id: 'text', name: 'text', folded: 'text', kind: 'text', responsible: 'text', segment: 'text', url: 'text' },
  ...{ body: 'text', w: 'text' },
};
const stagedIdentifier = { kind: 'smallint', value: 'text', client: 'text', contact: 'text', contact_name: 'text' };

/** Clients, the index of their identifiers, the choices people made, and the log that snapshots follow. */
export class PostgresClientTable implements ClientTable {
  readonly #db: Connection;
  readonly #viewers: ViewerTable;

  constructor(db: Connection, viewers: ViewerTable) {
    this.#db = db;
    this.#viewers = viewers;
  }

  /** Creates or replaces clients in a few statements. Returns the identifiers they had or have. */
  async put(given: readonly Client[]): Promise<readonly Identifier[]> {
    await this.#viewers.reassign(given);
    const clients = [...new Map(given.map((client) => [client.id, client])).values()];
    const before = await this.#take(clients.map(({ id }) => id));
    const staged = await stage(
      this.#db,
      'new_clients',
      stagedClient,
      clients.map((c) => [
        c.id,
        c.name,
        c.name.toLowerCase(),
        c.kind,
        c.responsible,
        c.segment,
        c.url,
        JSON.stringify(c),
        searchWords(c.name).join(' '),
      ]),
    );
    await this.#db.query(
      `INSERT INTO clients (id, name, folded, kind, responsible, segment, url, body, words)
       SELECT id, name, folded, kind, responsible, segment, url, body, array_to_tsvector(string_to_array(w, ' ')) FROM ${staged.from}
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, kind = excluded.kind,
         responsible = excluded.responsible, segment = excluded.segment, url = excluded.url, body = excluded.body,
         words = excluded.words`,
      [...staged.values],
    );
    const deals = clients.flatMap((client) => client.deals.map((deal) => ({ deal: deal.id, client: client.id })));
    if (deals.length > 0) {
      await this.#db.query(
        'INSERT INTO deals (id, client) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
        [deals.map((one) => one.deal), deals.map((one) => one.client)],
      );
    }
    const persons = clients.flatMap((client) => client.contacts.map(({ id }) => ({ id, client: client.id })));
    if (persons.length > 0) {
      await this.#db.query(
        'INSERT INTO contact_persons (id, client) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
        [persons.map((one) => one.id), persons.map((one) => one.client)],
      );
    }
    const rows = clients.flatMap((client) => [
      ...client.identifiers.map((identifier) => ({ identifier, client: client.id, contact: '', name: null })),
      ...client.contacts.flatMap(({ id, name, identifiers }) =>
        identifiers.map((identifier) => ({ identifier, client: client.id, contact: id, name })),
      ),
    ]);
    const stagedRows = await stage(
      this.#db,
      'new_identifiers',
      stagedIdentifier,
      rows.map((row) => [kindNumbers[row.identifier.kind], row.identifier.value, row.client, row.contact, row.name]),
    );
    await this.#db.query(
      `INSERT INTO identifiers (kind, value, client, contact, contact_name) SELECT * FROM ${stagedRows.from} ON CONFLICT DO NOTHING`,
      [...stagedRows.values],
    );
    await this.#log(
      logKinds.client,
      clients.map(({ id }) => id),
    );
    return distinct([...before, ...rows.map((row) => row.identifier)]);
  }

  async remove(id: ClientId): Promise<readonly Identifier[] | null> {
    await this.#viewers.reassign([{ id, responsible: null }]);
    const { rowCount } = await this.#db.query('DELETE FROM clients WHERE id = $1', [id]);
    if (rowCount === 0) return null;
    await this.#log(logKinds.client, [id]);
    return this.#take([id]);
  }

  async choose(
    identifier: Identifier,
    { client, contact }: { readonly client: ClientId | null; readonly contact: string | null },
    by: Named,
    at: string,
  ): Promise<void> {
    const kind = kindNumbers[identifier.kind];
    await this.#db.query(
      `INSERT INTO choices (kind, value, client, contact, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (kind, value) DO UPDATE SET client = excluded.client, contact = excluded.contact, by_id = excluded.by_id,
         by_name = excluded.by_name, at = excluded.at`,
      [kind, identifier.value, client, contact, by.id, by.name, at],
    );
    await this.#log(logKinds.choice, [`${kind} ${identifier.value}`]);
  }

  async forgetChoice(identifier: Identifier): Promise<void> {
    const kind = kindNumbers[identifier.kind];
    await this.#db.query('DELETE FROM choices WHERE kind = $1 AND value = $2', [kind, identifier.value]);
    await this.#log(logKinds.choice, [`${kind} ${identifier.value}`]);
  }

  /**
   * Keeps one entry per subject and moves it to the end on each change. So the log never outgrows the directory, and
   * reading it from 0 yields everything.
   */
  async #log(kind: number, keys: readonly string[]): Promise<void> {
    await this.#db.query(
      `INSERT INTO directory_log (kind, key) SELECT $1, k FROM unnest($2::text[]) k
       ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq`,
      [kind, keys],
    );
  }

  async contact(client: ClientId, id: string): Promise<Named | null> {
    const { rows } = await this.#db.query<Named>(
      `SELECT j.value ->> 'id' AS id, j.value ->> 'name' AS name FROM clients c, json_array_elements(c.body::json -> 'contacts') j
       WHERE c.id = $1 AND j.value ->> 'id' = $2`,
      [client, id],
    );
    return rows[0] ?? null;
  }

  async #take(clients: readonly string[]): Promise<readonly Identifier[]> {
    await this.#db.query('DELETE FROM deals WHERE client = ANY ($1::text[])', [clients]);
    await this.#db.query('DELETE FROM contact_persons WHERE client = ANY ($1::text[])', [clients]);
    const { rows } = await this.#db.query<{ kind: number; value: string }>(
      'DELETE FROM identifiers WHERE client = ANY ($1::text[]) RETURNING kind, value',
      [clients],
    );
    return rows.map(({ kind, value }) => ({ kind: kindOf(kind), value }));
  }
}
