import type { LetterLine } from '../../../domain/written/quoted/lines.ts';
import { TooDeepError, voidElements, walkHtml, withoutTags } from './html-walk.ts';
import { isPreformatted, quoteMark } from './quote-marks.ts';

/** Limit of HTML in characters. Only newsletters are longer, and people do not read that far. */
const maxLength = 2_000_000;
/** Limit of nested quotation marks. */
const maxQuoteDepth = 20;
const blocks: ReadonlySet<string> = new Set([
  'p',
  'div',
  'br',
  'tr',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'hr',
  'table',
]);
const silent: ReadonlySet<string> = new Set(['style', 'script', 'textarea', 'option', 'noscript', 'title']);

/** A line of an HTML letter. */
export interface HtmlLine extends LetterLine {
  /** Where it begins in the HTML: at its first tag. */
  readonly at: number;
}

/** Converts an HTML letter to text: blocks become lines, and quotations are marked with `>`. */
export function htmlText(html: string): string {
  return textOfLines(htmlLines(html));
}

/** The lines of an HTML letter as one text. */
export function textOfLines(lines: readonly HtmlLine[]): string {
  return lines.map(({ text }) => text).join('\n');
}

/** The lines of an HTML letter, with at most one blank line between two others. */
export function htmlLines(html: string): readonly HtmlLine[] {
  const read = html.slice(0, maxLength);
  try {
    return walkedLines(read);
  } catch (error) {
    if (error instanceof TooDeepError) return [{ text: spaced(withoutTags(read)).trim(), at: 0 }];
    throw error;
  }
}

function walkedLines(html: string): readonly HtmlLine[] {
  const page = new Lines();
  /** What to restore when each open element ends, and whether its last cell was a bar, which marks the cells beside it. */
  const open: { quotes: number; bar: boolean; readonly preformatted: number; readonly begins: boolean }[] = [];
  walkHtml(html, silent, {
    open(name, attributes, at) {
      if (name === 'td' || name === 'th') page.gap();
      else if (name === 'br') page.next();
      else if (blocks.has(name)) page.begin();
      const { begins, quotes, bar } = quoteMark(name, attributes);
      if (begins !== null) page.mark(begins, at);
      if (voidElements.has(name)) return;
      page.tag(at);
      page.quote(quotes);
      const row = open.at(-1);
      if (name === 'td' && row !== undefined) {
        if (row.bar && page.isEmpty) {
          row.quotes += 1;
          page.quote(1);
        }
        row.bar = bar;
      }
      const preformatted = isPreformatted(name, attributes) ? 1 : 0;
      page.preformatted += preformatted;
      open.push({ quotes, preformatted, begins: begins === 'quote', bar: false });
    },
    close(name) {
      if (blocks.has(name)) page.begin();
      const element = open.pop();
      page.untag(element?.begins ?? false);
      page.quote(-(element?.quotes ?? 0));
      page.preformatted -= element?.preformatted ?? 0;
      if (name === 'p') page.next();
    },
    text: (text, at) => page.put(text, at),
  });
  return page.lines;
}

function spaced(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ');
}

/** Collects the lines of the text. */
class Lines {
  readonly #done: HtmlLine[] = [];
  #line: string[] = [];
  #quotes = 0;
  /** Where the current line begins, and the first tag since the text before. */
  #at = 0;
  #tag: number | null = null;
  #mark: { readonly begins: NonNullable<HtmlLine['begins']>; readonly at: number } | null = null;
  #begins: HtmlLine['begins'];
  /** Number of open elements whose line breaks are kept. */
  preformatted = 0;

  get lines(): readonly HtmlLine[] {
    this.next();
    const isText = ({ text }: HtmlLine) => text.trim() !== '';
    const whole = this.#done.slice(this.#done.findIndex(isText), this.#done.findLastIndex(isText) + 1);
    const lines = whole.filter((line, i) => line.text !== '' || whole[i - 1]?.text !== '');
    return lines.map((line, i) => (i === 0 ? { ...line, text: line.text.trimStart() } : line));
  }

  /** Whether the current line has no text yet. */
  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  put(text: string, at: number): void {
    if (this.preformatted === 0) {
      this.#add(spaced(text), at);
      return;
    }
    for (const [i, line] of text.split('\n').entries()) {
      if (i > 0) this.next();
      this.#add(line, at);
    }
  }

  #add(text: string, at: number): void {
    const begins = this.isEmpty;
    if (begins && text.trim() === '') return;
    if (begins) {
      this.#at = this.#mark?.at ?? this.#tag ?? at;
      this.#begins = this.#mark?.begins;
      this.#mark = null;
    }
    this.#tag = null;
    const first = this.preformatted > 0 ? text : text.trimStart();
    this.#line.push(begins ? `${'> '.repeat(Math.min(this.#quotes, maxQuoteDepth))}${first}` : text);
  }

  /** Separates table cells in the same line. */
  gap(): void {
    if (!this.isEmpty) this.#line.push(' ');
  }

  /** Ends the current line unless it is empty. */
  begin(): void {
    if (!this.isEmpty) this.next();
  }

  next(): void {
    this.#done.push({ text: this.#line.join('').trimEnd(), at: this.#at, begins: this.#begins });
    this.#line = [];
    this.#begins = undefined;
  }

  /** An element begins: the next line begins with its tag if there is no text in between. */
  tag(at: number): void {
    this.#tag ??= at;
  }

  /** An element ends; a quotation (`marked`) without text begins nothing. */
  untag(marked: boolean): void {
    this.#tag = null;
    if (marked && this.#mark?.begins === 'quote') this.#mark = null;
  }

  /** The next line begins a quotation, or everything that is quoted. */
  mark(begins: NonNullable<HtmlLine['begins']>, at: number): void {
    if (this.#mark === null) this.#mark = { begins, at };
    else if (begins === 'rest') this.#mark = { begins, at: this.#mark.at };
  }

  quote(step: number): void {
    this.#quotes += step;
  }
}
