import type { IncomingHttpHeaders } from 'node:http';

const hour = 3_600_000;

/**
 * Parses `Retry-After` (seconds or an HTTP date) into milliseconds, at most `longest`. Null if it is absent, in the
 * past or invalid.
 */
export function retryAfter(headers: IncomingHttpHeaders, now: number, longest = hour): number | null {
  const header = headers['retry-after'];
  if (header === undefined) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, longest) : null;
}
