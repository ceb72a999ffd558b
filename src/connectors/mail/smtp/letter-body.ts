import { escapeHtml } from '../../../domain/base/escape-html.ts';
import { type EarlierLetter, withEarlier } from '../../../domain/written/earlier-letter.ts';
import type { FilledSignature } from '../../../domain/written/fill-signature.ts';
import { htmlText } from '../parse/html-text.ts';

/** The body of an outgoing letter. HTML only if there is something that plain text shows worse. */
export interface LetterBody {
  readonly text: string;
  readonly html?: string;
}

/** What a letter is made of besides the writer's words. */
export interface LetterParts {
  /** The writer's words with formatting; null for a plain letter. */
  readonly html: string | null;
  readonly signature: FilledSignature | null;
  /** The Content-ID under which the letter carries the logo of its signature; null if it carries none. */
  readonly logo: string | null;
  /** The letter that is quoted or forwarded below. */
  readonly earlier: EarlierLetter | undefined;
}

/** What a letter says: the writer's words, the signature, and the letter that is quoted or forwarded below them. */
export function letterBody(text: string, { html, signature, logo, earlier }: LetterParts): LetterBody {
  const signed = signatureText(signature);
  const own = signed === '' ? text : `${text.trimEnd()}\n\n-- \n${signed}\n`;
  const whole = withEarlier(own, earlier);
  if (html === null) {
    if (earlier === undefined) return { text: own };
    return { text: whole, html: `${block(own.trimEnd())}<br>\n${earlierHtml(earlier)}\n` };
  }
  const ownHtml = `<div>${html}</div>\n${signatureHtml(signature, logo)}`;
  return { text: whole, html: earlier === undefined ? ownHtml : `${ownHtml}<br>\n${earlierHtml(earlier)}\n` };
}

function signatureText(signature: FilledSignature | null): string {
  return (signature?.text ?? htmlText(signature?.html ?? '')).trim();
}

/** The signature below a letter with formatting. A logo without a place in the HTML stands at its end. */
function signatureHtml(signature: FilledSignature | null, logo: string | null): string {
  const own = signature?.html ?? lines(signature?.text ?? '');
  const placed = logo === null ? own : own.replaceAll('cid:logo', `cid:${logo}`);
  const isPlaced = logo === null || placed !== own;
  const whole = isPlaced ? placed : `${own}${own === '' ? '' : '<br>\n'}<img src="cid:${logo}" alt="">`;
  return whole === '' ? '' : `<div>-- <br>\n${whole}</div>\n`;
}

function earlierHtml({ how, head, text }: EarlierLetter): string {
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
