import { isHeaderBlock, shortHeaderAt } from './header-block.ts';
import { introductionAt } from './introduction.ts';
import { phrasesOf } from './languages.ts';
import { bare, isMarked, isRow, type LetterLine, linesOf } from './lines.ts';
import { isAnswerTitle, titleOf } from './title.ts';

/** A reply's own text, and the quotation in it (empty if nothing is folded). */
export interface Folded {
  readonly own: string;
  readonly quoted: string;
}

/** Where the quoted history of a reply begins, and where it ends: a signature may follow. */
export interface History {
  readonly from: number;
  readonly to: number;
  /** What follows: nothing, words of a virus scanner, or the writer's own signature. */
  readonly tail: 'none' | 'scanner' | 'own';
}

const greetings = [...phrasesOf('greetings')];
const sentFrom = [...phrasesOf('sentFrom')];
const scanners = /antivirus|антивирус|virus-free|без вирусов|avast|kaspersky|касперск|dr\.web|\bavg\b/i;
/** "Answers below, in red", "a price for the letter below": the history that is not marked is what the writer speaks of. */
const answered =
  /ответ|см\.|смотри|комментар|письм|заявк|запрос|відповід|дивит|запит|answer|comment|repl|see|request|enquiry|inquiry|antwort|siehe|anfrage|réponse|voir|respuesta|odpowied|cevap|жауап/i;
const there =
  /ниже|нижче|в тексте|в тексті|красным|синим|червоним|below|inline|in line|in red|in blue|unten|ci-dessous|abajo|poniżej|aşağıda|төменде/i;
/** A title or a header is searched so many lines below a row. */
const maxGap = 2;
/** Lines of an introduction that HTML marks as one, whatever its language. */
const maxIntroduction = 4;

/**
 * Separates the quoted history of a letter that answers another one. Nothing is folded if the writer's words may be among it: between
 * or below the quotations, or if there is nothing above it.
 */
export function foldQuoted(text: string): Folded {
  const lines = linesOf(text);
  const history = historyIn(lines);
  return history === null ? { own: text.trim(), quoted: '' } : folded(lines, history);
}

/** The own and the quoted lines. What follows the history belongs to the writer's own text. */
export function folded(lines: readonly LetterLine[], { from, to }: History): Folded {
  const join = (part: readonly LetterLine[]) =>
    part
      .map(({ text }) => text)
      .join('\n')
      .trim();
  const own = [join(lines.slice(0, from)), join(lines.slice(to))].filter((part) => part !== '');
  return { own: own.join('\n\n'), quoted: join(lines.slice(from, to)) };
}

/** The sender's own lines, without any that are quoted or forwarded; empty for a text that is only that. */
export function ownWords(text: string): string {
  const lines = linesOf(text);
  const end = lines.findIndex((line, i) => {
    const title = titleOf(line);
    return title?.drawn || isUnmarkedHistory(lines, i, title) || introductionAt(lines, i)?.sure;
  });
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .filter((line) => !isMarked(line))
    .map((line) => line.text)
    .join('\n');
}

/** The quoted history of a letter that answers another one, or null if all of it is shown. */
export function historyIn(lines: readonly LetterLine[]): History | null {
  const marks = new Marks(lines);
  const first = lines.findIndex((line) => isOwn(line));
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    if (bare(line) === '' || (isMarked(line) && line?.begins === undefined)) continue;
    const title = titleOf(line);
    if (title?.title === 'forwarded') return null;
    const found = isUnmarkedHistory(lines, i, title) ? marks.rest(i) : markedHistory(lines, i, marks);
    if (found !== null) return hasOwnWords(lines, first, found) ? found : null;
  }
  const found = marks.atEnd();
  return found !== null && hasOwnWords(lines, first, found) ? found : null;
}

/** Whether a line begins an earlier letter that mail programs do not mark: everything from there on is history. */
function isUnmarkedHistory(lines: readonly LetterLine[], at: number, title: ReturnType<typeof titleOf>): boolean {
  if (lines[at]?.begins === 'rest' || title?.drawn) return true;
  if (isAnswerTitle(lines, at) || isHeaderBlock(lines, at, false)) return true;
  const row = isRow(bare(lines[at]));
  if (!row && title === null) return false;
  let below = at + 1;
  while (below <= at + maxGap && bare(lines[below]) === '') below += 1;
  const { drawn = false, title: kind } = titleOf(lines[below]) ?? {};
  return isHeaderBlock(lines, below, true) || (drawn && kind === 'original');
}

/** The history that an introduction begins, or HTML; null if the lines below are not only quoted ones. */
function markedHistory(lines: readonly LetterLine[], at: number, marks: Marks): History | null {
  if (lines[at]?.begins === 'quote') {
    // Below an answered quotation, a further one is a part of the conversation.
    if (marks.anyAbove(at)) return null;
    let below = at;
    for (let n = 0; n < maxIntroduction && below < lines.length && !isMarked(lines[below]); below += 1)
      if (bare(lines[below]) !== '') n += 1;
    return marks.below(at, below, false);
  }
  const start = at + shortHeaderAt(lines, at);
  const introduction = introductionAt(lines, start);
  return introduction === null ? null : marks.below(at, start + introduction.lines, introduction.sure);
}

/** Whether the writer said something above the history: more than a greeting, a signature or what a telephone adds. */
function hasOwnWords(lines: readonly LetterLine[], first: number, { from, to }: History): boolean {
  if (first === -1 || first >= from || isSignature(lines[first])) return false;
  const own = lines.slice(first, from).filter((line) => isOwn(line));
  if (to < lines.length || lines.slice(from, to).some((line) => isMarked(line))) return true;
  const only = bare(own[0]).toLowerCase();
  if (own.length === 1 && only.length <= 60 && greetings.some((greeting) => only.startsWith(greeting))) return false;
  return !own.some(({ text }) => answered.test(text) && there.test(text));
}

/** Whether the writer wrote a line himself. */
function isOwn(line: LetterLine): boolean {
  const text = bare(line).toLowerCase();
  return text !== '' && !sentFrom.some((phrase) => text.startsWith(phrase));
}

function isSignature(line: LetterLine | undefined): boolean {
  return /^(?:--|—|__|==)[-—_=]*$/.test(bare(line));
}

/** Where the marked lines of a letter are. Counted once, so that many introductions take no more time than one. */
class Marks {
  readonly #lines: readonly LetterLine[];
  /** For each line, the number of unmarked lines with text above it. */
  readonly #unmarked: readonly number[];
  readonly #first: number;
  readonly #last: number;

  constructor(lines: readonly LetterLine[]) {
    this.#lines = lines;
    this.#first = lines.findIndex((line) => isMarked(line));
    this.#last = lines.findLastIndex((line) => isMarked(line));
    let count = 0;
    this.#unmarked = [...lines, undefined].map((line) => {
      const above = count;
      if (bare(line) !== '' && !isMarked(line)) count += 1;
      return above;
    });
  }

  /** Whether there is a marked line above a line. */
  anyAbove(line: number): boolean {
    return this.#first !== -1 && this.#first < line;
  }

  /** Everything from a line on. */
  rest(from: number): History {
    return { from, to: this.#lines.length, tail: 'none' };
  }

  /** The history from a line on whose quoted lines begin at `below`; `sure` also without marks. */
  below(from: number, below: number, sure: boolean): History | null {
    if (this.#last < below) return sure ? this.rest(from) : null;
    const tail = this.#tail();
    return tail !== null && this.#countBetween(below, this.#last) === 0 ? { from, to: this.#last + 1, tail } : null;
  }

  /** The quoted lines at the end that nothing introduces. They stand apart from the writer's words, which do not announce them. */
  atEnd(): History | null {
    const tail = this.#last === -1 ? null : this.#tail();
    if (tail === null) return null;
    let from = this.#last;
    while (from > 0 && (isMarked(this.#lines[from - 1]) || bare(this.#lines[from - 1]) === '')) from -= 1;
    if (this.anyAbove(from)) return null;
    if (bare(this.#lines[from]) !== '' || /[:：]$/.test(bare(this.#lines[from - 1]))) return null;
    const quoted = this.#lines.slice(from, this.#last + 1).filter((line) => isMarked(line));
    return quoted.every(({ text }) => /^\s*>+(?:\s|>|\p{L}|["«(]|$)/u.test(text))
      ? { from, to: this.#last + 1, tail }
      : null;
  }

  #countBetween(from: number, to: number): number {
    return (this.#unmarked[to] ?? 0) - (this.#unmarked[from] ?? 0);
  }

  /** What follows the last quoted line; null if it may be an answer. */
  #tail(): History['tail'] | null {
    const after = this.#lines.slice(this.#last + 1).filter((line) => bare(line) !== '');
    const [first] = after;
    if (first === undefined) return 'none';
    const words = after.slice(0, 10).map((line) => bare(line));
    if (after.length <= 6 && words.some((text) => scanners.test(text.slice(0, 300)))) return 'scanner';
    return isSignature(first) || after.every((line) => !isOwn(line)) ? 'own' : null;
  }
}
