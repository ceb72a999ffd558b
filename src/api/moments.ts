import { invalid } from './problem.ts';

const day = 86_400_000;
/** The earliest time that is believed. */
const earliest = Date.UTC(1990);

/** Parses the time of a past event, from 1990 to tomorrow. Returns it in UTC. */
export function happenedAt(value: string, path: string, now: number): string {
  return between(value, path, now + day, 'tomorrow');
}

/** Parses a due time, from 1990 to ten years from now. Returns it in UTC. */
export function dueBy(value: string, path: string, now: number): string {
  return between(value, path, now + 3653 * day, 'ten years from now');
}

function between(value: string, path: string, latest: number, words: string): string {
  const at = Date.parse(value);
  if (!Number.isFinite(at)) throw invalid(path, 'time', 'not a valid time');
  if (at < earliest || at > latest) throw invalid(path, 'time', `expected a time between 1990-01-01 and ${words}`);
  return new Date(at).toISOString();
}
