import { isDeepStrictEqual } from 'node:util';
import type { Wanted } from './ours.ts';
import type { Seen } from './seen.ts';

/** The differences of what is seen from what is wanted, a line each. `about` says what a name stands for. */
export function differencesOf(wanted: Wanted, seen: Seen, about: (name: string) => string): readonly string[] {
  const names = [...new Set([...wanted.keys(), ...seen.keys()])].toSorted();
  return names.flatMap((name) => {
    const found = seen.get(name);
    const accepted = wanted.get(name) ?? [undefined];
    if (accepted.some((one) => isSame(one, found))) return [];
    return [`${name} (${about(name)})\n  wanted ${accepted.map(text).join('\n      or ')}\n  seen   ${text(found)}`];
  });
}

/** `*` stands for anything. */
function isSame(wanted: unknown, seen: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || typeof seen !== 'object' || seen === null)
    return isDeepStrictEqual(wanted, seen);
  const names = new Set([...Object.keys(wanted), ...Object.keys(seen)]);
  const value = (of: object, name: string) => (of as Readonly<Record<string, unknown>>)[name];
  return [...names].every(
    (name) => value(wanted, name) === '*' || isDeepStrictEqual(value(wanted, name), value(seen, name)),
  );
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 600);
}
