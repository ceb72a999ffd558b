/*
 * Removes what the stores cannot keep: NUL, which PostgreSQL's text and JSON types reject, and lone surrogates, which are not
 * characters. Each becomes U+FFFD, the replacement character, so that different ids stay different. From prose, NUL is removed
 * instead: UTF-16 text that was decoded with another encoding has one after every letter.
 */

const replacement = '\ufffd';
/** The maximum nesting depth. Our own data has fewer than ten levels. */
const maxDepth = 100;
/** Keys of fields with prose. */
const prose: ReadonlySet<string> = new Set(['text', 'subject', 'note', 'problem', 'said']);

/** Whether both stores can keep a text unchanged. */
function isClean(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text in a form that both stores can keep. */
export function cleaned(text: string): string {
  return isClean(text) ? text : text.toWellFormed().replaceAll('\0', replacement);
}

/** The beginning of a text of at most `max` UTF-16 units. Never splits a surrogate pair. */
export function beginning(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.toWellFormed().replace(/\ufffd$/, '');
}

/**
 * Cleans all strings in the data, including object keys, and replaces anything nested too deeply by null. Clean data, which is
 * the usual case, is returned itself instead of a copy.
 */
export function cleanedDeep<T>(data: T): T {
  return isCleanDeep(data) ? data : (copyCleaned(data, 0) as T);
}

/** Whether all strings in the data are clean, including object keys, and nothing is nested too deeply. */
export function isCleanDeep(data: unknown): boolean {
  return isCleanFrom(data, 0);
}

function isCleanFrom(data: unknown, depth: number): boolean {
  if (typeof data === 'string') return isClean(data);
  if (typeof data !== 'object' || data === null) return true;
  if (depth >= maxDepth) return false;
  if (Array.isArray(data)) return data.every((one) => isCleanFrom(one, depth + 1));
  const fields = data as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) if (!isClean(key) || !isCleanFrom(fields[key], depth + 1)) return false;
  return true;
}

function copyCleaned(data: unknown, depth: number): unknown {
  if (typeof data === 'string') return cleaned(data);
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return data;
  if (depth >= maxDepth) return null;
  if (Array.isArray(data)) return data.map((one) => copyCleaned(one, depth + 1));
  // Unlike assignment, `fromEntries` treats `__proto__` as an ordinary key.
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [cleaned(key), cleanedField(key, value, depth + 1)]),
  );
}

function cleanedField(key: string, value: unknown, depth: number): unknown {
  return copyCleaned(typeof value === 'string' && prose.has(key) ? value.replaceAll('\0', '') : value, depth);
}
