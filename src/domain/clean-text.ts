/*
 * What no store may be given: NUL, which PostgreSQL's text and JSON refuse, and halves of a surrogate pair, which are no
 * characters. Each becomes U+FFFD, the replacement character, so that two different ids don't become the same one. From words
 * that people read NUL is taken away: text in UTF-16 that was taken for something else has one at every other place.
 */

const replacement = '\ufffd';
/** Keys of words that people read. */
const prose: ReadonlySet<string> = new Set(['text', 'subject', 'note', 'problem']);

/** Whether both stores can keep a text as it is. */
export function isClean(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text as both stores can keep it. */
export function cleaned(text: string): string {
  return isClean(text) ? text : text.toWellFormed().replaceAll('\0', replacement);
}

/** The beginning of a text, cut between two characters and never within one. */
export function beginning(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.toWellFormed().replace(/\ufffd$/, '');
}

/**
 * Data with every text in it cleaned, keys of objects among them. What is clean already, as almost everything is, is
 * answered itself and not copied.
 */
export function cleanedDeep<T>(data: T): T {
  return isCleanDeep(data) ? data : (copyCleaned(data) as T);
}

/** Whether every text within data is clean, keys of objects among them. */
export function isCleanDeep(data: unknown): boolean {
  if (typeof data === 'string') return isClean(data);
  if (typeof data !== 'object' || data === null) return true;
  if (Array.isArray(data)) return data.every(isCleanDeep);
  const fields = data as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) if (!isClean(key) || !isCleanDeep(fields[key])) return false;
  return true;
}

function copyCleaned(data: unknown): unknown {
  if (typeof data === 'string') return cleaned(data);
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return data;
  if (Array.isArray(data)) return data.map(copyCleaned);
  // Unlike an assignment it also takes a key `__proto__` for a key.
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [cleaned(key), cleanedField(key, value)]));
}

function cleanedField(key: string, value: unknown): unknown {
  return copyCleaned(typeof value === 'string' && prose.has(key) ? value.replaceAll('\0', '') : value);
}
