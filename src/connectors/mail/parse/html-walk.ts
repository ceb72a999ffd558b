import { Parser } from 'htmlparser2';

/** Elements within elements that are followed; browsers stop at 512. */
const deepest = 500;

/** Elements that have no end and hold nothing. */
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

/** The HTML has more elements within elements than any letter: whatever walks it would take long. */
export class TooDeepError extends Error {}

/** What is told of the HTML, in its order. Each element that is opened is closed too, but for those of {@link voidElements}. */
export interface HtmlVisitor {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/**
 * Walks HTML as browsers read it, whatever is wrong with it, leaving elements in `silent` out with all that they hold. Linear in its
 * length; throws {@link TooDeepError} at the first element that lies too deep.
 */
export function walkHtml(html: string, silent: ReadonlySet<string>, visitor: HtmlVisitor): void {
  let depth = 0;
  let hidden = 0;
  const parser = new Parser(
    {
      // Called before the element is on the parser's own stack for long: nothing deeper is ever searched through.
      onopentag(name, attributes) {
        const isVoid = voidElements.has(name);
        if (!isVoid) depth += 1;
        if (depth > deepest) throw new TooDeepError(`expected at most ${deepest} elements within each other`);
        if (silent.has(name) && !isVoid) hidden += 1;
        if (hidden === 0 && !silent.has(name)) visitor.open(name, attributes);
      },
      onclosetag(name) {
        if (voidElements.has(name)) return;
        depth -= 1;
        if (hidden === 0) visitor.close(name);
        if (silent.has(name)) hidden -= 1;
      },
      ontext(text) {
        if (hidden === 0) visitor.text(text);
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
}

/** HTML without its tags, for what must not be walked: what stands between `<` and `>` is left out, and nothing is decoded. */
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
