import { errors } from '../errors.ts';

/** The options of a request that reads. */
export interface QueryOptions {
  readonly filter: string | null;
  readonly select: readonly string[] | null;
  readonly expand: readonly string[];
  readonly orderby: readonly OrderItem[];
  readonly top: number | null;
  readonly skip: number;
  readonly countsAll: boolean;
  readonly allowedOnly: boolean;
}

/** A sort key. */
export interface OrderItem {
  readonly path: string;
  readonly descending: boolean;
}

const known = [
  '$filter',
  '$select',
  '$expand',
  '$orderby',
  '$top',
  '$skip',
  '$inlinecount',
  '$format',
  'allowedOnly',
  '$allowedOnly',
];

/** Reads the options of a request. */
export function queryOptions(query: URLSearchParams, complain: (text: string) => void): QueryOptions {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    if (name.startsWith('$')) throw errors.options(name);
    complain(`unknown query parameter ${name}`);
  }
  return {
    filter: query.get('$filter'),
    select: query.has('$select') ? list(query.get('$select')) : null,
    expand: list(query.get('$expand')),
    orderby: list(query.get('$orderby')).map(orderItem),
    top: query.has('$top') ? whole(query, '$top') : null,
    skip: query.has('$skip') ? whole(query, '$skip') : 0,
    countsAll: isCounted(query.get('$inlinecount')),
    allowedOnly: (query.get('allowedOnly') ?? query.get('$allowedOnly')) === 'true',
  };
}

function list(text: string | null): readonly string[] {
  return (text ?? '').split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
}

function whole(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (!/^\d{1,9}$/.test(text)) throw errors.options(`${name}=${text}`);
  return Number(text);
}

function isCounted(value: string | null): boolean {
  if (value !== null && value !== 'allpages' && value !== 'none') throw errors.options(`$inlinecount=${value}`);
  return value === 'allpages';
}

function orderItem(text: string): OrderItem {
  const [path = '', direction = 'asc', more] = text.split(/\s+/);
  if (more !== undefined || (direction !== 'asc' && direction !== 'desc')) throw errors.options(`$orderby=${text}`);
  return { path, descending: direction === 'desc' };
}
