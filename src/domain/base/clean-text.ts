/*
 * What no store may be given: NUL, which PostgreSQL's text and JSON refuse, and halves of a surrogate pair, which are no
 * characters. Each becomes U+FFFD, the replacement character, so that two different ids don't become the same one. From words
 * that people read NUL is taken away: text in UTF-16 that was taken for something else has one at every other place.
 */

const replacement = '\ufffd';
/** Levels of nesting that are walked; the deepest data of ours has fewer than ten. */
const deepest = 100;
/** Keys of words that people read. */
const prose: ReadonlySet<string> = new Set(['text', 'subject', 'note', 'problem', 'said']);

/** Whether both stores can keep a text as it is. */
function isClean(text: string): boolean {
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
 * Data with every text in it cleaned, keys of objects among them, and cut to null where it is nested deeper than anything
 * of ours. What is clean already, as almost everything is, is answered itself and not copied.
 */
export function cleanedDeep<T>(data: T): T {
  return isCleanDeep(data) ? data : (copyCleaned(data, 0) as T);
}

/** Whether every text within data is clean, keys of objects among them, and none of it nested too deeply to be walked. */
export function isCleanDeep(data: unknown): boolean {
  return isCleanFrom(data, 0);
}

function isCleanFrom(data: unknown, depth: number): boolean {
  if (typeof data === 'string') return isClean(data);
  if (typeof data !== 'object' || data === null) return true;
  if (depth >= deepest) return false;
  if (Array.isArray(data)) return data.every((one) => isCleanFrom(one, depth + 1));
  const fields = data as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) if (!isClean(key) || !isCleanFrom(fields[key], depth + 1)) return false;
  return true;
}

function copyCleaned(data: unknown, depth: number): unknown {
  if (typeof data === 'string') return cleaned(data);
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return data;
  if (depth >= deepest) return null;
  if (Array.isArray(data)) return data.map((one) => copyCleaned(one, depth + 1));
  // Unlike an assignment it also takes a key `__proto__` for a key.
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [cleaned(key), cleanedField(key, value, depth + 1)]),
  );
}

function cleanedField(key: string, value: unknown, depth: number): unknown {
  return copyCleaned(typeof value === 'string' && prose.has(key) ? value.replaceAll('\0', '') : value, depth);
}
