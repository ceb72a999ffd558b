import { TooDeepError, walkHtml, withoutTags } from './html-walk.ts';

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

/** Converts an HTML letter to text: blocks become lines, and quotations are marked with `>`. */
export function htmlText(html: string): string {
  const read = html.slice(0, maxLength);
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

/** Collects the lines of the text. */
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

  /** Separates table cells in the same line. */
  gap(): void {
    if (this.#line.length > 0) this.#line.push(' ');
  }

  /** Ends the current line unless it is empty. */
  begin(): void {
    if (this.#line.length > 0) this.next();
  }

  next(): void {
    this.#done.push(this.#line.join('').trimEnd());
    this.#line = [];
  }

  quote(step: 1 | -1): void {
    this.#quotes = Math.max(0, Math.min(maxQuoteDepth, this.#quotes + step));
  }
}
