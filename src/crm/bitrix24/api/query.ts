import type { Parameters } from './portal.ts';

/** Parameters as a query with PHP's brackets, which commands of a batch are written in: `FIELDS[PHONE][0][VALUE]=…`. */
export function queryOf(parameters: Parameters): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) => pairs(name, value))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

function pairs(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (value === null) return [[name, '']];
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${key}]`, inner));
}
