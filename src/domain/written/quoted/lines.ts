/** A line of a letter. */
export interface LetterLine {
  readonly text: string;
  /**
   * What the letter's HTML says about this line: a quotation begins here (`quote`), or everything from here on is an earlier letter,
   * marked or not (`rest`).
   */
  readonly begins?: 'quote' | 'rest' | undefined;
}

/** Longer lines are ordinary text. */
export const maxIntroductionLength = 400;

/** The lines of a plain text. */
export function linesOf(text: string): readonly LetterLine[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => ({ text: line }));
}

/** A line without the blanks around it, and without characters that nobody sees. */
export function bare(line: LetterLine | undefined): string {
  const { text = '' } = line ?? {};
  return text.replace(/[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '').trim();
}

/** Whether a line is marked as quoted. The Bat! puts the initials of the author before the mark. */
export function isMarked(line: LetterLine | undefined): boolean {
  const { text = '' } = line ?? {};
  return text.includes('>') && /^\s*(?:\p{Lu}{1,3})?>/u.test(text);
}

/** Whether a line is only a row of dashes, underscores or the like, as drawn by programs and by people. */
export function isRow(text: string): boolean {
  return text.length >= 5 && /^[-_=*─—–]+$/.test(text);
}

/** Whether a text contains an e-mail address. */
export function hasAddress(text: string): boolean {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) && /[\p{L}\p{N}]/u.test(text.charAt(at + 1))) return true;
  }
  return false;
}

/** The words of a line in lower case, without the punctuation around them; `написал(а):` is `написал`. */
export function wordsIn(line: string): readonly string[] {
  return line
    .toLowerCase()
    .split(/\s+/)
    .map((word) => /[\p{L}\p{N}][^()<>]*/u.exec(word)?.[0].replace(/[.,:;"»”*]{1,9}$/u, '') ?? '')
    .filter((word) => word !== '');
}

/** Whether there is a date among words: `15.09.2026`, `2026-09-15`, `15 сентября 2026`. */
export function hasDate(words: readonly string[]): boolean {
  if (words.some((word) => numericDate.test(word))) return true;
  return words.some((word) => dayOfMonth.test(word)) && words.some((word) => year.test(word));
}

/** Whether there is a time of day among words. */
export function hasTime(words: readonly string[]): boolean {
  return words.some((word) => /^\d{1,2}[:.h]\d{2}(?!\d|\.\d)/.test(word));
}

const numericDate = /^(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?!\d)/;
const dayOfMonth = /^\d{1,2}(?:st|nd|rd|th)?$/;
const year = /^(?:19|20)\d\d\p{L}?$/u;
