import type { QueryResultRow } from 'pg';
import type { ApiToken, Session, User } from '../../domain/access.ts';
import type { BlobId } from '../../domain/blobs.ts';
import type { Client } from '../../domain/client.ts';
import type { CallSnapshot } from '../../domain/contact-event.ts';
import type { Owed, OwedState } from '../../domain/delivery.ts';
import type { Lead, Task } from '../../domain/follow-up.ts';
import type { ClientId, EventKey, InteractionId } from '../../domain/ids.ts';
import type { Interaction } from '../../domain/interaction.ts';
import type { NumberHold } from '../../domain/number-hold.ts';
import type { Outbound } from '../../domain/outbound.ts';
import { askedWords, mostFound } from '../../domain/search-words.ts';
import {
  type AttachmentFile,
  type ClientQuery,
  type HourCount,
  type InteractionQuery,
  type LeadQuery,
  type OwedQuery,
  type Page,
  type RecordingFile,
  type StoreReader,
  StoreUnavailableError,
  type TaskQuery,
  type UndeliverableQuery,
} from '../../domain/store-port.ts';
import type { UndeliverableAddress } from '../../domain/undeliverable.ts';
import type { WrittenBody } from '../../domain/written-contact.ts';
import { askFollowUps, followUpPage } from '../shared/follow-ups.ts';
import { deskWindow, keyHash } from '../shared/interactions.ts';
import {
  askClients,
  askInteractions,
  askOwed,
  type BodyRow,
  clientPage,
  copyAddresses,
  countOwed,
  countWaiting,
  interactionPage,
  owedPage,
} from '../shared/listings.ts';
import { type HoldRow, holdOf } from '../shared/number-holds.ts';
import { askDue, askNextDue } from '../shared/outbound-queue.ts';
import { type OwedRow, owedOf } from '../shared/owed.ts';
import {
  askUndeliverable,
  emailsOf,
  isMarked,
  type UndeliverableRow,
  undeliverableOf,
  undeliverablePage,
  withMarks,
} from '../shared/undeliverable.ts';
import { type OutboundRow, outboundOf } from '../shared/written.ts';
import { type Connection, isServerTrouble } from './connect.ts';

/** Questions to the store over a pool of connections: each a point query or a short indexed range. */
export class PostgresReader implements StoreReader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Rows of a statement written with `?`, as SQLite's are. */
  async #rows<T extends QueryResultRow>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]> {
    let n = 0;
    const text = sql.replace(/\?/g, () => `$${++n}`);
    try {
      return (await this.#db.query<T>(text, [...values])).rows;
    } catch (error) {
      if (!isServerTrouble(error)) throw error;
      throw new StoreUnavailableError('the store could not be read; try again', { cause: error });
    }
  }

  async interaction(id: InteractionId): Promise<Interaction | null> {
    const [row] = await this.#rows<BodyRow>('SELECT body FROM interactions WHERE id = ?', id);
    return row === undefined ? null : (JSON.parse(row.body) as Interaction);
  }

  async interactions(query: InteractionQuery): Promise<Page<Interaction>> {
    const client = query.client === undefined ? null : await this.client(query.client as ClientId);
    const question = askInteractions(query, copyAddresses(client));
    return interactionPage(query, await this.#rows<BodyRow>(question.sql, ...question.values));
  }

  interactionHistory(id: InteractionId) {
    return this.#rows<{ revision: number; at: number; by: string; what: string }>(
      'SELECT revision, at, by, what FROM history WHERE interaction = ? ORDER BY revision',
      id,
    );
  }

  async liveCalls(connection: string): Promise<readonly CallSnapshot[]> {
    const rows = await this.#rows<{ snapshot: string }>(
      'SELECT snapshot FROM live_calls WHERE connection = ?',
      connection,
    );
    return rows.map((row) => JSON.parse(row.snapshot) as CallSnapshot);
  }

  async client(id: ClientId): Promise<Client | null> {
    const [client] = await this.#marked(await this.#rows<BodyRow>('SELECT body FROM clients WHERE id = ?', id));
    return client ?? null;
  }

  async clients(query: ClientQuery): Promise<Page<Client>> {
    const asked = query.q === undefined ? null : askedWords(query.q);
    if (asked?.length === 0) return { items: [], next: null };
    const named = asked && {
      sql: `id IN (SELECT id FROM clients WHERE words @@ ?::tsquery LIMIT ${mostFound})`,
      values: [asked.map((word) => `'${word}':*`).join(' & ')],
    };
    const question = askClients(query, 'id', named);
    return clientPage(query, await this.#marked(await this.#rows<BodyRow>(question.sql, ...question.values)));
  }

  async undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>> {
    const { sql, values } = askUndeliverable(query);
    return undeliverablePage(query, await this.#rows<UndeliverableRow>(sql, ...values));
  }

  async #marked(rows: readonly BodyRow[]): Promise<readonly Client[]> {
    const clients = rows.map((row) => JSON.parse(row.body) as Client);
    const emails = emailsOf(clients);
    if (emails.length === 0) return clients;
    const marked = await this.#rows<UndeliverableRow>(
      `SELECT email, since, status, why FROM undeliverable WHERE email = ANY (?::text[]) AND ${isMarked}`,
      emails,
    );
    return withMarks(clients, marked.map(undeliverableOf));
  }

  async deskSeq(manager: string): Promise<number> {
    const [row] = await this.#rows<{ seq: number }>('SELECT seq FROM desk_seq WHERE manager = ?', manager);
    return row?.seq ?? 0;
  }

  async deskSince(manager: string, seq: number) {
    const last = await this.deskSeq(manager);
    if (seq > last || last - seq > deskWindow) return null;
    const rows = await this.#rows<{ seq: number; body: string }>(
      `SELECT d.seq, i.body FROM desk_log d JOIN interactions i ON i.id = d.interaction
       WHERE d.manager = ? AND d.seq > ? ORDER BY d.seq`,
      manager,
      seq,
    );
    return rows.map((row) => ({ seq: row.seq, interaction: JSON.parse(row.body) as Interaction }));
  }

  async owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]> {
    const rows = await this.#rows<OwedRow>(
      `SELECT * FROM owed WHERE destination = ? AND state = 'due' AND next_at <= ?
         AND claimed_until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint ORDER BY next_at LIMIT ?`,
      destination,
      now,
      limit,
    );
    return rows.map(owedOf);
  }

  async owedNext(destination: string): Promise<number | null> {
    const [row] = await this.#rows<{ next: number | null }>(
      "SELECT min(greatest(next_at, claimed_until)) AS next FROM owed WHERE destination = ? AND state = 'due'",
      destination,
    );
    return row?.next ?? null;
  }

  async owed(query: OwedQuery): Promise<Page<Owed>> {
    const question = askOwed(query);
    return owedPage(query, await this.#rows<OwedRow>(question.sql, ...question.values));
  }

  outboundWaiting() {
    return this.#rows<{ connection: string; count: number }>(countWaiting);
  }

  owedCounts() {
    return this.#rows<{ destination: string; state: OwedState; count: number }>(countOwed);
  }

  async relinksPending(): Promise<boolean> {
    return (await this.#rows('SELECT 1 FROM relinks LIMIT 1')).length > 0;
  }

  async recording(id: string): Promise<RecordingFile | null> {
    const rows = await this.#rows<RecordingFile & QueryResultRow>(
      'SELECT id, interaction, path, mime FROM recordings WHERE id = ?',
      id,
    );
    return rows[0] ?? null;
  }

  async leads(query: LeadQuery): Promise<Page<Lead>> {
    const question = askFollowUps('leads', query);
    return followUpPage<Lead>(query, await this.#rows<BodyRow>(question.sql, ...question.values));
  }

  async lead(id: string): Promise<Lead | null> {
    const [row] = await this.#rows<BodyRow>('SELECT body FROM leads WHERE id = ?', id);
    return row === undefined ? null : (JSON.parse(row.body) as Lead);
  }

  async tasks(query: TaskQuery): Promise<Page<Task>> {
    const question = askFollowUps('tasks', query);
    return followUpPage<Task>(query, await this.#rows<BodyRow>(question.sql, ...question.values));
  }

  async task(id: string): Promise<Task | null> {
    const [row] = await this.#rows<BodyRow>('SELECT body FROM tasks WHERE id = ?', id);
    return row === undefined ? null : (JSON.parse(row.body) as Task);
  }

  async attachment(id: string): Promise<AttachmentFile | null> {
    const sql = 'SELECT id, interaction, blob, name, mime FROM attachments WHERE id = ?';
    return (await this.#rows<AttachmentFile & QueryResultRow>(sql, id))[0] ?? null;
  }

  async looseBlobs(after: string, limit: number): Promise<readonly BlobId[]> {
    const rows = await this.#rows<{ blob: BlobId }>(
      `SELECT l.blob FROM loose_blobs l WHERE l.blob > ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM letter_bodies b WHERE (b.body::json ->> 'blob') = l.blob) ORDER BY l.blob LIMIT ?`,
      after,
      limit,
    );
    return rows.map(({ blob }) => blob);
  }

  async letterBody(id: InteractionId): Promise<WrittenBody | null> {
    const [row] = await this.#rows<BodyRow>('SELECT body FROM letter_bodies WHERE interaction = ?', id);
    return row === undefined ? null : (JSON.parse(row.body) as WrittenBody);
  }

  async knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>> {
    const [meta] = await this.#rows<{ value: string }>("SELECT value FROM meta WHERE name = 'key_secret'");
    if (meta === undefined) return new Set();
    const secret = Buffer.from(meta.value, 'base64');
    const hashes = new Map(keys.map((key) => [keyHash(secret, key).toString('hex'), key]));
    const { rows } = await this.#db.query<{ hash: string }>(
      "SELECT encode(hash, 'hex') AS hash FROM event_keys WHERE hash = ANY ($1::bytea[])",
      [[...hashes.keys()].map((hash) => Buffer.from(hash, 'hex'))],
    );
    return new Set(rows.flatMap(({ hash }) => hashes.get(hash) ?? []));
  }

  async outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]> {
    return (await this.#rows<OutboundRow>(askDue, connection, now, limit)).map(outboundOf);
  }

  async outboundNext(connection: string): Promise<number | null> {
    const next = (await this.#rows<{ next: number }>(askNextDue, connection))[0]?.next ?? null;
    return next === null ? null : Number(next);
  }

  async outboundBegun(connection: string): Promise<readonly Outbound[]> {
    const sql = "SELECT * FROM outbound WHERE connection = ? AND state = 'sending'";
    return (await this.#rows<OutboundRow>(sql, connection)).map(outboundOf);
  }

  async outbound(id: InteractionId): Promise<Outbound | null> {
    const [row] = await this.#rows<OutboundRow>('SELECT * FROM outbound WHERE id = ?', id);
    return row === undefined ? null : outboundOf(row);
  }

  async cursor(connection: string, name: string): Promise<string | null> {
    const [row] = await this.#rows<{ value: string }>(
      'SELECT value FROM cursors WHERE connection = ? AND name = ?',
      connection,
      name,
    );
    return row?.value ?? null;
  }

  async user(login: string): Promise<User | null> {
    const sql = 'SELECT login, role, manager, password_hash AS "passwordHash" FROM users WHERE login = ?';
    return (await this.#rows<User & QueryResultRow>(sql, login))[0] ?? null;
  }

  async userCount(): Promise<number> {
    return (await this.#rows<{ n: number }>('SELECT count(*) AS n FROM users'))[0]?.n ?? 0;
  }

  async token(tokenHash: string): Promise<ApiToken | null> {
    const sql = 'SELECT hash AS "tokenHash", name, role, created_at AS "createdAt" FROM tokens WHERE hash = ?';
    return (await this.#rows<ApiToken & QueryResultRow>(sql, tokenHash))[0] ?? null;
  }

  async session(tokenHash: string): Promise<Session | null> {
    const sql = 'SELECT hash AS "tokenHash", login, expires_at AS "expiresAt" FROM sessions WHERE hash = ?';
    return (await this.#rows<Session & QueryResultRow>(sql, tokenHash))[0] ?? null;
  }

  async hourCounts(since: number): Promise<readonly HourCount[]> {
    const rows = await this.#rows<{ line: string; connection: string | null; hour: string; count: number }>(
      `SELECT line, connection, substr(started_at, 1, 13) AS hour, count(*) AS count FROM interactions
       WHERE started_at >= ? AND direction = 'inbound' AND line IS NOT NULL GROUP BY line, connection, hour`,
      new Date(since).toISOString(),
    );
    return rows.map((row) => ({ ...row, hour: Date.parse(`${row.hour}:00:00Z`) }));
  }

  async numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]> {
    const rows = await this.#rows<HoldRow & QueryResultRow>(
      'SELECT DISTINCT ON (number) * FROM number_holds WHERE number = ANY ($1::text[]) ORDER BY number, from_at DESC',
      numbers,
    );
    return rows.map(holdOf);
  }

  async lastTurns(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.#rows<{ grp: string; manager: string }>('SELECT grp, manager FROM turns');
    return Object.fromEntries(rows.map((row) => [row.grp, row.manager]));
  }
}
