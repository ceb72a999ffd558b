import { Type } from 'typebox';
import type { PageQuery } from '../domain/ports/queries.ts';
import { Problem } from './problem.ts';

/** The query parameters of every listing. */
export const pageParameters = {
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1–200. Default: 50.' })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: '`next` of the previous page.' })),
};

/**
 * The requested page. The cursors of a listing have `parts` parts. Any other cursor is refused: ignoring it would start
 * again at the first page, and the client would never reach the end.
 */
export function pageAsked(
  { limit, cursor }: { readonly limit?: string | undefined; readonly cursor?: string | undefined },
  parts: number,
): PageQuery {
  if (cursor !== undefined && !isCursor(cursor, parts)) {
    const message = 'not a cursor of this listing; pass on `next` unchanged';
    throw new Problem('invalid', 'the query is not as expected', [{ path: '/cursor', code: 'cursor', message }]);
  }
  return { limit: Number(limit ?? '50'), cursor: cursor ?? null };
}

function isCursor(cursor: string, parts: number): boolean {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) && place.length === parts && place.every((part) => typeof part === 'string');
  } catch {
    return false;
  }
}
