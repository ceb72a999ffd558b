import { invalid } from './problem.ts';

const day = 86_400_000;
/** Nothing that is told of happened before there were such programs. */
const earliest = Date.UTC(1990);

/** A time at which something happened, in UTC: from 1990 to tomorrow. */
export function happenedAt(value: string, path: string, now: number): string {
  return between(value, path, now + day, 'tomorrow');
}

/** A time by which something is to be done, in UTC: from 1990 to ten years from now. */
export function dueBy(value: string, path: string, now: number): string {
  return between(value, path, now + 3653 * day, 'ten years from now');
}

function between(value: string, path: string, latest: number, words: string): string {
  const at = Date.parse(value);
  if (!Number.isFinite(at)) throw invalid(path, 'time', 'no such time');
  if (at < earliest || at > latest) throw invalid(path, 'time', `expected a time between 1990-01-01 and ${words}`);
  return new Date(at).toISOString();
}
