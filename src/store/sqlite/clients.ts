import type { Database, Statement } from 'better-sqlite3';
import type { ClientId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Identifier, Named } from '../../domain/interaction/interaction.ts';
import { distinct, kindNumbers, kindOf } from '../shared/identifiers.ts';
import type { ClientWords } from './client-words.ts';

/** Clients, the index of their identifiers, and the choices people made. */
export class ClientIndex {
  readonly #words: ClientWords | null;
  readonly #find: Statement<[string], { rid: number; name: string }>;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #remove: Statement;
  readonly #identifiers: Statement<[{ rid: number }], { kind: number; value: string }>;
  readonly #putIdentifier: Statement;
  readonly #dropIdentifier: Statement;
  readonly #choose: Statement;
  readonly #forget: Statement;
  readonly #putDeal: Statement;
  readonly #dropDeals: Statement;
  readonly #putPerson: Statement;
  readonly #dropPersons: Statement;
  readonly #contact: Statement<[string, string], { name: string }>;

  /** Without `words`, names cannot be searched; the copy for routing does not need that index. */
  constructor(db: Database, words: ClientWords | null) {
    this.#words = words;
    this.#find = db.prepare('SELECT rid, name FROM clients WHERE id = ?');
    this.#insert = db.prepare(
      'INSERT INTO clients (id, name, folded, kind, responsible, segment, url, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#update = db.prepare(
      'UPDATE clients SET id = ?, name = ?, folded = ?, kind = ?, responsible = ?, segment = ?, url = ?, body = ? WHERE rid = ?',
    );
    this.#remove = db.prepare('DELETE FROM clients WHERE rid = ?');
    // The index is keyed by value. A client's own identifiers are read from its body, so no second index is needed.
    this.#identifiers =
      db.prepare(`SELECT DISTINCT CASE j.value ->> 'kind' WHEN 'phone' THEN 0 WHEN 'email' THEN 1 ELSE 2 END AS kind, j.value ->> 'value' AS value
      FROM clients c, json_each(c.body, '$.identifiers') j WHERE c.rid = @rid
      UNION SELECT CASE k.value ->> 'kind' WHEN 'phone' THEN 0 WHEN 'email' THEN 1 ELSE 2 END, k.value ->> 'value'
      FROM clients c, json_each(c.body, '$.contacts') p, json_each(p.value, '$.identifiers') k WHERE c.rid = @rid`);
    this.#putIdentifier = db.prepare(
      'INSERT OR REPLACE INTO identifiers (kind, value, client, contact, contact_name) VALUES (?, ?, ?, ?, ?)',
    );
    this.#dropIdentifier = db.prepare('DELETE FROM identifiers WHERE kind = +? AND value = ? AND client = ?');
    this.#choose = db.prepare(
      'INSERT OR REPLACE INTO choices (kind, value, client, contact, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#forget = db.prepare('DELETE FROM choices WHERE kind = ? AND value = ?');
    this.#putDeal = db.prepare('INSERT OR IGNORE INTO deals (id, client) VALUES (?, ?)');
    this.#dropDeals = db.prepare(`DELETE FROM deals WHERE client = @id
      AND id IN (SELECT j.value ->> 'id' FROM clients c, json_each(c.body, '$.deals') j WHERE c.rid = @rid)`);
    this.#putPerson = db.prepare('INSERT OR IGNORE INTO contact_persons (id, client) VALUES (?, ?)');
    this.#dropPersons = db.prepare(`DELETE FROM contact_persons WHERE client = @id
      AND id IN (SELECT j.value ->> 'id' FROM clients c, json_each(c.body, '$.contacts') j WHERE c.rid = @rid)`);
    this.#contact = db.prepare(`SELECT j.value ->> 'name' AS name FROM clients c, json_each(c.body, '$.contacts') j
      WHERE c.id = ? AND j.value ->> 'id' = ?`);
  }

  /**
   * Creates or replaces a client. Returns the identifiers it had or has, because their contacts may now match
   * differently.
   */
  put(client: Client): readonly Identifier[] {
    const known = this.#find.get(client.id);
    const before = known === undefined ? [] : this.#take(known.rid, client.id);
    const columns = [
      client.id,
      client.name,
      client.name.toLowerCase(),
      client.kind,
      client.responsible,
      client.segment,
      client.url,
      JSON.stringify(client),
    ];
    const rid = known === undefined ? Number(this.#insert.run(...columns).lastInsertRowid) : known.rid;
    if (known !== undefined) this.#update.run(...columns, rid);
    this.#words?.put(rid, known?.name, client.name);
    for (const deal of client.deals) this.#putDeal.run(deal.id, client.id);
    const now = [...client.identifiers];
    for (const { kind, value } of client.identifiers) this.#putIdentifier.run(kindNumbers[kind], value, rid, '', null);
    for (const contact of client.contacts) {
      this.#putPerson.run(contact.id, client.id);
      now.push(...contact.identifiers);
      for (const { kind, value } of contact.identifiers) {
        this.#putIdentifier.run(kindNumbers[kind], value, rid, contact.id, contact.name);
      }
    }
    return distinct([...before, ...now]);
  }

  /** Removes a client. Returns the identifiers it had, or null if it does not exist. */
  remove(id: ClientId): readonly Identifier[] | null {
    const known = this.#find.get(id);
    if (known === undefined) return null;
    const had = this.#take(known.rid, id);
    this.#remove.run(known.rid);
    this.#words?.remove(known.rid);
    return had;
  }

  /** Remembers which client a person chose for an identifier. */
  choose(identifier: Identifier, client: ClientId | null, contact: string | null, by: Named, at: string): void {
    this.#choose.run(kindNumbers[identifier.kind], identifier.value, client, contact, by.id, by.name, at);
  }

  /** Forgets which client a person chose for an identifier. */
  forget(identifier: Identifier): void {
    this.#forget.run(kindNumbers[identifier.kind], identifier.value);
  }

  /** A client's contact person, or null. */
  contact(client: string, id: string): Named | null {
    const row = this.#contact.get(client, id);
    return row === undefined ? null : { id, name: row.name };
  }

  #take(rid: number, id: string): readonly Identifier[] {
    this.#dropDeals.run({ rid, id });
    this.#dropPersons.run({ rid, id });
    const rows = this.#identifiers.all({ rid });
    for (const { kind, value } of rows) this.#dropIdentifier.run(kind, value, rid);
    return rows.map(({ kind, value }) => ({ kind: kindOf(kind), value }));
  }
}
