import { escapeHtml } from '../../../domain/base/escape-html.ts';
import { type EarlierLetter, withEarlier } from '../../../domain/written/earlier-letter.ts';

/** The body of an outgoing letter. HTML only if there is something that plain text shows worse. */
export interface LetterBody {
  readonly text: string;
  readonly html?: string;
}

/** What a letter says: the writer's words, the signature, and the letter that is quoted or forwarded below them. */
export function letterBody(
  text: string,
  { signature, earlier }: { readonly signature: string; readonly earlier: EarlierLetter | undefined },
): LetterBody {
  const own = signature === '' ? text : `${text.trimEnd()}\n\n-- \n${signature}\n`;
  if (earlier === undefined) return { text: own };
  return { text: withEarlier(own, earlier), html: `${block(own.trimEnd())}<br>\n${htmlOf(earlier)}\n` };
}

function htmlOf({ how, head, text }: EarlierLetter): string {
  return how === 'quoted'
    ? `${block(head)}\n<blockquote type="cite">${lines(text)}</blockquote>`
    : `${block(head)}<br>\n${block(text)}`;
}

function block(text: string): string {
  return `<div>${lines(text)}</div>`;
}

/** Lines of text in HTML. */
function lines(text: string): string {
  return text.split('\n').map(escapeHtml).join('<br>\n');
}
