import type { Client } from '../../domain/client.ts';
import type { Owed } from '../../domain/delivery.ts';
import type { Interaction } from '../../domain/interaction.ts';
import type { ClientQuery, InteractionQuery, OwedQuery, Page } from '../../domain/store-port.ts';
import { kindNumbers } from './identifiers.ts';
import { type OwedRow, owedOf } from './owed.ts';
import { pageOf, readCursor } from './paging.ts';

/** A row whose `body` is the whole thing as JSON. */
export interface BodyRow {
  readonly body: string;
}

/** A question in SQL that both stores speak: `?` for each value, in their order, and one row more than the page has. */
export interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
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
 * a recipient. Two questions joined: each has an index of its own, and one with OR between would be answered by none.
 */
export function askInteractions(query: InteractionQuery, copies: readonly string[] = []): Question {
  const { client, ...rest } = query;
  if (client === undefined || copies.length === 0) return askSome(query, null);
  const own = askSome(query, null);
  const marks = copies.map(() => '?').join();
  const condition = `i.id IN (SELECT interaction FROM interaction_participants WHERE email IN (${marks})) AND (i.client IS NULL OR i.client <> ?)`;
  const others = askSome(rest, { sql: condition, values: [...copies, client] });
  return {
    sql: `SELECT body FROM (SELECT * FROM (${own.sql}) a UNION ALL SELECT * FROM (${others.sql}) b) u
      ORDER BY started_at DESC, id DESC LIMIT ?`,
    values: [...own.values, ...others.values, query.limit + 1],
  };
}

/** By manager through their own index; `more` is a further condition. */
function askSome(query: InteractionQuery, more: Question | null): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: string, ...bound: unknown[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  const byManager = query.manager !== undefined;
  if (byManager) where('m.manager = ?', query.manager);
  for (const key of ['channel', 'direction', 'client', 'state', 'phone', 'thread'] as const) {
    if (query[key] !== undefined) where(`i.${key} = ?`, query[key]);
  }
  if (query.deal !== undefined) where(ofDeal, query.deal, query.deal);
  if (more !== null) where(more.sql, ...more.values);
  const started = byManager ? 'm.started_at' : 'i.started_at';
  const id = byManager ? 'm.interaction' : 'i.id';
  if (query.since !== undefined) where(`${started} >= ?`, query.since);
  const after = readCursor(query.cursor);
  if (after !== null) where(`(${started}, ${id}) < (?, ?)`, ...after);
  const from = byManager ? 'interaction_managers m JOIN interactions i ON i.id = m.interaction' : 'interactions i';
  const sql = `SELECT i.body, i.started_at, i.id FROM ${from} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY ${started} DESC, ${id} DESC LIMIT ?`;
  return { sql, values: [...values, query.limit + 1] };
}

/** What {@link askInteractions} found, as a page. */
export function interactionPage(query: InteractionQuery, rows: readonly BodyRow[]): Page<Interaction> {
  const items = rows.map((row) => JSON.parse(row.body) as Interaction);
  return pageOf(items, query.limit, (last) => [last.startedAt, last.id]);
}

/** By name. `key` is the column that identifiers name their client by; `named` the condition that `q` stands for. */
export function askClients(query: ClientQuery, key: 'rid' | 'id', named: Question | null): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  for (const kind of ['phone', 'email'] as const) {
    const value = query[kind];
    if (value === undefined) continue;
    conditions.push(`${key} IN (SELECT client FROM identifiers WHERE kind = ? AND value = ?)`);
    values.push(kindNumbers[kind], value);
  }
  if (named !== null) {
    conditions.push(named.sql);
    values.push(...named.values);
  }
  const after = readCursor(query.cursor);
  if (after !== null) {
    conditions.push('(folded, id) > (?, ?)');
    values.push(...after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT body FROM clients ${where} ORDER BY folded, id LIMIT ?`, values: [...values, query.limit + 1] };
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
