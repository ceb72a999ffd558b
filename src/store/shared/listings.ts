import type { Owed } from '../../domain/delivery/delivery.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { View } from '../../domain/interaction/view.ts';
import type { ClientQuery, InteractionQuery, OwedQuery, Page } from '../../domain/ports/queries.ts';
import { kindNumbers } from './identifiers.ts';
import { interactionOf } from './interaction-body.ts';
import { askByKind, asksForKinds } from './kinds.ts';
import { type OwedRow, owedOf } from './owed.ts';
import { pageOf, readCursor } from './paging.ts';
import type { Question } from './question.ts';
import { clientSeenBy, clientsSeenBy, seenBy, sourcesOf, type ViewSource } from './views.ts';

/** A row whose `body` is the whole thing as JSON. */
export interface BodyRow {
  readonly body: string;
}

/**
 * An interaction belongs to a deal that it names. One that names none belongs to every deal of its client: nobody has said
 * yet which of them it is about.
 */
const ofDeal = `i.id IN (SELECT interaction FROM interaction_deals WHERE deal = ?
  UNION SELECT j.id FROM deals d JOIN interactions j ON j.client = d.client
  WHERE d.id = ? AND NOT EXISTS (SELECT 1 FROM interaction_deals x WHERE x.interaction = j.id))`;

/** Addresses of one client that its history is looked for by, as further recipient of letters to or of others. */
const mostAddresses = 200;

/** The addresses of a client and its people, by which letters are its that it only has a copy of. */
export function copyAddresses(client: Pick<Client, 'identifiers' | 'contacts'> | null): readonly string[] {
  const all = [...(client?.identifiers ?? []), ...(client?.contacts ?? []).flatMap((person) => person.identifiers)];
  const emails = all.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  return [...new Set(emails)].slice(0, mostAddresses);
}

/**
 * Newest first. `copies`: the client's addresses; with its own interactions come the letters of others that name one of them as
 * a recipient. Two questions joined: each has an index of its own, and one with OR between would be answered by none. `hasKinds`:
 * the store has an index of kinds.
 */
export function askInteractions(
  query: InteractionQuery,
  copies: readonly string[] = [],
  view: View | null = null,
  hasKinds = false,
): Question {
  if (view !== null && !isNarrow(query)) return askByView(query, view);
  if (hasKinds && view === null && asksForKinds(query) && !isNarrow(query)) return askByKind(query);
  const { client, ...rest } = query;
  const seen = view === null ? [] : [seenBy(view)];
  const own = askSome(query, byTime(query), seen);
  if (client === undefined || copies.length === 0) return own;
  const marks = copies.map(() => '?').join();
  const condition = `i.id IN (SELECT interaction FROM interaction_participants WHERE email IN (${marks})) AND (i.client IS NULL OR i.client <> ?)`;
  const others = askSome(rest, byTime(rest), [{ sql: condition, values: [...copies, client] }, ...seen]);
  return {
    sql: `SELECT body FROM (SELECT * FROM (${own.sql}) a UNION ALL SELECT * FROM (${others.sql}) b) u
      ORDER BY started_at DESC, id DESC LIMIT ?`,
    values: [...own.values, ...others.values, query.limit + 1],
  };
}

/** Whether a query asks for the latest contacts of one client and nothing else: a desk waits for it, and an index answers it. */
export function isHistory({ client, limit: _limit, cursor, ...filters }: InteractionQuery): boolean {
  return client !== undefined && cursor === null && Object.values(filters).every((filter) => filter === undefined);
}

/** Whether a filter leads to few interactions by an index of its own, so that each can be asked whether a view sees it. */
function isNarrow({ client, manager, phone, thread, deal }: InteractionQuery): boolean {
  return [client, manager, phone, thread, deal].some((filter) => filter !== undefined);
}

/** What a view sees, newest first: the first of each of its indexes, put together. */
function askByView(query: InteractionQuery, view: View): Question {
  const found = sourcesOf(view).map((source) => askSome(query, byKeys(source), []));
  const ids = found.map(({ sql }, n) => `SELECT id FROM (${sql}) s${n}`).join(' UNION ALL ');
  return {
    sql: `SELECT body FROM interactions WHERE id IN (${ids}) ORDER BY started_at DESC, id DESC LIMIT ?`,
    values: [...found.flatMap(({ values }) => values), query.limit + 1],
  };
}

/** Where a question begins, and the columns that say the order. */
interface Source {
  readonly from: string;
  readonly where: readonly Question[];
  readonly started: string;
  readonly id: string;
}

/** The interactions by their own time, or a manager's through their own index. */
function byTime({ manager }: InteractionQuery): Source {
  if (manager === undefined) return { from: 'interactions i', where: [], started: 'i.started_at', id: 'i.id' };
  return {
    from: 'interaction_managers m JOIN interactions i ON i.id = m.interaction',
    where: [{ sql: 'm.manager = ?', values: [manager] }],
    started: 'm.started_at',
    id: 'm.interaction',
  };
}

function byKeys({ table, column, among }: ViewSource): Source {
  return {
    from: `${table} m JOIN interactions i ON i.id = m.interaction`,
    where: [{ sql: `m.${column} IN ${among.sql}`, values: among.values }],
    started: 'm.started_at',
    id: 'm.interaction',
  };
}

/** `more` are further conditions. */
function askSome(query: InteractionQuery, { from, where, started, id }: Source, more: readonly Question[]): Question {
  const conditions: Question[] = [...where];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  for (const key of ['channel', 'direction', 'client', 'state', 'phone', 'thread'] as const) {
    if (query[key] !== undefined) add(`i.${key} = ?`, query[key]);
  }
  if (query.deal !== undefined) add(ofDeal, query.deal, query.deal);
  conditions.push(...more);
  if (query.since !== undefined) add(`${started} >= ?`, query.since);
  const after = readCursor(query.cursor);
  if (after !== null) add(`(${started}, ${id}) < (?, ?)`, ...after);
  const all = conditions.map(({ sql }) => sql).join(' AND ');
  const sql = `SELECT i.body, i.started_at, i.id FROM ${from} ${all === '' ? '' : `WHERE ${all}`}
    ORDER BY ${started} DESC, ${id} DESC LIMIT ?`;
  return { sql, values: [...conditions.flatMap(({ values }) => values), query.limit + 1] };
}

/** What {@link askInteractions} found, as a page. */
export function interactionPage(query: InteractionQuery, rows: readonly BodyRow[]): Page<Interaction> {
  const items = rows.map((row) => interactionOf(row.body));
  return pageOf(items, query.limit, (last) => [last.startedAt, last.id]);
}

/** By name. `key` is the column that identifiers name their client by; `named` the condition that `q` stands for. */
export function askClients(
  query: ClientQuery,
  key: 'rid' | 'id',
  named: Question | null,
  view: View | null = null,
): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (question: Question) => {
    conditions.push(question.sql);
    values.push(...question.values);
  };
  for (const kind of ['phone', 'email'] as const) {
    const value = query[kind];
    if (value === undefined) continue;
    add({
      sql: `${key} IN (SELECT client FROM identifiers WHERE kind = ? AND value = ?)`,
      values: [kindNumbers[kind], value],
    });
  }
  if (named !== null) add(named);
  const all = conditions.length === 0;
  // Going down the names would pass through everybody whom the view does not see: those it sees are sorted instead.
  const name = view !== null && all ? "folded || ''" : 'folded';
  if (view !== null && all) {
    const { sql, values } = clientsSeenBy(view);
    add({ sql: `id IN (${sql})`, values });
  } else if (view !== null) add(clientSeenBy(view));
  const after = readCursor(query.cursor);
  if (after !== null) add({ sql: `(${name}, id) > (?, ?)`, values: after });
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT body FROM clients ${where} ORDER BY ${name}, id LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}

/** Newest first. Each state has its own index; in most installations nearly all is `done`. */
export function askOwed(query: OwedQuery): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  // What is due or parked is little and has an index of its own; going down the numbers would pass through all that is done.
  const rid = query.state === 'due' || query.state === 'parked' ? '+rid' : 'rid';
  if (query.state !== undefined) conditions.push(`state = '${query.state}'`);
  if (query.destination !== undefined) {
    conditions.push('destination = ?');
    values.push(query.destination);
  }
  const after = readCursor(query.cursor);
  if (after !== null) {
    conditions.push(`${rid} < ?`);
    values.push(Number(after[0]));
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT * FROM owed ${where} ORDER BY ${rid} DESC LIMIT ?`, values: [...values, query.limit + 1] };
}

/** What {@link askOwed} found, as a page. */
export function owedPage(query: OwedQuery, rows: readonly OwedRow[]): Page<Owed> {
  return pageOf(rows.map(owedOf), query.limit, (last) => [last.id]);
}

/** How much waits to be sent by each connection. */
export const countWaiting = `SELECT connection, CAST(count(*) AS int) AS count FROM outbound WHERE state = 'due' GROUP BY connection ORDER BY connection`;

/** How much each destination is owed and how much is parked; what is done is not counted: that would read all of it. */
export const countOwed = `SELECT d.name AS destination, s.state,
  CASE s.state WHEN 'due' THEN (SELECT count(*) FROM owed o WHERE o.destination = d.name AND o.state = 'due')
  ELSE (SELECT count(*) FROM owed o WHERE o.destination = d.name AND o.state = 'parked') END AS count
  FROM destinations d CROSS JOIN (SELECT 'due' AS state UNION ALL SELECT 'parked') s ORDER BY d.name, s.state`;

/** What {@link askClients} found, as a page. */
export function clientPage(query: ClientQuery, items: readonly Client[]): Page<Client> {
  return pageOf(items, query.limit, (last) => [last.name.toLowerCase(), last.id]);
}
