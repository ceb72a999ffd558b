import type { Database, Statement } from 'better-sqlite3';
import { urgentUntil } from '../../domain/delivery/urgency.ts';
import { type DeskEntry, deskAudience } from '../../domain/desk/desk-message.ts';
import { accountOf } from '../../domain/directory/party-identifiers.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { managersOf } from '../../domain/interaction/managers.ts';
import type { InteractionTable } from '../../domain/ports/contact-tables.ts';
import { isSearchable } from '../../domain/search/searchable.ts';
import { compactBody, parseInteraction } from '../shared/interaction-body.ts';
import { columnsOf, dealsOf, deskWindow } from '../shared/interactions.ts';
import { LineHourTable } from './line-hours.ts';
import type { SqliteOwedTable } from './owed.ts';
import type { ViewerTable } from './viewers.ts';
import type { StoredChange } from './writer-protocol.ts';

/** Interactions, their history, and everything else that a new revision updates. */
export class SqliteInteractionTable implements InteractionTable {
  readonly #owed: SqliteOwedTable;
  readonly #viewers: ViewerTable;
  readonly #hours: LineHourTable;
  readonly #get: Statement<[string], { body: string }>;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #updateState: Statement;
  readonly #move: Statement;
  readonly #setBody: Statement;
  readonly #history: Statement;
  readonly #putManager: Statement;
  readonly #dropManager: Statement;
  readonly #putDeal: Statement;
  readonly #dropDeal: Statement;
  readonly #nextSeq: Statement<[string], { seq: number }>;
  readonly #log: Statement;
  readonly #trim: Statement;
  readonly #awaitSearch: Statement;
  readonly #ofThread: Statement<[string, number], { body: string }>;
  readonly #ofEmail: Statement<[string, string, string, number], { body: string }>;

  constructor(db: Database, owed: SqliteOwedTable, viewers: ViewerTable) {
    this.#owed = owed;
    this.#viewers = viewers;
    this.#hours = new LineHourTable(db);
    this.#get = db.prepare('SELECT body FROM interactions WHERE id = ?');
    this.#insert = db.prepare(`INSERT INTO interactions
      (id, revision, channel, direction, state, started_at, phone, email, client, line, connection, live, auto, thread, account, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare('UPDATE interactions SET revision = ?, auto = ?, body = ? WHERE id = ?');
    this.#updateState = db.prepare(
      'UPDATE interactions SET revision = ?, state = ?, live = ?, auto = ?, body = ? WHERE id = ?',
    );
    this.#move = db.prepare(`UPDATE interactions SET direction = ?, started_at = ?, phone = ?, email = ?, client = ?,
      line = ?, connection = ?, thread = ?, account = ? WHERE id = ?`);
    this.#setBody = db.prepare('UPDATE interactions SET body = ? WHERE id = ?');
    this.#history = db.prepare('INSERT INTO history (interaction, revision, at, by, what) VALUES (?, ?, ?, ?, ?)');
    this.#putManager = db.prepare(
      'INSERT OR IGNORE INTO interaction_managers (manager, started_at, interaction) VALUES (?, ?, ?)',
    );
    this.#dropManager = db.prepare(
      'DELETE FROM interaction_managers WHERE manager = ? AND started_at = ? AND interaction = ?',
    );
    this.#putDeal = db.prepare('INSERT OR IGNORE INTO interaction_deals (interaction, deal) VALUES (?, ?)');
    this.#dropDeal = db.prepare('DELETE FROM interaction_deals WHERE interaction = ? AND deal = ?');
    this.#nextSeq = db.prepare(
      'INSERT INTO desk_seq (manager, seq) VALUES (?, 1) ON CONFLICT (manager) DO UPDATE SET seq = seq + 1 RETURNING seq',
    );
    this.#log = db.prepare(
      'INSERT INTO desk_log (manager, interaction, seq) VALUES (?, ?, ?) ON CONFLICT (manager, interaction) DO UPDATE SET seq = excluded.seq',
    );
    this.#trim = db.prepare('DELETE FROM desk_log WHERE manager = ? AND seq <= ?');
    this.#awaitSearch = db.prepare('INSERT OR IGNORE INTO search_waiting (interaction) VALUES (?)');
    this.#ofEmail = db.prepare(
      'SELECT body FROM interactions WHERE email = ? AND started_at BETWEEN ? AND ? ORDER BY started_at DESC LIMIT ?',
    );
    this.#ofThread = db.prepare(
      'SELECT body FROM interactions WHERE thread = ? ORDER BY started_at DESC, id DESC LIMIT ?',
    );
  }

  get(id: string): Interaction | null {
    const row = this.#get.get(id);
    return row === undefined ? null : parseInteraction(row.body);
  }

  /** The latest interactions of a thread, newest first. */
  ofThread(thread: string, limit: number): readonly Interaction[] {
    return this.#ofThread.all(thread, limit).map((row) => parseInteraction(row.body));
  }

  /** The latest interactions with an address between two times (RFC 3339), newest first. */
  ofEmail(email: string, from: string, to: string, limit: number): readonly Interaction[] {
    return this.#ofEmail.all(email, from, to, limit).map((row) => parseInteraction(row.body));
  }

  /** Writes a revision: the row, its history, the deliveries that are now due, and the sequence numbers of desks. */
  save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): StoredChange {
    const text = this.#put(before, after);
    this.#history.run(after.id, after.revision, at, by, what);
    this.#owed.owe('interaction', after.id, after.revision, at, urgentUntil(before, after, at));
    this.#putManagers(before, after);
    this.#viewers.follow(before, after);
    this.#putDeals(before, after);
    this.#hours.follow(before, after);
    if (isSearchable(after)) this.#awaitSearch.run(after.id);
    return { interaction: after, desk: this.#addDeskEntries(before, after), text };
  }

  showTo(manager: string, contacts: readonly Interaction[]): void {
    this.#viewers.hand(contacts, manager);
  }

  /** Stores links without creating a revision. */
  setLinks(interaction: Interaction, links: Interaction['links']): void {
    const after = { ...interaction, links };
    this.#setBody.run(compactBody(after), interaction.id);
    this.#putDeals(interaction, after);
  }

  /** Writes the row and returns its body. */
  #put(before: Interaction | null, after: Interaction): string {
    const body = compactBody(after);
    const row = columnsOf(after).map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (before === null) {
      this.#insert.run(...row, body);
      return body;
    }
    const [id, revision, , direction, state, startedAt, phone, email, client, line, connection, live, auto, ...rest] =
      row;
    const [thread, account] = rest;
    // Updating an indexed column rewrites its indexes, and few revisions change one.
    if (before.state === after.state && before.endedAt === after.endedAt) this.#update.run(revision, auto, body, id);
    else this.#updateState.run(revision, state, live, auto, body, id);
    if (isMoved(before, after))
      this.#move.run(direction, startedAt, phone, email, client, line, connection, thread, account, id);
    return body;
  }

  #putManagers(before: Interaction | null, after: Interaction): void {
    const same = before?.startedAt === after.startedAt;
    const had = before === null ? new Set<string>() : managersOf(before);
    if (before !== null && !same) for (const one of had) this.#dropManager.run(one, before.startedAt, before.id);
    for (const one of managersOf(after))
      if (!same || !had.has(one)) this.#putManager.run(one, after.startedAt, after.id);
  }

  #putDeals(before: Interaction | null, after: Interaction): void {
    const had = before === null ? new Set<string>() : dealsOf(before);
    const has = dealsOf(after);
    for (const deal of had) if (!has.has(deal)) this.#dropDeal.run(after.id, deal);
    for (const deal of has) if (!had.has(deal)) this.#putDeal.run(after.id, deal);
  }

  #addDeskEntries(before: Interaction | null, after: Interaction): readonly DeskEntry[] {
    return deskAudience(before, after).map(({ manager, kind }) => {
      const seq = this.#nextSeq.get(manager)?.seq ?? 0;
      this.#log.run(manager, after.id, seq);
      if (seq % 100 === 0) this.#trim.run(manager, seq - deskWindow);
      return { manager, kind, seq };
    });
  }
}

/** Whether an indexed column changes. */
function isMoved(before: Interaction, after: Interaction): boolean {
  return (
    before.direction !== after.direction ||
    before.startedAt !== after.startedAt ||
    before.party.phone !== after.party.phone ||
    before.party.email !== after.party.email ||
    before.client?.id !== after.client?.id ||
    before.line?.id !== after.line?.id ||
    before.line?.connection !== after.line?.connection ||
    before.thread !== after.thread ||
    accountOf(before) !== accountOf(after)
  );
}
