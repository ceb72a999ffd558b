import { stemOf, tokensOf } from './tokens.ts';
import { addressesIn, numbersIn } from './wholes.ts';

/** Characters of a contact's texts that can be found. A letter that is longer than a book has its beginning searched. */
export const maxIndexedLength = 400_000;
/** Different words of a contact that are kept; letters of people have a few thousand at most. */
const maxWords = 20_000;

/**
 * The words under which texts are found: each as its stem, and addresses and numbers also as wholes. Each occurs once;
 * none has blanks, quotes or control characters.
 */
export function indexWords(texts: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const stems = new Map<string, string>();
  let room = maxIndexedLength;
  for (const whole of texts) {
    const text = whole.slice(0, room);
    room -= text.length;
    const tokens = [...tokensOf(text)];
    for (const { word } of tokens) {
      let stem = stems.get(word);
      if (stem === undefined) {
        stem = stemOf(word);
        stems.set(word, stem);
      }
      found.add(stem);
    }
    for (const { words } of [...addressesIn(text, tokens), ...numbersIn(text, tokens)])
      for (const word of words) found.add(word);
  }
  found.delete('');
  return [...found].slice(0, maxWords);
}
