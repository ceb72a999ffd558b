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
  const word = new Word();
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = kinds[code] || kindOf(code);
    if ((kind & letter) !== 0) word.add(code, kind);
    else {
      score += word.end();
      if ((kind & drawn) !== 0) score -= 2;
    }
  }
  return score + word.end();
}

/** What matters about characters, as bits. `known` is set once a character has been looked at. */
const [known, letter, cyrillic, ascii, small, capital, drawn] = [1, 2, 4, 8, 16, 32, 64] as const;
const kinds = new Uint8Array(65_536);
const weightOf = new Float64Array(65_536);

function kindOf(code: number): number {
  const character = String.fromCharCode(code);
  const is = (pattern: RegExp, bit: number) => (pattern.test(character) ? bit : 0);
  const kind =
    known |
    is(/\p{L}/u, letter) |
    is(/\p{Script=Cyrillic}/u, cyrillic) |
    is(/[A-Za-z]/, ascii) |
    is(/\p{Ll}/u, small) |
    is(/\p{Lu}/u, capital) |
    is(/[\u0080-\u009f\u00d7\u00f7\u2500-\u25ff]/, drawn);
  kinds[code] = kind;
  weightOf[code] = weights.get(character.toLowerCase()) ?? 0;
  return kind;
}

/** Letters in a row, as they come. */
class Word {
  #length = 0;
  #cyrillic = 0;
  #ascii = 0;
  #weight = 0;
  #last = 0;
  #isSwapped = false;

  add(code: number, kind: number): void {
    this.#length += 1;
    if ((kind & cyrillic) !== 0) this.#cyrillic += 1;
    if ((kind & ascii) !== 0) this.#ascii += 1;
    if ((this.#last & small) !== 0 && (kind & capital) !== 0) this.#isSwapped = true;
    this.#weight += weightOf[code] ?? 0;
    this.#last = kind;
  }

  /** The score of the word that ends here, if there is one. */
  end(): number {
    const length = this.#length;
    if (length === 0) return 0;
    let score = this.#weight;
    const accented = length - this.#cyrillic - this.#ascii;
    if (this.#cyrillic > 0 && this.#cyrillic < length) score -= 4 * length;
    if (accented > this.#ascii) score -= 2 * accented;
    // Reading one Cyrillic charset as the other swaps small and capital letters.
    if (this.#isSwapped) score -= 2 * length;
    this.#length = this.#cyrillic = this.#ascii = this.#weight = this.#last = 0;
    this.#isSwapped = false;
    return score;
  }
}
