import { Page } from '../method.ts';
import type { Parameters } from '../parameters.ts';
import { type Fields, textOf } from '../values.ts';
import type { Card, CardStore } from './card-store.ts';
import { type Condition, order, readFilter, satisfies } from './filter.ts';

/** Rows of each page, whatever is asked. */
export const pageSize = 50;

/** The order of a list: `{FIELD: ASC|DESC}`. Empty: by id. */
export type Order = readonly (readonly [field: string, isDescending: boolean])[];

/** Reads `order`; fields may be written in lower case. */
export function readOrder(given: Fields | null): Order {
  return Object.entries(given ?? {}).map(([field, way]) => [field, (textOf(way) ?? '').toUpperCase() === 'DESC']);
}

/**
 * One page of rows that come by ascending id. With `start` -1 nothing is counted and there is no `next`, and reading stops at the
 * page's end if no other order is asked.
 */
export function pageOf<Row extends Readonly<Record<string, unknown>>>(
  rows: Iterable<Row>,
  by: Order,
  start: number,
): { readonly rows: readonly Row[]; readonly total: number | null; readonly next: number | null } {
  const isById = isByAscendingId(by);
  const isUncounted = start < 0;
  const found: Row[] = [];
  for (const row of rows) {
    found.push(row);
    if (isUncounted && isById && found.length === pageSize) break;
  }
  if (!isById) found.sort((a, b) => compare(a, b, by));
  const from = isUncounted ? 0 : start;
  const page = found.slice(from, from + pageSize);
  if (isUncounted) return { rows: page, total: null, next: null };
  return { rows: page, total: found.length, next: from + pageSize < found.length ? from + pageSize : null };
}

function compare(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>, by: Order): number {
  for (const [field, isDescending] of by) {
    const difference = order(textOf(a[field]) ?? '', textOf(b[field]) ?? '');
    if (difference !== 0) return isDescending ? -difference : difference;
  }
  return 0;
}

/** One page of cards. In the order of their ids, only the cards of the page are made. */
export function pageOfCards(
  store: CardStore,
  conditions: readonly Condition[],
  by: Order,
  start: number,
): ReturnType<typeof pageOf<Card>> {
  if (!isByAscendingId(by)) return pageOf(store.matching(conditions), by, start);
  const { rows, total, next } = pageOf(named(store.matchingIds(conditions)), [], start);
  return { rows: rows.map(({ ID }) => store.get(ID)).filter((card) => card !== null), total, next };
}

function* named(ids: Iterable<number>): Generator<{ readonly ID: number }> {
  for (const ID of ids) yield { ID };
}

function isByAscendingId(by: Order): boolean {
  return by.length === 0 || (by[0]?.[0].toUpperCase() === 'ID' && !by[0][1]);
}

/** Answers a list method over plain rows. Unknown fields in `filter` are ignored and complained about, as the portal ignores them. */
export function listRows<Row extends Readonly<Record<string, unknown>>>(
  rows: Iterable<Row>,
  parameters: Parameters,
  isField: (name: string) => boolean,
): Page {
  const conditions = knownConditions(parameters, isField);
  const kept = [...rows].filter((row) => conditions.every((one) => satisfies(row[one.field], one)));
  const page = pageOf(kept, readOrder(parameters.fields('order')), startOf(parameters));
  return new Page(page.rows, page.total, page.next);
}

/** The conditions of `filter` on known fields. */
export function knownConditions(parameters: Parameters, isField: (name: string) => boolean): readonly Condition[] {
  return readFilter(parameters.fields('filter') ?? {}).filter(({ field }) => {
    if (isField(field)) return true;
    parameters.complain(`unknown field ${field} in filter`);
    return false;
  });
}

/** `start`; offsets that do not begin a page are rounded down. */
export function startOf(parameters: Parameters): number {
  const start = parameters.integer('start') ?? 0;
  return start < 0 ? -1 : start - (start % pageSize);
}
