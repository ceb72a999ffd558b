import { createHash } from 'node:crypto';

/**
 * A key as the database sorts it. 1C stores the groups of a reference in another order than it writes them, so references sorted
 * by the database are not sorted as texts.
 */
export function orderOf(guid: string): string {
  const [time = '', middle = '', version = '', clock = '', node = ''] = guid.toLowerCase().split('-');
  return `${clock}${node}${version}${middle}${time}`;
}

/** The key of the nth generated object of a set, from 1. They ascend in the database's order. */
export function generatedKey(set: string, n: number): string {
  return `${prefixOf(set)}-0000-11ee-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Which generated object a key belongs to; null if it was not generated. */
export function generatedNumber(set: string, key: string): number | null {
  return key.startsWith(`${prefixOf(set)}-0000-11ee-8000-`) ? Number.parseInt(key.slice(-12), 16) : null;
}

const prefixes = new Map<string, string>();

function prefixOf(set: string): string {
  const known = prefixes.get(set);
  if (known !== undefined) return known;
  const made = createHash('md5').update(set).digest('hex').slice(0, 8);
  prefixes.set(set, made);
  return made;
}
