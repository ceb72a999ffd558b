import { Type } from 'typebox';
import type { PageQuery } from '../domain/store-port.ts';

/** The query parameters of every listing. */
export const pageParameters = {
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1–200, 50 unless told.' })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: '`next` of the page before.' })),
};

/** The page that was asked for. */
export function pageOf(query: { readonly limit?: string; readonly cursor?: string }): PageQuery {
  return { limit: Number(query.limit ?? '50'), cursor: query.cursor ?? null };
}
