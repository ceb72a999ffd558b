import type { View } from '../../domain/interaction/view.ts';
import type { InteractionQuery } from '../../domain/ports/queries.ts';
import type { Condition, Term } from '../../domain/search/question.ts';
import { filtersOf } from './listings.ts';
import { places } from './sql.ts';
import type { SqlQuery } from './sql-query.ts';
import { seenBy } from './views.ts';

/** Contacts found by words are checked for the other filters in steps of this size, newest first. */
export const searchStep = 250;
/** How many are examined at most for one page. A page can be short, and the next one continues. */
export const maxSearched = 2500;

/** Where {@link StoreReader.textsToFill} stopped; in `meta`. '' once all earlier contacts are indexed. */
export const filledName = 'search_filled';

/** A contact found by its words, and its place in the order of results. */
export interface FoundText {
  readonly place: readonly string[];
  readonly id: string;
}

/** A condition in the languages of FTS5 and PostgreSQL's tsquery, which differ in three signs. */
export function matchOf(
  conditions: readonly Condition[],
  signs: { readonly term: (term: Term) => string; readonly and: string; readonly or: string },
): string {
  return conditions.map((any) => `(${any.map(signs.term).join(` ${signs.or} `)})`).join(` ${signs.and} `);
}

/** Selects those of the found contacts that fulfil the other filters, in any order. */
export function selectFound(
  query: InteractionQuery,
  ids: readonly string[],
  copies: readonly string[],
  view: View | null,
): SqlQuery {
  const { client, manager, ...rest } = query;
  const conditions: SqlQuery[] = [{ sql: `i.id IN (${places(ids)})`, values: ids }, ...filtersOf(rest)];
  if (query.since !== undefined) conditions.push({ sql: 'i.started_at >= ?', values: [query.since] });
  if (manager !== undefined)
    conditions.push({
      sql: 'EXISTS (SELECT 1 FROM interaction_managers m WHERE m.manager = ? AND m.started_at = i.started_at AND m.interaction = i.id)',
      values: [manager],
    });
  if (client !== undefined) conditions.push(ofClient(client, copies));
  if (view !== null) conditions.push(seenBy(view));
  return {
    sql: `SELECT i.id, i.body FROM interactions i WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

/** A client's own contacts, and letters to others of which it has a copy. */
function ofClient(client: string, copies: readonly string[]): SqlQuery {
  if (copies.length === 0) return { sql: 'i.client = ?', values: [client] };
  return {
    sql: `(i.client = ? OR EXISTS (SELECT 1 FROM interaction_participants p WHERE p.interaction = i.id AND p.email IN (${places(copies)})))`,
    values: [client, ...copies],
  };
}

/** Selects contacts that wait for the search index, newest first. A removed one has no body. */
export const selectWaiting =
  'SELECT w.interaction AS id, i.body FROM search_waiting w LEFT JOIN interactions i ON i.id = w.interaction ORDER BY w.interaction DESC LIMIT ?';

/** Selects earlier contacts that no version of this program has indexed: a window of ids, and which of them have texts. */
export const selectToFill = (positions: readonly string[]) => `SELECT w.id,
    CASE WHEN (w.channel <> 'call' OR ${positions.map((position) => `${position} > 0`).join(' OR ')}) AND NOT EXISTS (SELECT 1 FROM search_texts t WHERE t.interaction = w.id)
      THEN w.body END AS body
  FROM (SELECT id, channel, body FROM interactions WHERE id < ? ORDER BY id DESC LIMIT ?) w ORDER BY w.id DESC`;
