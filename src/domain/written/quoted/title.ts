import { phrasesOf } from './languages.ts';
import { bare, hasDate, isRow, type LetterLine, wordsIn } from './lines.ts';

const original = new Set([...phrasesOf('original')].map(inner));
const forwarded = new Set([...phrasesOf('forwarded')].map(inner));
/** The line of Bitrix24 above a quoted letter, with its date. */
const answerTo = 'ответ на письмо от';
const minTitleLength = 8;
const maxTitleLength = 120;

/** The title above a letter: one that is answered, or one that is forwarded. */
export type Title = 'original' | 'forwarded';

/** The title in a line, if any. Between dashes it is unmistakable; without them it needs the lines of a header below. */
export function titleOf(line: LetterLine | undefined): { readonly title: Title; readonly drawn: boolean } | null {
  const text = bare(line);
  if (text.length < minTitleLength || text.length > maxTitleLength) return null;
  const words = inner(text);
  const drawn = text.startsWith('--') && text.endsWith('--');
  if (original.has(words)) return { title: 'original', drawn };
  if (forwarded.has(words)) return { title: 'forwarded', drawn };
  // Lotus Notes names itself and the date: "----- Forwarded by Ivan on 15.09.2026 -----".
  const lotus = drawn && [...forwarded].some((phrase) => words.startsWith(`${phrase} `));
  return lotus ? { title: 'forwarded', drawn } : null;
}

/** Whether a row and Bitrix24's line below it begin here. */
export function isAnswerTitle(lines: readonly LetterLine[], at: number): boolean {
  const below = bare(lines[at + 1]).slice(0, maxTitleLength);
  return isRow(bare(lines[at])) && below.toLowerCase().startsWith(answerTo) && hasDate(wordsIn(below));
}

/** The words of a title without what is drawn around them, and without hyphens. */
function inner(text: string): string {
  const words = text.toLowerCase().split(/[-_=*─—–:\s]+/);
  return words.filter((word) => word !== '').join(' ');
}
