import type { Database } from 'better-sqlite3';
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
import type {
  AttachmentFile,
  ClientQuery,
  HourCount,
  InteractionQuery,
  LeadQuery,
  OwedQuery,
  Page,
  RecordingFile,
  StoreReader,
  TaskQuery,
  UndeliverableQuery,
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
import { AccessReader } from './access.ts';
import { findByWords } from './client-words.ts';

/** Questions to the store on a read-only connection: each a point query or a short indexed range. */
export class SqliteReader implements StoreReader {
  readonly #db: Database;
  readonly #access: AccessReader;

  constructor(db: Database) {
    this.#db = db;
    this.#access = new AccessReader(db);
  }

  async interaction(id: InteractionId): Promise<Interaction | null> {
    const row = this.#db.prepare('SELECT body FROM interactions WHERE id = ?').get(id) as BodyRow | undefined;
    return row === undefined ? null : (JSON.parse(row.body) as Interaction);
  }

  async interactions(query: InteractionQuery): Promise<Page<Interaction>> {
    const client = query.client === undefined ? null : await this.client(query.client as ClientId);
    const question = askInteractions(query, copyAddresses(client));
    return interactionPage(query, this.#db.prepare(question.sql).all(...question.values) as BodyRow[]);
  }

  async interactionHistory(id: InteractionId) {
    return this.#db
      .prepare('SELECT revision, at, by, what FROM history WHERE interaction = ? ORDER BY revision')
      .all(id) as {
      revision: number;
      at: number;
      by: string;
      what: string;
    }[];
  }

  async liveCalls(connection: string): Promise<readonly CallSnapshot[]> {
    const rows = this.#db.prepare('SELECT snapshot FROM live_calls WHERE connection = ?').all(connection);
    return (rows as { snapshot: string }[]).map((row) => JSON.parse(row.snapshot) as CallSnapshot);
  }

  async client(id: ClientId): Promise<Client | null> {
    const row = this.#db.prepare('SELECT body FROM clients WHERE id = ?').get(id) as BodyRow | undefined;
    return row === undefined ? null : (this.#marked([row])[0] ?? null);
  }

  async clients(query: ClientQuery): Promise<Page<Client>> {
    const found = query.q === undefined ? null : JSON.stringify(findByWords(this.#db, query.q));
    const named = found === null ? null : { sql: 'rid IN (SELECT value FROM json_each(?))', values: [found] };
    const question = askClients(query, 'rid', named);
    return clientPage(query, this.#marked(this.#db.prepare(question.sql).all(...question.values) as BodyRow[]));
  }

  async undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>> {
    const { sql, values } = askUndeliverable(query);
    return undeliverablePage(query, this.#db.prepare(sql).all(...values) as UndeliverableRow[]);
  }

  #marked(rows: readonly BodyRow[]): readonly Client[] {
    const clients = rows.map((row) => JSON.parse(row.body) as Client);
    const marked = this.#db
      .prepare(
        `SELECT email, since, status, why FROM undeliverable
         WHERE email IN (SELECT value FROM json_each(?)) AND ${isMarked}`,
      )
      .all(JSON.stringify(emailsOf(clients))) as UndeliverableRow[];
    return withMarks(clients, marked.map(undeliverableOf));
  }

  async deskSeq(manager: string): Promise<number> {
    const row = this.#db.prepare('SELECT seq FROM desk_seq WHERE manager = ?').get(manager) as
      | { seq: number }
      | undefined;
    return row?.seq ?? 0;
  }

  async deskSince(manager: string, seq: number) {
    const last = await this.deskSeq(manager);
    if (seq > last || last - seq > deskWindow) return null;
    const rows = this.#db
      .prepare(
        `SELECT d.seq, i.body FROM desk_log d JOIN interactions i ON i.id = d.interaction
         WHERE d.manager = ? AND d.seq > ? ORDER BY d.seq`,
      )
      .all(manager, seq) as { seq: number; body: string }[];
    return rows.map((row) => ({ seq: row.seq, interaction: JSON.parse(row.body) as Interaction }));
  }

  async owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]> {
    const rows = this.#db
      .prepare("SELECT * FROM owed WHERE destination = ? AND state = 'due' AND next_at <= ? ORDER BY next_at LIMIT ?")
      .all(destination, now, limit) as OwedRow[];
    return rows.map(owedOf);
  }

  /** One row by its id, if it is due. */
  async owedOne(destination: string, now: number, id: string): Promise<readonly Owed[]> {
    const rows = this.#db
      .prepare("SELECT * FROM owed WHERE rid = ? AND destination = ? AND state = 'due' AND next_at <= ?")
      .all(Number(id), destination, now) as OwedRow[];
    return rows.map(owedOf);
  }

  async owedNext(destination: string): Promise<number | null> {
    const row = this.#db
      .prepare("SELECT min(next_at) AS next FROM owed WHERE destination = ? AND state = 'due'")
      .get(destination) as { next: number | null };
    return row.next;
  }

  async owed(query: OwedQuery): Promise<Page<Owed>> {
    const question = askOwed(query);
    return owedPage(query, this.#db.prepare(question.sql).all(...question.values) as OwedRow[]);
  }

  async outboundWaiting() {
    return this.#db.prepare(countWaiting).all() as { connection: string; count: number }[];
  }

  async owedCounts() {
    return this.#db.prepare(countOwed).all() as { destination: string; state: OwedState; count: number }[];
  }

  async relinksPending(): Promise<boolean> {
    return this.#db.prepare('SELECT 1 FROM relinks LIMIT 1').get() !== undefined;
  }

  async recording(id: string): Promise<RecordingFile | null> {
    const row = this.#db.prepare('SELECT id, interaction, path, mime FROM recordings WHERE id = ?').get(id);
    return (row as RecordingFile | undefined) ?? null;
  }

  async leads(query: LeadQuery): Promise<Page<Lead>> {
    const question = askFollowUps('leads', query);
    return followUpPage<Lead>(query, this.#db.prepare(question.sql).all(...question.values) as BodyRow[]);
  }

  async lead(id: string): Promise<Lead | null> {
    const row = this.#db.prepare('SELECT body FROM leads WHERE id = ?').get(id) as BodyRow | undefined;
    return row === undefined ? null : (JSON.parse(row.body) as Lead);
  }

  async tasks(query: TaskQuery): Promise<Page<Task>> {
    const question = askFollowUps('tasks', query);
    return followUpPage<Task>(query, this.#db.prepare(question.sql).all(...question.values) as BodyRow[]);
  }

  async task(id: string): Promise<Task | null> {
    const row = this.#db.prepare('SELECT body FROM tasks WHERE id = ?').get(id) as BodyRow | undefined;
    return row === undefined ? null : (JSON.parse(row.body) as Task);
  }

  async attachment(id: string): Promise<AttachmentFile | null> {
    const row = this.#db.prepare('SELECT id, interaction, blob, name, mime FROM attachments WHERE id = ?').get(id);
    return (row as AttachmentFile | undefined) ?? null;
  }

  async looseBlobs(after: string, limit: number): Promise<readonly BlobId[]> {
    const sql = `SELECT l.blob FROM loose_blobs l WHERE l.blob > ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob = l.blob)
         AND NOT EXISTS (SELECT 1 FROM letter_bodies b WHERE b.body ->> '$.blob' = l.blob) ORDER BY l.blob LIMIT ?`;
    return this.#db.prepare(sql).pluck().all(after, limit) as BlobId[];
  }

  async letterBody(id: InteractionId): Promise<WrittenBody | null> {
    const row = this.#db.prepare('SELECT body FROM letter_bodies WHERE interaction = ?').get(id) as BodyRow | undefined;
    return row === undefined ? null : (JSON.parse(row.body) as WrittenBody);
  }

  async knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>> {
    const row = this.#db.prepare("SELECT value FROM meta WHERE name = 'key_secret'").get() as
      | { value: Buffer }
      | undefined;
    if (row === undefined) return new Set();
    const find = this.#db.prepare('SELECT 1 FROM event_keys WHERE hash = ?');
    return new Set(keys.filter((key) => find.get(keyHash(row.value, key)) !== undefined));
  }

  async outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]> {
    const rows = this.#db.prepare(askDue).all(connection, now, limit) as OutboundRow[];
    return rows.map(outboundOf);
  }

  async outboundNext(connection: string): Promise<number | null> {
    const row = this.#db.prepare(askNextDue).get(connection) as { next: number } | undefined;
    return row?.next ?? null;
  }

  async outboundBegun(connection: string): Promise<readonly Outbound[]> {
    const rows = this.#db.prepare("SELECT * FROM outbound WHERE connection = ? AND state = 'sending'").all(connection);
    return (rows as OutboundRow[]).map(outboundOf);
  }

  async outbound(id: InteractionId): Promise<Outbound | null> {
    const row = this.#db.prepare('SELECT * FROM outbound WHERE id = ?').get(id) as OutboundRow | undefined;
    return row === undefined ? null : outboundOf(row);
  }

  async cursor(connection: string, name: string): Promise<string | null> {
    const row = this.#db.prepare('SELECT value FROM cursors WHERE connection = ? AND name = ?').get(connection, name);
    return (row as { value: string } | undefined)?.value ?? null;
  }

  async user(login: string): Promise<User | null> {
    return this.#access.user(login);
  }

  async userCount(): Promise<number> {
    return this.#access.userCount();
  }

  async token(tokenHash: string): Promise<ApiToken | null> {
    return this.#access.token(tokenHash);
  }

  async session(tokenHash: string): Promise<Session | null> {
    return this.#access.session(tokenHash);
  }

  async hourCounts(since: number): Promise<readonly HourCount[]> {
    const rows = this.#db
      .prepare(
        `SELECT line, connection, substr(started_at, 1, 13) AS hour, count(*) AS count FROM interactions
         WHERE started_at >= ? AND direction = 'inbound' AND line IS NOT NULL GROUP BY line, connection, hour`,
      )
      .all(new Date(since).toISOString()) as { line: string; connection: string | null; hour: string; count: number }[];
    return rows.map((row) => ({ ...row, hour: Date.parse(`${row.hour}:00:00Z`) }));
  }

  async numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]> {
    const rows = this.#db
      .prepare(
        `SELECT h.* FROM json_each(?) n JOIN number_holds h ON h.number = n.value
         WHERE h.from_at = (SELECT max(from_at) FROM number_holds WHERE number = n.value)`,
      )
      .all(JSON.stringify(numbers)) as HoldRow[];
    return rows.map(holdOf);
  }

  async lastTurns(): Promise<Readonly<Record<string, string>>> {
    const rows = this.#db.prepare('SELECT grp, manager FROM turns').all() as { grp: string; manager: string }[];
    return Object.fromEntries(rows.map((row) => [row.grp, row.manager]));
  }
}
