import type { Page } from '../../domain/ports/queries.ts';

/** Cuts a listing, fetched with one row more than the limit, into a page with the cursor of the next one. */
export function pageOf<T>(
  fetched: readonly T[],
  limit: number,
  place: (last: T) => readonly (string | number)[],
): Page<T> {
  const items = fetched.slice(0, limit);
  const last = items.at(-1);
  const more = fetched.length > limit && last !== undefined;
  return { items, next: more ? toCursor(place(last)) : null };
}

/** The cursor of a place, as a listing's order defines it. */
export function toCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Parses a cursor. Null for no cursor and for an invalid one, which restarts the listing. */
export function readCursor(cursor: string | null): readonly string[] | null {
  if (cursor === null) return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) && place.every((part) => typeof part === 'string') ? place : null;
  } catch {
    return null;
  }
}
