import { stemmer as englishStem } from '@orama/stemmers/english';
import { stemmer as russianStem } from '@orama/stemmers/russian';

/*
 * How texts are split into words for the search. The store and the page use it alike: the store for texts and questions, the page to
 * mark what was found.
 */

/** A word of a text: a run of letters or of digits. */
export interface Token {
  /** In lower case, composed, without stress marks and soft hyphens; `ё` is `е`. */
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** Longer runs (encoded files, Chinese sentences) are cut for the index and for questions alike. */
const maxWordLength = 64;

/** Letters with what may stand inside a word without dividing it: combining marks, soft hyphens, joiners (format characters). */
const tokens = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*/gu;
const inner = /[\p{M}\p{Cf}]+/gu;
/** Text that needs no Unicode normalisation: nearly all words. */
const plain = /^[0-9a-zа-яё]*$/;

/** Splits a text into words. */
export function* tokensOf(text: string): Generator<Token> {
  for (const found of text.matchAll(tokens)) {
    const word = folded(found[0]);
    if (word !== '') yield { word, from: found.index, to: found.index + found[0].length };
  }
}

function folded(found: string): string {
  const lower = found.toLowerCase();
  const whole = plain.test(lower) ? lower : lower.normalize('NFKC').replace(inner, '').toLowerCase();
  return whole.replaceAll('ё', 'е').slice(0, maxWordLength);
}

const cyrillic = /^\p{Script=Cyrillic}+$/u;
const latin = /^\p{Script=Latin}+$/u;
/** Letters of French, Polish and others that people leave out when they type. */
const accents = /\p{M}+/gu;

/**
 * The stem of a word: Russian for Cyrillic, English for Latin letters. Other words are their own stems. Russian is stemmed twice,
 * because surnames end like plurals: once, "Кузнецов" loses its "ов" but "Кузнецову" only the "у".
 */
export function stemOf(word: string): string {
  if (cyrillic.test(word)) return russianStem(russianStem(word));
  if (!latin.test(word)) return word;
  return englishStem(withoutAccents(word));
}

/** A word as its beginning is searched for: stems have no accents. */
export function withoutAccents(word: string): string {
  return plain.test(word) || !latin.test(word) ? word : word.normalize('NFKD').replace(accents, '');
}
