import { type Fields, fields } from '../../runtime/http/fields.ts';
import type { Base, CallOptions, ListQuery } from './api/base.ts';
import { unreadable } from './api/client.ts';
import { emptyRef, guid, referenceOf } from './api/literals.ts';

/** An object of a page, with its reference. */
export interface PageRow {
  readonly key: string;
  readonly fields: Fields;
}

/**
 * Where the next page begins: after a reference, or after a number of objects where references can't be compared. Null
 * is the beginning.
 */
export type PagePlace = { readonly after: string } | { readonly skip: number } | null;

/** How pages follow each other. */
export type PageOrder = 'key' | 'skip';

/** A query whose pages are read: all but the place. */
export type PagedQuery = Pick<ListQuery, 'select' | 'filter' | 'allowedOnly'> & { readonly top: number };

/** A page, and where the next one begins; null after the last one. */
export interface ReadPage {
  readonly rows: readonly PageRow[];
  readonly next: PagePlace;
}

/**
 * Reads a page of a catalog in the order of references. A page counts as the last one only if it is empty: a short one
 * may be spoiled. Throws a ServiceError for a page that can't be true.
 */
export async function readPage(
  base: Base,
  set: string,
  { select, filter, allowedOnly, top }: PagedQuery,
  order: PageOrder,
  place: PagePlace,
  options: CallOptions,
): Promise<ReadPage> {
  const after = place !== null && 'after' in place ? place.after : emptyRef;
  const skip = place !== null && 'skip' in place ? place.skip : 0;
  const conditions = [
    ...(order === 'key' ? [`Ref_Key gt ${guid(after)}`] : []),
    ...(filter === undefined ? [] : [filter]),
  ];
  const query: ListQuery = {
    select: ['Ref_Key', ...select],
    orderby: 'Ref_Key',
    top,
    ...(conditions.length > 0 && { filter: conditions.join(' and ') }),
    ...(order === 'skip' && skip > 0 && { skip }),
    ...(allowedOnly !== undefined && { allowedOnly }),
  };
  const rows = rowsOf(await base.list(set, query, options));
  if (rows.length > top || rows.some(({ key }) => key === after)) throw unreadable();
  const last = rows.at(-1);
  if (last === undefined) return { rows, next: null };
  return { rows, next: order === 'key' ? { after: last.key } : { skip: skip + rows.length } };
}

/** All pages of a set, one after the other. Unlike in a full reading of clients, a short page is taken for the last one. */
export async function* readPages(
  base: Base,
  set: string,
  query: PagedQuery,
  order: PageOrder,
  options: CallOptions,
): AsyncGenerator<readonly PageRow[]> {
  let place: PagePlace = null;
  do {
    const page: ReadPage = await readPage(base, set, query, order, place, options);
    if (page.rows.length > 0) yield page.rows;
    place = page.rows.length < query.top ? null : page.next;
  } while (place !== null);
}

/** The objects of an answer. Throws a ServiceError unless every one has a reference, and each only once. */
export function rowsOf(answer: readonly unknown[]): readonly PageRow[] {
  const rows = answer.map((row) => {
    const own = fields(row);
    const key = referenceOf(own.Ref_Key);
    if (key === null) throw unreadable();
    return { key, fields: own };
  });
  if (new Set(rows.map(({ key }) => key)).size < rows.length) throw unreadable();
  return rows;
}
