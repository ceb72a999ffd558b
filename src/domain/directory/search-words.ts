const word = /[\p{L}\p{N}]+/gu;
const marks = /\p{M}+/gu;
/** Names without composed letters need no normalisation: nearly all of them, in a third of the time. */
const plain = /^[\0-\x7fа-яё«»№–—“”]*$/;
/** Words of a query; further ones are ignored. */
const maxQueryWords = 8;

/** The maximum number of clients found; another word narrows the search. */
export const maxClientsFound = 1000;

/**
 * The words of a name as search compares them: letters and digits without case and diacritics, so that `ё` equals `е`, `й` equals `и` and
 * `é` equals `e`. Used for the index and the query.
 */
export function searchWords(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const folded = plain.test(lower)
    ? lower.replaceAll('ё', 'е').replaceAll('й', 'и')
    : lower.normalize('NFKD').replace(marks, '');
  return folded.match(word) ?? [];
}

/** The words of a query, each once. */
export function queryWords(question: string): readonly string[] {
  return [...new Set(searchWords(question))].slice(0, maxQueryWords);
}

/** Whether a name has them all as beginnings of its words, in any order. */
export function hasWords(name: string, asked: readonly string[]): boolean {
  const words = searchWords(name);
  return asked.every((one) => words.some((candidate) => candidate.startsWith(one)));
}
