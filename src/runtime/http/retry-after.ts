import type { IncomingHttpHeaders } from 'node:http';

const hour = 3_600_000;

/** `Retry-After` in milliseconds, cut to `longest`: seconds or an HTTP date. Null when absent, in the past or rubbish. */
export function retryAfter(headers: IncomingHttpHeaders, now: number, longest = hour): number | null {
  const header = headers['retry-after'];
  if (header === undefined) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, longest) : null;
}
