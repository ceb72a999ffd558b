import { Parser } from 'htmlparser2';

/** Limit of nested elements; browsers stop at 512. */
const maxDepth = 500;

/** Elements without content or an end tag. */
export const voidElements: ReadonlySet<string> = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);

/** The elements are nested too deeply, so that processing them would take too long. */
export class TooDeepError extends Error {}

/**
 * Receives the content of the HTML in order, and where it stands there. Each opened element is closed, except for
 * {@link voidElements}.
 */
export interface HtmlVisitor {
  open(name: string, attributes: Readonly<Record<string, string>>, at: number): void;
  close(name: string): void;
  text(text: string, at: number): void;
}

/**
 * Walks through HTML, tolerating errors as browsers do. Elements in `silent` are skipped with their content. Takes linear time.
 * Throws {@link TooDeepError} at the first element that is nested too deeply.
 */
export function walkHtml(html: string, silent: ReadonlySet<string>, visitor: HtmlVisitor): void {
  const open: string[] = [];
  let hidden = 0;
  const parser = new Parser(
    {
      // Throwing here keeps the parser's own stack, which it searches linearly, below the limit.
      onopentag(name, attributes) {
        const isVoid = voidElements.has(name);
        if (!isVoid) open.push(name);
        if (open.length > maxDepth) throw new TooDeepError(`expected at most ${maxDepth} nested elements`);
        if (silent.has(name) && !isVoid) hidden += 1;
        if (hidden === 0 && !silent.has(name)) visitor.open(name, attributes, parser.startIndex);
      },
      onclosetag(name) {
        // The parser also closes a tag that the end of the HTML cut off, which was never opened.
        if (open.at(-1) !== name) return;
        open.pop();
        if (hidden === 0) visitor.close(name);
        if (silent.has(name)) hidden -= 1;
      },
      ontext(text) {
        if (hidden === 0) visitor.text(text, parser.startIndex);
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
}

/** Removes everything between `<` and `>` without decoding, for HTML that can't be walked. */
export function withoutTags(html: string): string {
  const parts: string[] = [];
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    parts.push(html.slice(at, open === -1 ? html.length : open));
    const end = open === -1 ? -1 : html.indexOf('>', open);
    if (end === -1) break;
    at = end + 1;
  }
  return parts.join(' ');
}
