/** Single-byte charsets in which PBXs, mail programs and sites send Russian that is not UTF-8. `koi8-u` reads koi8-r, too. */
export const charsets = ['windows-1251', 'koi8-r', 'ibm866', 'windows-1252', 'x-mac-cyrillic', 'iso-8859-5'] as const;

/** One of {@link charsets}. */
export type Charset = (typeof charsets)[number];

/** Letters of Russian, the most frequent first. */
const frequent = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё';
const weights = new Map([...frequent].map((letter, i) => [letter, 3 - i * 0.18]));
const decoders = new Map<Charset, InstanceType<typeof TextDecoder>>();
const encodings = new Map<Charset, ReadonlyMap<string, number>>();

/** Decodes bytes of a single-byte charset. Every byte is a character. */
export function decodeAs(bytes: Uint8Array, charset: Charset): string {
  let decoder = decoders.get(charset);
  if (decoder === undefined) {
    // The two differ in drawing characters only, which no name contains.
    decoder = new TextDecoder(charset === 'koi8-r' ? 'koi8-u' : charset);
    decoders.set(charset, decoder);
  }
  return decoder.decode(bytes);
}

/** Encodes a text in a single-byte charset; null if a character is not part of it. */
export function encodeAs(text: string, charset: Charset): Uint8Array | null {
  let codes = encodings.get(charset);
  if (codes === undefined) {
    const all = Uint8Array.from({ length: 256 }, (_, code) => code);
    codes = new Map([...decodeAs(all, charset)].map((character, code) => [character, code]));
    encodings.set(charset, codes);
  }
  const bytes = new Uint8Array(text.length);
  let i = 0;
  for (const character of text) {
    // Windows leaves some bytes undefined; programs pass them on as control characters.
    const code = codes.get(character) ?? (character >= '\x80' && character <= '\x9f' ? character.charCodeAt(0) : null);
    if (code === null) return null;
    bytes[i++] = code;
  }
  return bytes.subarray(0, i);
}

/** Guesses the charset of a text that is not UTF-8: the one in which it looks most like words. */
export function guessCharset(
  bytes: Uint8Array,
  among: readonly Charset[] = ['windows-1251', 'koi8-r', 'windows-1252'],
): Charset {
  let best: Charset = among[0] ?? 'windows-1251';
  let most = Number.NEGATIVE_INFINITY;
  for (const charset of among) {
    const score = plausibility(decodeAs(bytes, charset));
    if (score > most) {
      best = charset;
      most = score;
    }
  }
  return best;
}

/** How much a text looks like Russian: above zero if it does, about zero for Latin letters, below zero for neither. */
export function plausibility(text: string): number {
  let score = 0;
  for (const [word] of text.matchAll(/\p{L}+/gu)) {
    const cyrillic = word.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
    const ascii = word.match(/[A-Za-z]/g)?.length ?? 0;
    const accented = word.length - cyrillic - ascii;
    if (cyrillic > 0 && cyrillic < word.length) score -= 4 * word.length;
    if (accented > ascii) score -= 2 * accented;
    // Reading one Cyrillic charset as the other swaps small and capital letters.
    if (/\p{Ll}\p{Lu}/u.test(word)) score -= 2 * word.length;
    for (const letter of word.toLowerCase()) score += weights.get(letter) ?? 0;
  }
  return score - 2 * (text.match(/[\u0080-\u009f\u00d7\u00f7\u2500-\u25ff]/g)?.length ?? 0);
}
