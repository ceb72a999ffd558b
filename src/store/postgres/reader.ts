import { cleanedDeep } from '../../domain/base/clean-text.ts';
import type { EventKey } from '../../domain/base/ids.ts';
import type { NumberHold } from '../../domain/call/number-hold.ts';
import type { Owed } from '../../domain/delivery/delivery.ts';
import type { Client } from '../../domain/directory/client.ts';
import { maxClientsFound, queryWords } from '../../domain/directory/search-words.ts';
import type { Named } from '../../domain/interaction/interaction.ts';
import type { View } from '../../domain/interaction/view.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { ClientQuery, Page } from '../../domain/ports/queries.ts';
import type { ContactReader } from '../../domain/ports/readers.ts';
import { RefusedQueryError, StoreUnavailableError } from '../../domain/ports/store.ts';
import type { Condition } from '../../domain/search/question.ts';
import { keyHash } from '../shared/interactions.ts';
import { type BodyRow, clientPage, selectClients } from '../shared/listings.ts';
import { type HoldRow, holdOf } from '../shared/number-holds.ts';
import { isUsual, type OwedRow, owedOf } from '../shared/owed.ts';
import { SqlReader } from '../shared/sql-reader.ts';
import { isMarked, type UndeliverableRow } from '../shared/undeliverable.ts';
import { type Connection, isServerTrouble } from './connect.ts';
import { selectClientsOfDomain } from './directory.ts';
import { numbered } from './numbered.ts';
import { selectTexts } from './search-texts.ts';

/** Recognises queries that the database cannot represent, such as a number out of range. */
function refusedQuery(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(22|54)/.test(code) ? new RefusedQueryError(`the database refused a query (${code})`) : error;
}

/** Queries on the PostgreSQL store, over a connection pool. */
export class PostgresReader extends SqlReader {
  readonly #db: Connection;

  constructor(db: Connection, view: View | null = null) {
    super(view);
    this.#db = db;
  }

  under(view: View | null): ContactReader {
    return new PostgresReader(this.#db, view);
  }

  protected async rows<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
    try {
      return (await this.#db.query(numbered(sql), [...cleanedDeep(values)])).rows as T[];
    } catch (error) {
      if (!isServerTrouble(error)) throw refusedQuery(error);
      throw new StoreUnavailableError('the store could not be read; try again', { cause: error });
    }
  }

  protected listed<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
    return this.rows<T>(sql, ...values);
  }

  protected marksOf(emails: readonly string[]): Promise<readonly UndeliverableRow[]> {
    return this.rows(
      `SELECT email, since, status, why FROM undeliverable WHERE email = ANY (?::text[]) AND ${isMarked}`,
      emails,
    );
  }

  protected async clientsOf(query: ClientQuery, view: View | null): Promise<Page<Client>> {
    const words = query.q === undefined ? null : queryWords(query.q);
    if (words?.length === 0) return { items: [], next: null };
    const nameCondition = words && {
      sql: `id IN (SELECT id FROM clients WHERE words @@ ?::tsquery LIMIT ${maxClientsFound})`,
      values: [words.map((word) => `'${word}':*`).join(' & ')],
    };
    const select = selectClients(query, 'id', nameCondition, view);
    return clientPage(query, await this.marked(await this.rows<BodyRow>(select.sql, ...select.values)));
  }

  protected positionOf(literal: string): string {
    return `position('${literal}' IN w.body)`;
  }

  protected async textsBy(conditions: readonly Condition[], after: readonly string[] | null, limit: number) {
    const { sql, values } = selectTexts(conditions, after, limit);
    const rows = await this.listed<{ started_at: string; id: string }>(sql, ...values);
    return rows.map(({ started_at, id }) => ({ place: [started_at, id], id }));
  }

  async owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]> {
    const rows = await this.rows<OwedRow>(
      `SELECT * FROM owed WHERE destination = ? AND state = 'due' AND next_at <= ? AND ${isUsual('?')}
         AND claimed_until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint ORDER BY next_at LIMIT ?`,
      destination,
      now,
      now,
      limit,
    );
    return rows.map(owedOf);
  }

  async owedNext(destination: string): Promise<number | null> {
    const [row] = await this.rows<{ next: number | null }>(
      "SELECT min(greatest(next_at, claimed_until)) AS next FROM owed WHERE destination = ? AND state = 'due'",
      destination,
    );
    return row?.next ?? null;
  }

  async looseBlobs(after: string, limit: number): Promise<readonly BlobId[]> {
    const rows = await this.rows<{ blob: BlobId }>(
      `SELECT l.blob FROM loose_blobs l WHERE l.blob > ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM letter_bodies b WHERE (b.body::json ->> 'blob') = l.blob)
         AND NOT EXISTS (SELECT 1 FROM recordings r WHERE r.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.blob = l.blob) ORDER BY l.blob LIMIT ?`,
      after,
      limit,
    );
    return rows.map(({ blob }) => blob);
  }

  async knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>> {
    const [meta] = await this.rows<{ value: string }>("SELECT value FROM meta WHERE name = 'key_secret'");
    if (meta === undefined) return new Set();
    const secret = Buffer.from(meta.value, 'base64');
    const hashes = new Map(keys.map((key) => [keyHash(secret, cleanedDeep(key)).toString('hex'), key]));
    const rows = await this.rows<{ hash: string }>(
      "SELECT encode(hash, 'hex') AS hash FROM event_keys WHERE hash = ANY (?::bytea[])",
      [...hashes.keys()].map((hash) => Buffer.from(hash, 'hex')),
    );
    return new Set(rows.flatMap(({ hash }) => hashes.get(hash) ?? []));
  }

  clientsOfDomain(domain: string): Promise<readonly Named[]> {
    return this.rows<Named>(selectClientsOfDomain, domain);
  }

  async numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]> {
    const rows = await this.rows<HoldRow>(
      'SELECT DISTINCT ON (number) * FROM number_holds WHERE number = ANY (?::text[]) ORDER BY number, from_at DESC',
      numbers,
    );
    return rows.map(holdOf);
  }
}
