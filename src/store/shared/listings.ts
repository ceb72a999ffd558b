import type { Owed } from '../../domain/delivery/delivery.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { View } from '../../domain/interaction/view.ts';
import type { ClientQuery, InteractionQuery, OwedQuery, Page, PageQuery } from '../../domain/ports/queries.ts';
import { kindNumbers } from './identifiers.ts';
import { parseInteraction } from './interaction-body.ts';
import { filtersByKind, selectByKind } from './kinds.ts';
import { type OwedRow, owedOf } from './owed.ts';
import { pageOf, readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';
import { clientSeenBy, clientsSeenBy, seenBy, sourcesOf, type ViewSource } from './views.ts';

/** A row whose `body` is the complete object as JSON. */
export interface BodyRow {
  readonly body: string;
}

/**
 * Interactions of a deal: those that name it, and those of its client that name no deal at all, because they may be
 * about any of the client's deals.
 */
const ofDeal = `i.id IN (SELECT interaction FROM interaction_deals WHERE deal = ?
  UNION SELECT j.id FROM deals d JOIN interactions j ON j.client = d.client
  WHERE d.id = ? AND NOT EXISTS (SELECT 1 FROM interaction_deals x WHERE x.interaction = j.id))`;

/** How many addresses of a client are searched for among the further recipients of letters. */
const maxAddresses = 200;

/**
 * The e-mail addresses of a client and its contact persons. Letters that name one of them as a recipient belong to
 * the client's history.
 */
export function copyAddresses(client: Pick<Client, 'identifiers' | 'contacts'> | null): readonly string[] {
  const all = [...(client?.identifiers ?? []), ...(client?.contacts ?? []).flatMap((person) => person.identifiers)];
  const emails = all.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  return [...new Set(emails)].slice(0, maxAddresses);
}

/**
 * Selects interactions, newest first. `copies` are the client's addresses; letters of others that were sent to one of
 * them are included. The two parts are joined by UNION, because each has its own index and an OR would use neither.
 * `hasKinds`: the store has an index by channel, direction and state.
 */
export function selectInteractions(
  query: InteractionQuery,
  copies: readonly string[] = [],
  view: View | null = null,
  hasKinds = false,
): SqlQuery {
  if (view !== null && !isNarrow(query)) return selectByView(query, view);
  if (hasKinds && view === null && filtersByKind(query) && !isNarrow(query)) return selectByKind(query);
  const { client, ...rest } = query;
  const seen = view === null ? [] : [seenBy(view)];
  const own = selectFrom(query, byTime(query), seen);
  if (client === undefined || copies.length === 0) return own;
  const marks = copies.map(() => '?').join();
  const condition = `i.id IN (SELECT interaction FROM interaction_participants WHERE email IN (${marks})) AND (i.client IS NULL OR i.client <> ?)`;
  const others = selectFrom(rest, byTime(rest), [{ sql: condition, values: [...copies, client] }, ...seen]);
  return {
    sql: `SELECT body FROM (SELECT * FROM (${own.sql}) a UNION ALL SELECT * FROM (${others.sql}) b) u
      ORDER BY started_at DESC, id DESC LIMIT ?`,
    values: [...own.values, ...others.values, query.limit + 1],
  };
}

/**
 * Whether a query asks only for the latest contacts of one client. The desk waits for this query, and an index
 * answers it.
 */
export function isHistory({ client, limit: _limit, cursor, ...filters }: InteractionQuery): boolean {
  return client !== undefined && cursor === null && Object.values(filters).every((filter) => filter === undefined);
}

/** Whether a filter selects few interactions through an index, so that the view can be checked for each of them. */
function isNarrow({ client, manager, phone, thread, deal }: InteractionQuery): boolean {
  return [client, manager, phone, thread, deal].some((filter) => filter !== undefined);
}

/** Selects what a view sees, newest first, by merging the first rows of each of its indexes. */
function selectByView(query: InteractionQuery, view: View): SqlQuery {
  const found = sourcesOf(view).map((source) => selectFrom(query, byKeys(source), []));
  const ids = found.map(({ sql }, n) => `SELECT id FROM (${sql}) s${n}`).join(' UNION ALL ');
  return {
    sql: `SELECT body FROM interactions WHERE id IN (${ids}) ORDER BY started_at DESC, id DESC LIMIT ?`,
    values: [...found.flatMap(({ values }) => values), query.limit + 1],
  };
}

/** The FROM clause of a query, and the columns it is ordered by. */
interface Source {
  readonly from: string;
  readonly where: readonly SqlQuery[];
  readonly started: string;
  readonly id: string;
}

/** Interactions by time, or through the index of a manager if one is given. */
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

/** Builds a listing from a source; `more` holds additional conditions. */
function selectFrom(
  query: InteractionQuery,
  { from, where, started, id }: Source,
  more: readonly SqlQuery[],
): SqlQuery {
  const conditions: SqlQuery[] = [...where, ...filtersOf(query), ...more];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  if (query.since !== undefined) add(`${started} >= ?`, query.since);
  const after = readCursor(query.cursor);
  if (after !== null) add(`(${started}, ${id}) < (?, ?)`, ...after);
  const all = conditions.map(({ sql }) => sql).join(' AND ');
  const sql = `SELECT i.body, i.started_at, i.id FROM ${from} ${all === '' ? '' : `WHERE ${all}`}
    ORDER BY ${started} DESC, ${id} DESC LIMIT ?`;
  return { sql, values: [...conditions.flatMap(({ values }) => values), query.limit + 1] };
}

/** The conditions of a query on interaction `i` itself. */
export function filtersOf(query: Omit<InteractionQuery, 'manager'>): readonly SqlQuery[] {
  const same = (['channel', 'direction', 'client', 'state', 'phone', 'thread'] as const).flatMap((key) =>
    query[key] === undefined ? [] : [{ sql: `i.${key} = ?`, values: [query[key]] }],
  );
  return query.deal === undefined ? same : [...same, { sql: ofDeal, values: [query.deal, query.deal] }];
}

/** Turns the rows of {@link selectInteractions} into a page. */
export function interactionPage(query: Pick<PageQuery, 'limit'>, rows: readonly BodyRow[]): Page<Interaction> {
  const items = rows.map((row) => parseInteraction(row.body));
  return pageOf(items, query.limit, (last) => [last.startedAt, last.id]);
}

/** Selects clients by name. `key` is the column that identifiers reference, `nameCondition` the condition for `q`. */
export function selectClients(
  query: ClientQuery,
  key: 'rid' | 'id',
  nameCondition: SqlQuery | null,
  view: View | null = null,
): SqlQuery {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: SqlQuery) => {
    conditions.push(condition.sql);
    values.push(...condition.values);
  };
  for (const kind of ['phone', 'email'] as const) {
    const value = query[kind];
    if (value === undefined) continue;
    add({
      sql: `${key} IN (SELECT client FROM identifiers WHERE kind = ? AND value = ?)`,
      values: [kindNumbers[kind], value],
    });
  }
  if (nameCondition !== null) add(nameCondition);
  const all = conditions.length === 0;
  // Walking the index of names would read all clients that the view does not see, so its own clients are sorted
  // instead.
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

/** Selects deliveries, newest first. Each state has its own index; in most installations nearly all are `done`. */
export function selectOwed(query: OwedQuery): SqlQuery {
  const conditions: string[] = [];
  const values: unknown[] = [];
  // Few deliveries are due or parked, and they have their own index. `+rid` stops SQLite from scanning everything by
  // rowid.
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

/** Turns the rows of {@link selectOwed} into a page. */
export function owedPage(query: OwedQuery, rows: readonly OwedRow[]): Page<Owed> {
  return pageOf(rows.map(owedOf), query.limit, (last) => [last.id]);
}

/** The number of messages waiting to be sent by each connection. */
export const countWaiting = `SELECT connection, CAST(count(*) AS int) AS count FROM outbound WHERE state = 'due' GROUP BY connection ORDER BY connection`;

/**
 * The number of due and parked deliveries of each destination. Finished ones are not counted: that would read the
 * whole table.
 */
export const countOwed = `SELECT d.name AS destination, s.state,
  CASE s.state WHEN 'due' THEN (SELECT count(*) FROM owed o WHERE o.destination = d.name AND o.state = 'due')
  ELSE (SELECT count(*) FROM owed o WHERE o.destination = d.name AND o.state = 'parked') END AS count
  FROM destinations d CROSS JOIN (SELECT 'due' AS state UNION ALL SELECT 'parked') s ORDER BY d.name, s.state`;

/** Turns the rows of {@link selectClients} into a page. */
export function clientPage(query: ClientQuery, items: readonly Client[]): Page<Client> {
  return pageOf(items, query.limit, (last) => [last.name.toLowerCase(), last.id]);
}
