import type { View } from '../../domain/interaction/view.ts';
import type { ConversationFilters, ConversationQuery, ListedConversation, Page } from '../../domain/ports/queries.ts';
import { parseInteraction } from './interaction-body.ts';
import { pageOf, readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';
import { seenBy, sourcesOf } from './views.ts';

/** A row of {@link selectConversations}. */
export interface ConversationRow {
  readonly id: string;
  readonly at: string;
  readonly since: string | null;
  /** The latest contact as JSON. */
  readonly body: string;
}

/** Counting stops here: nobody reads further, and the count takes a few milliseconds at most. */
export const maxCounted = 1000;

/**
 * Selects conversations. Unanswered ones are few and come in the order of their waiting, so the view is checked for
 * each of them. Open ones are many and come newest first; a view walks the indexes of its own contacts instead.
 */
export function selectConversations(query: ConversationQuery, view: View | null): SqlQuery {
  const { unanswered, limit } = query;
  const branches = unanswered ? [byWaiting(waiting(query, view))] : openBranches(query, view);
  const all = branches.map(({ sql }, n) => `SELECT * FROM (${sql} LIMIT ?) b${n}`).join(' UNION ');
  const order = (of: string) => (unanswered ? `${of}since, ${of}id` : `${of}at DESC, ${of}id DESC`);
  return {
    sql: `SELECT k.id, k.at, k.since, i.body FROM (SELECT * FROM (${all}) a ORDER BY ${order('')} LIMIT ?) k
      JOIN interactions i ON i.id = k.latest ORDER BY ${order('k.')}`,
    values: [...branches.flatMap(({ values }) => [...values, limit + 1]), limit + 1],
  };
}

/** Counts unanswered conversations, at most {@link maxCounted}. */
export function countConversations(filters: ConversationFilters, view: View | null): SqlQuery {
  const { sql, values } = waiting({ ...filters, cursor: null }, view);
  return { sql: `SELECT count(*) AS n FROM (${sql} LIMIT ${maxCounted}) a`, values };
}

/** Turns the rows of {@link selectConversations} into a page. */
export function conversationPage(query: ConversationQuery, rows: readonly ConversationRow[]): Page<ListedConversation> {
  const { items, next } = pageOf(rows, query.limit, ({ id, at, since }) => [query.unanswered ? (since ?? '') : at, id]);
  return {
    items: items.map(({ id, since, body }) => ({ id, waitingSince: since, latest: parseInteraction(body) })),
    next,
  };
}

type Wanted = ConversationFilters & Pick<ConversationQuery, 'cursor'>;

function waiting({ cursor, until, ...filters }: Wanted, view: View | null): SqlQuery {
  const conditions: SqlQuery[] = [{ sql: "conv.since > ''", values: [] }, ...filtersOf(filters)];
  if (until !== undefined) conditions.push({ sql: 'conv.since <= ?', values: [until] });
  const after = readCursor(cursor);
  if (after !== null) conditions.push({ sql: '(conv.since, conv.id) > (?, ?)', values: after });
  return joined('conversations conv', [...conditions, ...seenOf(view)]);
}

function byWaiting({ sql, values }: SqlQuery): SqlQuery {
  return { sql: `${sql} ORDER BY conv.since, conv.id`, values };
}

/** Up to this many owners are read one by one, each in the order of their index. */
const maxOwners = 40;

function openBranches(query: ConversationQuery, view: View | null): readonly SqlQuery[] {
  const { owners } = query;
  const all = { from: 'conversations conv', at: 'conv.at', where: seenOf(view) };
  if (owners !== undefined && owners.length > 0 && owners.length <= maxOwners)
    return owners.map((one) => openFrom(all, { ...query, owners: [one] }));
  if (view === null || owners !== undefined) return [openFrom(all, query)];
  return sourcesOf(view).map(({ table, column, among }) => {
    const own = { sql: `v.${column} IN ${among.sql}`, values: among.values };
    const from = `${table} v JOIN conversations conv ON conv.latest = v.interaction`;
    return openFrom({ from, at: 'v.started_at', where: [own] }, query);
  });
}

/** Where open conversations are read from. `at`: the column that has the time of the latest contact in index order. */
interface OpenSource {
  readonly from: string;
  readonly at: string;
  readonly where: readonly SqlQuery[];
}

function openFrom({ from, at, where }: OpenSource, query: ConversationQuery): SqlQuery {
  const { cursor, until } = query;
  const conditions: SqlQuery[] = [{ sql: 'conv.closed = 0', values: [] }, ...filtersOf(query), ...where];
  if (until !== undefined) conditions.push({ sql: `${at} <= ?`, values: [until] });
  const after = readCursor(cursor);
  if (after !== null) conditions.push({ sql: `(${at}, conv.id) < (?, ?)`, values: after });
  const { sql, values } = joined(from, conditions);
  return { sql: `${sql} ORDER BY ${at} DESC, conv.id DESC`, values };
}

function filtersOf({ owners, channel, line }: ConversationFilters): readonly SqlQuery[] {
  const conditions: SqlQuery[] = [];
  if (owners?.length === 1) conditions.push({ sql: 'conv.owner = ?', values: owners });
  else if (owners !== undefined) {
    // `IN ()` is invalid in PostgreSQL; nothing equals NULL.
    const marks = owners.length === 0 ? 'NULL' : owners.map(() => '?').join();
    conditions.push({ sql: `conv.owner IN (${marks})`, values: owners });
  }
  if (channel !== undefined) conditions.push({ sql: 'conv.channel = ?', values: [channel] });
  if (line !== undefined) conditions.push({ sql: 'conv.line = ?', values: [line] });
  return conditions;
}

/** Condition: the view sees the latest contact of the conversation. */
function seenOf(view: View | null): readonly SqlQuery[] {
  if (view === null) return [];
  const { sql, values } = seenBy(view);
  return [{ sql: `EXISTS (SELECT 1 FROM interactions i WHERE i.id = conv.latest AND ${sql})`, values }];
}

function joined(from: string, conditions: readonly SqlQuery[]): SqlQuery {
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return {
    sql: `SELECT conv.id, conv.latest, conv.at, conv.since FROM ${from} WHERE ${where}`,
    values: conditions.flatMap(({ values }) => values),
  };
}
