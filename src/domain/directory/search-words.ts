const word = /[\p{L}\p{N}]+/gu;
const marks = /\p{M}+/gu;
/** What needs no taking apart of composed letters: nearly every name here, and a third of the time. */
const plain = /^[\0-\x7fа-яё«»№–—“”]*$/;
/** A question has no more words than this; further ones are not looked at. */
const mostWords = 8;

/** Clients that a search finds at the most: one more word finds the others. */
export const mostFound = 1000;

/**
 * The words of a name as search compares them: letters and digits only, whatever their case and their marks, so that
 * `ё` is `е`, `й` is `и` and `é` is `e`. For the index and the question alike.
 */
export function searchWords(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const folded = plain.test(lower)
    ? lower.replaceAll('ё', 'е').replaceAll('й', 'и')
    : lower.normalize('NFKD').replace(marks, '');
  return folded.match(word) ?? [];
}

/** The words that a question asks for, each once. */
export function askedWords(question: string): readonly string[] {
  return [...new Set(searchWords(question))].slice(0, mostWords);
}

/** Whether a name has them all, each as the beginning of one of its words, in any order. */
export function hasWords(name: string, asked: readonly string[]): boolean {
  const words = searchWords(name);
  return asked.every((one) => words.some((candidate) => candidate.startsWith(one)));
}
