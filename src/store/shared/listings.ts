import type { Client } from '../../domain/client.ts';
import type { Interaction } from '../../domain/interaction.ts';
import type { ClientQuery, InteractionQuery, Page } from '../../domain/store-port.ts';
import { kindNumbers } from './identifiers.ts';
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

/** Newest first; by manager through their own index. */
export function askInteractions(query: InteractionQuery): Question {
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
  const started = byManager ? 'm.started_at' : 'i.started_at';
  const id = byManager ? 'm.interaction' : 'i.id';
  if (query.since !== undefined) where(`${started} >= ?`, query.since);
  const after = readCursor(query.cursor);
  if (after !== null) where(`(${started}, ${id}) < (?, ?)`, ...after);
  const from = byManager ? 'interaction_managers m JOIN interactions i ON i.id = m.interaction' : 'interactions i';
  const sql = `SELECT i.body FROM ${from} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY ${started} DESC, ${id} DESC LIMIT ?`;
  return { sql, values: [...values, query.limit + 1] };
}

/** What {@link askInteractions} found, as a page. */
export function interactionPage(query: InteractionQuery, rows: readonly BodyRow[]): Page<Interaction> {
  const items = rows.map((row) => JSON.parse(row.body) as Interaction);
  return pageOf(items, query.limit, (last) => [last.startedAt, last.id]);
}

/** By name. `key` is the column that identifiers name their client by. */
export function askClients(query: ClientQuery, key: 'rid' | 'id'): Question {
  const conditions: string[] = [];
  const values: unknown[] = [];
  for (const kind of ['phone', 'email'] as const) {
    const value = query[kind];
    if (value === undefined) continue;
    conditions.push(`${key} IN (SELECT client FROM identifiers WHERE kind = ? AND value = ?)`);
    values.push(kindNumbers[kind], value);
  }
  if (query.q !== undefined) {
    const folded = query.q.toLowerCase();
    // A range on the folded name uses the index; the second form also finds a word within, in a bounded scan.
    conditions.push(folded.length < 3 ? 'folded >= ? AND folded < ?' : "folded LIKE ? ESCAPE '\\'");
    if (folded.length < 3) values.push(folded, `${folded}\u{10ffff}`);
    else values.push(`%${folded.replace(/[\\%_]/g, '\\$&')}%`);
  }
  const after = readCursor(query.cursor);
  if (after !== null) {
    conditions.push('(folded, id) > (?, ?)');
    values.push(...after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT body FROM clients ${where} ORDER BY folded, id LIMIT ?`, values: [...values, query.limit + 1] };
}

/** What {@link askClients} found, as a page. */
export function clientPage(query: ClientQuery, rows: readonly BodyRow[]): Page<Client> {
  const items = rows.map((row) => JSON.parse(row.body) as Client);
  return pageOf(items, query.limit, (last) => [last.name.toLowerCase(), last.id]);
}
