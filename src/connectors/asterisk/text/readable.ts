import { type Charset, decodeAs, encodeAs, guessCharset } from '../../../runtime/charsets/single-byte.ts';

/** Charsets in which providers and PBXs send names that are not UTF-8. */
export const pbxCharsets = ['windows-1251', 'koi8-r', 'ibm866', 'windows-1252'] as const;

/** The charset of names that are not UTF-8, or `auto` to guess it for each. */
export type NameCharset = Charset | 'auto';

/** Size of the cache. A PBX repeats the names of a call in each of its events. */
const maxCached = 1000;
/** Length in bytes of cached values. */
const maxCachedLength = 300;
const caches = new Map<NameCharset, Map<string, string>>();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const marks = /\ufffd/g;

/**
 * Decodes the lines of a PBX, each by itself, as a line may contain a name that came from a trunk in another charset than the PBX's
 * own. `latin1` has one character a byte. The result contains no replacement characters.
 */
export function readableLines(latin1: string, charset: NameCharset): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  return latin1
    .split('\n')
    .map((line) => (/[\x80-\xff]/.test(line) ? readableLine(line, charset) : line))
    .join('\n');
}

function readableLine(line: string, charset: NameCharset): string {
  if (line.length > maxCachedLength) return readable(Buffer.from(line, 'latin1'), charset);
  let cache = caches.get(charset);
  if (cache === undefined || cache.size >= maxCached) {
    cache = new Map();
    caches.set(charset, cache);
  }
  const known = cache.get(line);
  if (known !== undefined) return known;
  const text = readable(Buffer.from(line, 'latin1'), charset);
  cache.set(line, text);
  return text;
}

/** Decodes bytes as people meant them: UTF-8, also cut off or encoded twice, else the given or most likely charset. */
export function readable(bytes: Uint8Array, charset: NameCharset): string {
  const text = fromUtf8(bytes);
  if (text === null) return decodeAs(bytes, charset === 'auto' ? guessCharset(bytes) : charset);
  return repaired(text);
}

/** Repairs a text that was made UTF-8 although it was UTF-8 or another charset already, and removes replacement characters. */
export function repaired(text: string): string {
  let best = text;
  for (let round = 0; round < 2; round += 1) {
    const once = decodedTwice(best) ?? latinAsCyrillic(best);
    if (once === null) break;
    best = once;
  }
  return best.replace(marks, '');
}

/** The text if the bytes are UTF-8; a character that was cut off at either end is dropped. */
function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    const loose = Buffer.from(bytes).toString('utf8');
    const lost = loose.match(marks)?.length ?? 0;
    const kept = loose.match(/[\x80-\ufffc]/g)?.length ?? 0;
    return kept > 2 * lost ? loose.replace(marks, '') : null;
  }
}

/** The text of which the bytes of its UTF-8 were read as another charset; null if it looks as it should. */
function decodedTwice(text: string): string | null {
  if (!/\P{ASCII}/u.test(text)) return null;
  for (const charset of ['windows-1252', 'windows-1251', 'koi8-r', 'ibm866'] as const) {
    const bytes = encodeAs(text, charset);
    if (bytes === null) continue;
    try {
      const once = utf8.decode(bytes);
      const pairs = text.length - once.length;
      // A single pair of Cyrillic letters may be a word; a pair like Ã© is none.
      if (pairs > (charset === 'windows-1252' ? 0 : 1)) return once;
    } catch {
      // Not UTF-8: the text was not read as this charset.
    }
  }
  return null;
}

/** A Cyrillic text of which the bytes were read as Latin-1: it has words of accented letters only. Null for other texts. */
function latinAsCyrillic(text: string): string | null {
  if (!/[\u00c0-\u00ff]{3}/.test(text) || /[\u0100-\uffff]/.test(text)) return null;
  const bytes = Buffer.from(text, 'latin1');
  const charset = guessCharset(bytes);
  return charset === 'windows-1252' ? null : decodeAs(bytes, charset);
}
