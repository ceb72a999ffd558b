import { TooDeepError, walkHtml, withoutTags } from './html-walk.ts';

/** Characters of an HTML letter that are read; what newsletters put beyond is not for people. */
const longest = 2_000_000;
/** Quotations within quotations that are marked. */
const deepestQuote = 20;
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

/** The text of an HTML letter as a human reads it: blocks are lines, quotations are marked with `>`. */
export function htmlText(html: string): string {
  const read = html.slice(0, longest);
  try {
    return walkedText(read);
  } catch (error) {
    if (error instanceof TooDeepError) return spaced(withoutTags(read)).trim();
    throw error;
  }
}

function walkedText(html: string): string {
  const page = new Lines();
  walkHtml(html, silent, {
    open(name) {
      if (name === 'td' || name === 'th') page.gap();
      else if (name === 'br') page.next();
      else if (blocks.has(name)) page.begin();
      if (name === 'blockquote') page.quote(1);
    },
    close(name) {
      if (blocks.has(name)) page.begin();
      if (name === 'blockquote') page.quote(-1);
      if (name === 'p') page.next();
    },
    text: (text) => page.put(spaced(text)),
  });
  return page.text;
}

function spaced(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ');
}

/** The lines of a page that is written from its beginning to its end. */
class Lines {
  readonly #done: string[] = [];
  #line: string[] = [];
  #quotes = 0;

  get text(): string {
    this.next();
    return this.#done
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  put(text: string): void {
    const begins = this.#line.length === 0;
    if (begins && text.trim() === '') return;
    this.#line.push(begins ? `${'> '.repeat(this.#quotes)}${text.trimStart()}` : text);
  }

  /** What follows stands beside what is there, not at its end. */
  gap(): void {
    if (this.#line.length > 0) this.#line.push(' ');
  }

  /** Ends the line where it has anything in it. */
  begin(): void {
    if (this.#line.length > 0) this.next();
  }

  next(): void {
    this.#done.push(this.#line.join('').trimEnd());
    this.#line = [];
  }

  quote(step: 1 | -1): void {
    this.#quotes = Math.max(0, Math.min(deepestQuote, this.#quotes + step));
  }
}
