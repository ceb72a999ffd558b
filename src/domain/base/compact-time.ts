/** Writes a time (RFC 3339, UTC) as cloud PBXs do: `20261201T090000Z`. */
export function compactTime(time: string): string {
  return `${time.slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Reads such a time, also as `2026-12-01T09:00:00Z` or `2026-12-01 09:00:00`, all in UTC; null if it is none. */
export function fromCompactTime(text: string): number | null {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(?:\.\d{1,9})?Z?$/.exec(text);
  if (found === null) return null;
  const [year = 0, month = 1, date, hour, minute, second] = found.slice(1).map(Number);
  const at = Date.UTC(year, month - 1, date, hour, minute, second);
  return Number.isNaN(at) ? null : at;
}
