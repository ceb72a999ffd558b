import type { ClientId, EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { NumberHold } from '../../domain/call/number-hold.ts';
import type { Transcript } from '../../domain/call/transcript.ts';
import type { Owed, OwedState } from '../../domain/delivery/delivery.ts';
import type { Client } from '../../domain/directory/client.ts';
import { emailsOf, withMarks } from '../../domain/directory/marked-addresses.ts';
import { type Lead, parseTask, type Task } from '../../domain/follow-up/follow-up.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Interaction, Named } from '../../domain/interaction/interaction.ts';
import { seesLead, seesTask, type View } from '../../domain/interaction/view.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type {
  ClientQuery,
  ConversationFilters,
  ConversationQuery,
  InteractionQuery,
  LeadQuery,
  ListedConversation,
  OwedQuery,
  Page,
  TaskQuery,
  UndeliverableQuery,
} from '../../domain/ports/queries.ts';
import type {
  AttachmentFile,
  ContactReader,
  HourCount,
  RecordingFile,
  StoreReader,
} from '../../domain/ports/readers.ts';
import type { UndeliverableAddress } from '../../domain/written/undeliverable.ts';
import type { WrittenBody } from '../../domain/written/written-contact.ts';
import { type ConversationRow, conversationPage, countConversations, selectConversations } from './conversations.ts';
import { followUpPage, placeOfFollowUp, selectFollowUps } from './follow-ups.ts';
import { parseInteraction } from './interaction-body.ts';
import {
  type BodyRow,
  copyAddresses,
  countOwed,
  interactionPage,
  isHistory,
  owedPage,
  selectInteractions,
  selectOwed,
} from './listings.ts';
import type { OwedRow } from './owed.ts';
import { pageOf } from './paging.ts';
import { SqlSearchReader } from './search-reader.ts';
import type { SqlQuery } from './sql-query.ts';
import { selectUndeliverable, type UndeliverableRow, undeliverableOf, undeliverablePage } from './undeliverable.ts';
import { clientSeenBy, seenBy } from './views.ts';

/** How many leads or tasks are examined at most to fill one page of a view. */
const maxExamined = 2000;

/** Queries in SQL shared by both stores: point lookups and short index ranges. Queries that differ are abstract. */
export abstract class SqlReader extends SqlSearchReader implements StoreReader {
  readonly #view: View | null;

  /** `view` restricts queries about contacts and clients; null means no restriction. */
  constructor(view: View | null) {
    super();
    this.#view = view;
  }

  /** Whether the store has an index by channel, direction and state. */
  protected readonly hasKinds: boolean = false;

  abstract under(view: View | null): ContactReader;
  /** The marked addresses among these: letters to them come back. */
  protected abstract marksOf(emails: readonly string[]): Promise<readonly UndeliverableRow[]>;
  /** See {@link StoreReader.clients}. */
  protected abstract clientsOf(query: ClientQuery, view: View | null): Promise<Page<Client>>;
  abstract owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  abstract owedNext(destination: string): Promise<number | null>;
  abstract looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
  abstract knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>>;
  abstract clientsOfDomain(domain: string): Promise<readonly Named[]>;
  abstract numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;

  /** Parses the JSON body of the one row found, or returns null. */
  async #body<T>(source: string, id: string, more: SqlQuery | null = null, read: (body: string) => T = JSON.parse) {
    const sql = `SELECT body FROM ${source}${more === null ? '' : ` AND ${more.sql}`}`;
    const row = await this.row<BodyRow>(sql, id, ...(more?.values ?? []));
    return row === undefined ? null : read(row.body);
  }

  clients(query: ClientQuery): Promise<Page<Client>> {
    return this.clientsOf(query, this.#view);
  }

  interaction(id: InteractionId): Promise<Interaction | null> {
    const seen = this.#view === null ? null : seenBy(this.#view);
    return this.#body('interactions i WHERE id = ?', id, seen, parseInteraction);
  }

  /** Whether the view sees an interaction. */
  async #sees(id: InteractionId): Promise<boolean> {
    return this.#view === null || (await this.interaction(id)) !== null;
  }

  /** Returns something that belongs to an interaction, if the view sees the interaction. */
  async #ofSeen<T extends { readonly interaction: InteractionId }>(found: T | undefined): Promise<T | null> {
    return found !== undefined && (await this.#sees(found.interaction)) ? found : null;
  }

  async interactions(query: InteractionQuery): Promise<Page<Interaction>> {
    const client = query.client === undefined ? null : await this.client(query.client as ClientId);
    const { q } = query;
    if (q !== undefined) return this.searched({ ...query, q }, copyAddresses(client), this.#view);
    const { sql, values } = selectInteractions(query, copyAddresses(client), this.#view, this.hasKinds);
    const rows = isHistory(query) ? this.rows<BodyRow>(sql, ...values) : this.listed<BodyRow>(sql, ...values);
    return interactionPage(query, await rows);
  }

  async conversations(query: ConversationQuery): Promise<Page<ListedConversation>> {
    const { sql, values } = selectConversations(query, this.#view);
    return conversationPage(query, await this.listed<ConversationRow>(sql, ...values));
  }

  async unansweredCount(filters: ConversationFilters): Promise<number> {
    const { sql, values } = countConversations(filters, this.#view);
    const [row] = await this.listed<{ n: number }>(sql, ...values);
    return Number(row?.n ?? 0);
  }

  async interactionHistory(id: InteractionId) {
    if (!(await this.#sees(id))) return [];
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
    const seen = this.#view === null ? null : clientSeenBy(this.#view);
    const sql = `SELECT body FROM clients WHERE id = ?${seen === null ? '' : ` AND ${seen.sql}`}`;
    const [client] = await this.marked(await this.rows<BodyRow>(sql, id, ...(seen?.values ?? [])));
    return client ?? null;
  }

  async undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>> {
    const { sql, values } = selectUndeliverable(query);
    return undeliverablePage(query, await this.listed<UndeliverableRow>(sql, ...values));
  }

  async owed(query: OwedQuery): Promise<Page<Owed>> {
    const select = selectOwed(query);
    return owedPage(query, await this.listed<OwedRow>(select.sql, ...select.values));
  }

  owedCounts() {
    return this.listed<{ destination: string; state: OwedState; count: number }>(countOwed);
  }

  async relinksPending(): Promise<boolean> {
    return (await this.rows('SELECT 1 FROM relinks LIMIT 1')).length > 0;
  }

  async recording(id: string): Promise<RecordingFile | null> {
    const sql = 'SELECT id, interaction, path, blob, mime FROM recordings WHERE id = ?';
    return this.#ofSeen(await this.row<RecordingFile>(sql, id));
  }

  async transcript(recording: string): Promise<Transcript | null> {
    const row = await this.#ofSeen(
      await this.row<{ interaction: InteractionId; body: string }>(
        'SELECT interaction, body FROM transcripts WHERE recording = ?',
        recording,
      ),
    );
    return row === null ? null : (JSON.parse(row.body) as Transcript);
  }

  recordingsBetween(after: string, before: string, limit: number): Promise<readonly RecordingFile[]> {
    return this.listed<RecordingFile>(
      `SELECT id, interaction, path, blob, mime FROM recordings WHERE interaction > ? AND interaction < ?
        AND (path IS NOT NULL OR blob IS NOT NULL OR EXISTS (SELECT 1 FROM transcripts t WHERE t.recording = recordings.id))
        ORDER BY interaction, id LIMIT ?`,
      ...[after, before, limit],
    );
  }

  leads(query: LeadQuery): Promise<Page<Lead>> {
    return this.#followUps<Lead>('leads', query, JSON.parse, async (leads) =>
      leads.filter((lead) => this.#seesLead(lead)),
    );
  }

  async lead(id: string): Promise<Lead | null> {
    const lead = await this.#body<Lead>('leads WHERE id = ?', id);
    return lead !== null && this.#seesLead(lead) ? lead : null;
  }

  #seesLead(lead: Lead): boolean {
    return this.#view === null || seesLead(this.#view, lead);
  }

  tasks(query: TaskQuery): Promise<Page<Task>> {
    return this.#followUps('tasks', query, parseTask, (tasks) => this.#tasksSeen(tasks));
  }

  async task(id: string): Promise<Task | null> {
    const task = await this.#body('tasks WHERE id = ?', id, null, parseTask);
    return task === null ? null : ((await this.#tasksSeen([task]))[0] ?? null);
  }

  /** The tasks that the view sees. Tasks without a manager are visible if their contact is. */
  async #tasksSeen(tasks: readonly Task[]): Promise<readonly Task[]> {
    const view = this.#view;
    if (view === null) return tasks;
    const about = tasks.flatMap((task) => (seesTask(view, task) === null ? (task.interaction ?? []) : []));
    const contacts = about.length === 0 ? new Set<string>() : await this.#seenOf(about, view);
    return tasks.filter((task) => seesTask(view, task) ?? contacts.has(task.interaction ?? ''));
  }

  async #seenOf(ids: readonly InteractionId[], view: View): Promise<ReadonlySet<string>> {
    const seen = seenBy(view);
    const sql = `SELECT i.id FROM interactions i WHERE i.id IN (${ids.map(() => '?').join()}) AND ${seen.sql}`;
    return new Set((await this.rows<{ id: string }>(sql, ...ids, ...seen.values)).map(({ id }) => id));
  }

  /**
   * A page of what the view sees. More rows are examined than the page holds, up to a limit; a short page can have a
   * cursor.
   */
  async #followUps<T extends Lead | Task>(
    table: 'leads' | 'tasks',
    query: LeadQuery | TaskQuery,
    read: (body: string) => T,
    seen: (items: readonly T[]) => Promise<readonly T[]>,
  ): Promise<Page<T>> {
    const found: T[] = [];
    for (let looked = 0, { cursor } = query; ; ) {
      const select = selectFollowUps(table, { ...query, cursor });
      const page = followUpPage(query, read, await this.listed<BodyRow>(select.sql, ...select.values));
      found.push(...(await seen(page.items)));
      looked += page.items.length;
      cursor = page.next;
      if (cursor !== null && found.length < query.limit && looked < maxExamined) continue;
      return found.length <= query.limit ? { items: found, next: cursor } : pageOf(found, query.limit, placeOfFollowUp);
    }
  }

  async attachment(id: string): Promise<AttachmentFile | null> {
    const sql = 'SELECT id, interaction, blob, name, mime FROM attachments WHERE id = ?';
    return this.#ofSeen(await this.row<AttachmentFile>(sql, id));
  }

  async letterBody(id: InteractionId): Promise<WrittenBody | null> {
    if (!(await this.#sees(id))) return null;
    return this.#body<WrittenBody>('letter_bodies WHERE interaction = ?', id);
  }

  async cursor(connection: string, name: string): Promise<string | null> {
    const row = await this.row<{ value: string }>(
      'SELECT value FROM cursors WHERE connection = ? AND name = ?',
      connection,
      name,
    );
    return row?.value ?? null;
  }

  async hourCounts(since: number): Promise<readonly HourCount[]> {
    const rows = await this.listed<{ line: string; connection: string; hour: string; count: number }>(
      'SELECT hour, line, connection, count FROM line_hours WHERE hour >= ? AND count > 0',
      new Date(since).toISOString().slice(0, 13),
    );
    return rows.map((row) => ({
      ...row,
      connection: row.connection === '' ? null : row.connection,
      hour: Date.parse(`${row.hour}:00:00Z`),
    }));
  }

  async lastTurns(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.rows<{ grp: string; manager: string }>('SELECT grp, manager FROM turns');
    return Object.fromEntries(rows.map((row) => [row.grp, row.manager]));
  }

  /** Parses clients and adds the marks of their addresses. */
  protected async marked(rows: readonly BodyRow[]): Promise<readonly Client[]> {
    const clients = rows.map((row) => JSON.parse(row.body) as Client);
    const emails = emailsOf(clients);
    if (emails.length === 0) return clients;
    return withMarks(clients, (await this.marksOf(emails)).map(undeliverableOf));
  }
}
