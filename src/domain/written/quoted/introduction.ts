import { wordsOf } from './languages.ts';
import {
  bare,
  hasAddress,
  hasDate,
  hasTime,
  isMarked,
  isRow,
  type LetterLine,
  maxIntroductionLength,
  wordsIn,
} from './lines.ts';

/** A line, possibly wrapped, that says whose words follow: "15.09.2026, 14:41, Ivan <ivan@client.example>:". */
export interface Introduction {
  /** Number of its lines. */
  readonly lines: number;
  /** Whether it is one even if the words that follow are not marked as quoted: it has a date, a time and an address. */
  readonly sure: boolean;
}

const openings = wordsOf('openings');
const days = wordsOf('days');
const verbs = wordsOf('verbs');
const spoken = wordsOf('spoken');

/** Mail programs wrap an introduction into at most so many lines. */
const maxLines = 4;
/** Limits in words: of the date that begins an introduction, of the author before the verb, and of an introduction without an address. */
const maxDateWords = 6;
const maxAuthorWords = 10;
const maxPlainWords = 18;

/** The introduction that begins at a line, or null. The line above it may be the writer's own, so the shortest one counts. */
export function introductionAt(lines: readonly LetterLine[], at: number): Introduction | null {
  const parts: string[] = [];
  for (let i = at; i < Math.min(lines.length, at + maxLines); i += 1) {
    const part = bare(lines[i]);
    if (part === '' || part.length > maxIntroductionLength || isMarked(lines[i]) || isRow(part)) return null;
    parts.push(part);
    const colon = endsWithColon(part);
    if (!colon && !(isAboveMarked(lines, i) && mayEnd(part))) continue;
    const facts = factsOf(parts.join(' '));
    if (facts !== null) return beginsBelow(parts, facts) ? null : { lines: parts.length, sure: facts.sure };
    if (colon) return null;
  }
  return null;
}

/** Whether the introduction begins below the first of these lines. A wrapped one may lack only its date there. */
function beginsBelow(parts: readonly string[], whole: Facts): boolean {
  for (let i = 1; i < parts.length; i += 1) {
    const above = parts[i - 1] ?? '';
    const facts = factsOf(parts.slice(i).join(' '));
    if (facts === null) continue;
    if (facts.dated) return !isOpening(above);
    return !whole.dated || !whole.dateFirst || /[!?]$|[^.]{6}\.$/.test(above);
  }
  return false;
}

/** Whether a line is only the beginning of a date: "Am Dienstag, den". */
function isOpening(part: string): boolean {
  const words = wordsIn(part);
  return words.length <= 3 && words.every((word) => openings.has(word) || days.has(word));
}

/** Some programs write no colon: "…, sales@our.example написал", "Am … schrieb sales@our.example". */
function mayEnd(part: string): boolean {
  const last = wordsIn(part).at(-1) ?? '';
  return verbs.has(last) || last.includes('@');
}

/** Whether the next line with text is marked as quoted. */
function isAboveMarked(lines: readonly LetterLine[], at: number): boolean {
  return isMarked(lines[at + 1]) || (bare(lines[at + 1]) === '' && isMarked(lines[at + 2]));
}

function endsWithColon(line: string): boolean {
  return /[:：]\*?$/.test(line);
}

interface Facts {
  readonly sure: boolean;
  readonly dated: boolean;
  readonly dateFirst: boolean;
}

/** What speaks for an introduction, or null if this is not one. */
function factsOf(line: string): Facts | null {
  const words = wordsIn(line);
  const address = hasAddress(line);
  const verb = words.findIndex((word) => verbs.has(word));
  if (!address && (words.length > maxPlainWords || isSpoken(words, verb))) return null;
  const dateFirst = beginsWithDate(words);
  const dated = hasDate(words);
  if (!dateFirst && !isAuthorFirst(line, verb)) return null;
  if (dated ? !address && verb === -1 : verb === -1 || dateFirst) return null;
  const colon = endsWithColon(line);
  const timed = hasTime(words);
  if (!colon && !(dated && timed && address)) return null;
  return { sure: colon && dated && timed && address, dated, dateFirst };
}

/** "Your manager wrote to me yesterday:" is a sentence of the writer's own; "You wrote on 15 September:" is not. */
function isSpoken(words: readonly string[], verb: number): boolean {
  return words.some((word, i) => spoken.has(word) && i !== verb);
}

function beginsWithDate(words: readonly string[]): boolean {
  const start = words.findIndex((word) => !openings.has(word));
  if (start === -1 || start > 4) return false;
  const first = words[start] ?? '';
  return (days.has(first) || /^\d/.test(first)) && hasDate(words.slice(start, start + maxDateWords));
}

/** Whether a name, or an address, stands before the verb. */
function isAuthorFirst(line: string, verb: number): boolean {
  return verb > 0 && verb <= maxAuthorWords && /^[\p{Lu}\p{Lo}\p{N}"'«“<*]/u.test(line);
}
