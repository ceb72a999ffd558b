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
import { askFollowUps, followUpPage } from './follow-ups.ts';
import { deskWindow } from './interactions.ts';
import {
  askInteractions,
  askOwed,
  type BodyRow,
  copyAddresses,
  countOwed,
  countWaiting,
  interactionPage,
  owedPage,
} from './listings.ts';
import { askDue, askNextDue } from './outbound-queue.ts';
import type { OwedRow } from './owed.ts';
import {
  askUndeliverable,
  emailsOf,
  type UndeliverableRow,
  undeliverableOf,
  undeliverablePage,
  withMarks,
} from './undeliverable.ts';
import { type OutboundRow, outboundOf } from './written.ts';

/** Questions to a store that both stores put in the same SQL, each a point query or a short indexed range; the rest is each store's own. */
export abstract class SqlReader implements StoreReader {
  /** The rows of a statement, its parameters written as `?`. */
  protected abstract rows<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]>;
  /** Which of these addresses letters come back from. */
  protected abstract marksOf(emails: readonly string[]): Promise<readonly UndeliverableRow[]>;
  abstract clients(query: ClientQuery): Promise<Page<Client>>;
  abstract owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  abstract owedNext(destination: string): Promise<number | null>;
  abstract looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
  abstract knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>>;
  abstract numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;

  /** The one row of a statement, or undefined. */
  async #row<T extends object>(sql: string, ...values: readonly unknown[]): Promise<T | undefined> {
    return (await this.rows<T>(sql, ...values))[0];
  }

  /** What the one row found carries as JSON, or null. */
  async #body<T>(found: string, id: string): Promise<T | null> {
    const row = await this.#row<BodyRow>(`SELECT body FROM ${found}`, id);
    return row === undefined ? null : (JSON.parse(row.body) as T);
  }

  interaction(id: InteractionId): Promise<Interaction | null> {
    return this.#body<Interaction>('interactions WHERE id = ?', id);
  }

  async interactions(query: InteractionQuery): Promise<Page<Interaction>> {
    const client = query.client === undefined ? null : await this.client(query.client as ClientId);
    const question = askInteractions(query, copyAddresses(client));
    return interactionPage(query, await this.rows<BodyRow>(question.sql, ...question.values));
  }

  interactionHistory(id: InteractionId) {
    return this.rows<{ revision: number; at: number; by: string; what: string }>(
      'SELECT revision, at, by, what FROM history WHERE interaction = ? ORDER BY revision',
      id,
    );
  }

  async liveCalls(connection: string): Promise<readonly CallSnapshot[]> {
    const rows = await this.rows<{ snapshot: string }>(
      'SELECT snapshot FROM live_calls WHERE connection = ?',
      connection,
    );
    return rows.map((row) => JSON.parse(row.snapshot) as CallSnapshot);
  }

  async client(id: ClientId): Promise<Client | null> {
    const [client] = await this.marked(await this.rows<BodyRow>('SELECT body FROM clients WHERE id = ?', id));
    return client ?? null;
  }

  async undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>> {
    const { sql, values } = askUndeliverable(query);
    return undeliverablePage(query, await this.rows<UndeliverableRow>(sql, ...values));
  }

  async deskSeq(manager: string): Promise<number> {
    const row = await this.#row<{ seq: number }>('SELECT seq FROM desk_seq WHERE manager = ?', manager);
    return row?.seq ?? 0;
  }

  async deskSince(manager: string, seq: number) {
    const last = await this.deskSeq(manager);
    if (seq > last || last - seq > deskWindow) return null;
    const rows = await this.rows<{ seq: number; body: string }>(
      `SELECT d.seq, i.body FROM desk_log d JOIN interactions i ON i.id = d.interaction
       WHERE d.manager = ? AND d.seq > ? ORDER BY d.seq`,
      manager,
      seq,
    );
    return rows.map((row) => ({ seq: row.seq, interaction: JSON.parse(row.body) as Interaction }));
  }

  async owed(query: OwedQuery): Promise<Page<Owed>> {
    const question = askOwed(query);
    return owedPage(query, await this.rows<OwedRow>(question.sql, ...question.values));
  }

  outboundWaiting() {
    return this.rows<{ connection: string; count: number }>(countWaiting);
  }

  owedCounts() {
    return this.rows<{ destination: string; state: OwedState; count: number }>(countOwed);
  }

  async relinksPending(): Promise<boolean> {
    return (await this.rows('SELECT 1 FROM relinks LIMIT 1')).length > 0;
  }

  async recording(id: string): Promise<RecordingFile | null> {
    return (
      (await this.#row<RecordingFile>('SELECT id, interaction, path, mime FROM recordings WHERE id = ?', id)) ?? null
    );
  }

  async leads(query: LeadQuery): Promise<Page<Lead>> {
    const question = askFollowUps('leads', query);
    return followUpPage<Lead>(query, await this.rows<BodyRow>(question.sql, ...question.values));
  }

  lead(id: string): Promise<Lead | null> {
    return this.#body<Lead>('leads WHERE id = ?', id);
  }

  async tasks(query: TaskQuery): Promise<Page<Task>> {
    const question = askFollowUps('tasks', query);
    return followUpPage<Task>(query, await this.rows<BodyRow>(question.sql, ...question.values));
  }

  task(id: string): Promise<Task | null> {
    return this.#body<Task>('tasks WHERE id = ?', id);
  }

  async attachment(id: string): Promise<AttachmentFile | null> {
    const sql = 'SELECT id, interaction, blob, name, mime FROM attachments WHERE id = ?';
    return (await this.#row<AttachmentFile>(sql, id)) ?? null;
  }

  letterBody(id: InteractionId): Promise<WrittenBody | null> {
    return this.#body<WrittenBody>('letter_bodies WHERE interaction = ?', id);
  }

  async outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]> {
    return (await this.rows<OutboundRow>(askDue, connection, now, limit)).map(outboundOf);
  }

  async outboundNext(connection: string): Promise<number | null> {
    const next = (await this.#row<{ next: number }>(askNextDue, connection))?.next ?? null;
    return next === null ? null : Number(next);
  }

  async outboundBegun(connection: string): Promise<readonly Outbound[]> {
    const sql = "SELECT * FROM outbound WHERE connection = ? AND state = 'sending'";
    return (await this.rows<OutboundRow>(sql, connection)).map(outboundOf);
  }

  async outbound(id: InteractionId): Promise<Outbound | null> {
    const row = await this.#row<OutboundRow>('SELECT * FROM outbound WHERE id = ?', id);
    return row === undefined ? null : outboundOf(row);
  }

  async cursor(connection: string, name: string): Promise<string | null> {
    const row = await this.#row<{ value: string }>(
      'SELECT value FROM cursors WHERE connection = ? AND name = ?',
      connection,
      name,
    );
    return row?.value ?? null;
  }

  async user(login: string): Promise<User | null> {
    const sql = 'SELECT login, role, manager, password_hash AS "passwordHash" FROM users WHERE login = ?';
    return (await this.#row<User>(sql, login)) ?? null;
  }

  async userCount(): Promise<number> {
    return (await this.#row<{ n: number }>('SELECT count(*) AS n FROM users'))?.n ?? 0;
  }

  async token(tokenHash: string): Promise<ApiToken | null> {
    const sql = 'SELECT hash AS "tokenHash", name, role, created_at AS "createdAt" FROM tokens WHERE hash = ?';
    return (await this.#row<ApiToken>(sql, tokenHash)) ?? null;
  }

  async session(tokenHash: string): Promise<Session | null> {
    const sql = 'SELECT hash AS "tokenHash", login, expires_at AS "expiresAt" FROM sessions WHERE hash = ?';
    return (await this.#row<Session>(sql, tokenHash)) ?? null;
  }

  async hourCounts(since: number): Promise<readonly HourCount[]> {
    const rows = await this.rows<{ line: string; connection: string | null; hour: string; count: number }>(
      `SELECT line, connection, substr(started_at, 1, 13) AS hour, count(*) AS count FROM interactions
       WHERE started_at >= ? AND direction = 'inbound' AND line IS NOT NULL GROUP BY line, connection, hour`,
      new Date(since).toISOString(),
    );
    return rows.map((row) => ({ ...row, hour: Date.parse(`${row.hour}:00:00Z`) }));
  }

  async lastTurns(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.rows<{ grp: string; manager: string }>('SELECT grp, manager FROM turns');
    return Object.fromEntries(rows.map((row) => [row.grp, row.manager]));
  }

  /** Clients with what is known of their addresses. */
  protected async marked(rows: readonly BodyRow[]): Promise<readonly Client[]> {
    const clients = rows.map((row) => JSON.parse(row.body) as Client);
    const emails = emailsOf(clients);
    if (emails.length === 0) return clients;
    return withMarks(clients, (await this.marksOf(emails)).map(undeliverableOf));
  }
}
