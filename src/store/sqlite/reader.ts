import type { Database } from 'better-sqlite3';
import { cleanedDeep } from '../../domain/base/clean-text.ts';
import type { EventKey } from '../../domain/base/ids.ts';
import type { NumberHold } from '../../domain/call/number-hold.ts';
import type { Owed } from '../../domain/delivery/delivery.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Named } from '../../domain/interaction/interaction.ts';
import type { View } from '../../domain/interaction/view.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { ClientQuery, Page } from '../../domain/ports/queries.ts';
import type { ContactReader } from '../../domain/ports/readers.ts';
import { StoreUnavailableError } from '../../domain/ports/store.ts';
import type { Condition } from '../../domain/search/question.ts';
import { keyHash } from '../shared/interactions.ts';
import { type BodyRow, clientPage, selectClients } from '../shared/listings.ts';
import { type HoldRow, holdOf } from '../shared/number-holds.ts';
import { isUrgent, isUsual, type OwedRow, owedOf } from '../shared/owed.ts';
import { SqlReader } from '../shared/sql-reader.ts';
import { isMarked, type UndeliverableRow } from '../shared/undeliverable.ts';
import { selectClientsOfDomain } from './directory.ts';
import type { Listings } from './listings.ts';
import { prepared } from './prepared.ts';
import { foundTexts, selectTexts } from './search-texts.ts';
import { storageTrouble } from './trouble.ts';

/** What a reader needs. */
export interface SqliteReaderParts {
  /** A read-only connection for queries that return few rows through one index. */
  readonly db: Database;
  /** Runs all other queries. */
  readonly listings: Listings;
  /** Called when a query fails because of the file. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Queries on the SQLite store. */
export class SqliteReader extends SqlReader {
  readonly #parts: SqliteReaderParts;
  protected override readonly hasKinds = true;

  constructor(parts: SqliteReaderParts, view: View | null = null) {
    super(view);
    this.#parts = parts;
  }

  under(view: View | null): ContactReader {
    return new SqliteReader(this.#parts, view);
  }

  protected rows<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
    return this.#query(async () => prepared(this.#parts.db, sql).all(...cleanedDeep(values)) as T[]);
  }

  protected listed<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
    const select = { sql, values: cleanedDeep(values) };
    return this.#query(async () => (await this.#parts.listings.rows(select)) as readonly T[]);
  }

  async #query<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const trouble = storageTrouble(error);
      if (trouble === null) throw error;
      this.#parts.onTrouble?.(error);
      throw new StoreUnavailableError(`the store could not be read: ${trouble.words}`, { cause: error });
    }
  }

  protected marksOf(emails: readonly string[]): Promise<readonly UndeliverableRow[]> {
    return this.rows(
      `SELECT email, since, status, why FROM undeliverable
       WHERE email IN (SELECT value FROM json_each(?)) AND ${isMarked}`,
      JSON.stringify(emails),
    );
  }

  protected async clientsOf(query: ClientQuery, view: View | null): Promise<Page<Client>> {
    const { q } = query;
    const found = q === undefined ? null : await this.#query(() => this.#parts.listings.clientsByWords(q));
    const nameCondition = found && { sql: 'rid IN (SELECT value FROM json_each(?))', values: [JSON.stringify(found)] };
    const select = selectClients(query, 'rid', nameCondition, view);
    return clientPage(query, await this.marked(await this.listed<BodyRow>(select.sql, ...select.values)));
  }

  async owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]> {
    const rows = await this.rows<OwedRow>(
      `SELECT * FROM owed WHERE destination = ? AND state = 'due' AND next_at <= ? AND ${isUsual('?')} ORDER BY next_at LIMIT ?`,
      destination,
      now,
      now,
      limit,
    );
    return rows.map(owedOf);
  }

  /** Urgent deliveries that are due, the latest first. */
  async owedUrgent(destination: string, now: number, limit: number): Promise<readonly Owed[]> {
    const rows = await this.rows<OwedRow>(
      `SELECT * FROM owed WHERE destination = ? AND state = 'due' AND next_at <= ? AND ${isUrgent('?')} ORDER BY urgent_until DESC LIMIT ?`,
      destination,
      now,
      now,
      limit,
    );
    return rows.map(owedOf);
  }

  protected positionOf(literal: string): string {
    return `instr(w.body, '${literal}')`;
  }

  protected async textsBy(conditions: readonly Condition[], after: readonly string[] | null, limit: number) {
    const { sql, values } = selectTexts(conditions, after, limit);
    return foundTexts(await this.listed(sql, ...values));
  }

  /** One delivery by its id, if it is due. */
  async owedOne(destination: string, now: number, id: string): Promise<readonly Owed[]> {
    const rows = await this.rows<OwedRow>(
      "SELECT * FROM owed WHERE rid = ? AND destination = ? AND state = 'due' AND next_at <= ?",
      Number(id),
      destination,
      now,
    );
    return rows.map(owedOf);
  }

  async owedNext(destination: string): Promise<number | null> {
    const [row] = await this.rows<{ next: number | null }>(
      "SELECT min(next_at) AS next FROM owed WHERE destination = ? AND state = 'due'",
      destination,
    );
    return row?.next ?? null;
  }

  async looseBlobs(after: string, limit: number): Promise<readonly BlobId[]> {
    const rows = await this.listed<{ blob: BlobId }>(
      `SELECT l.blob FROM loose_blobs l WHERE l.blob > ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM letter_bodies b WHERE b.body ->> '$.blob' = l.blob)
         AND NOT EXISTS (SELECT 1 FROM recordings r WHERE r.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.blob = l.blob) ORDER BY l.blob LIMIT ?`,
      after,
      limit,
    );
    return rows.map(({ blob }) => blob);
  }

  async knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>> {
    const [meta] = await this.rows<{ value: Buffer }>("SELECT value FROM meta WHERE name = 'key_secret'");
    if (meta === undefined) return new Set();
    const find = this.#parts.db.prepare('SELECT 1 FROM event_keys WHERE hash = ?');
    return new Set(keys.filter((key) => find.get(keyHash(meta.value, cleanedDeep(key))) !== undefined));
  }

  clientsOfDomain(domain: string): Promise<readonly Named[]> {
    return this.rows<Named>(selectClientsOfDomain, domain);
  }

  async numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]> {
    const rows = await this.rows<HoldRow>(
      `SELECT h.* FROM json_each(?) n JOIN number_holds h ON h.number = n.value
       WHERE h.from_at = (SELECT max(from_at) FROM number_holds WHERE number = n.value)`,
      JSON.stringify(numbers),
    );
    return rows.map(holdOf);
  }
}
