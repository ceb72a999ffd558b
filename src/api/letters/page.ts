import { createHash } from 'node:crypto';
import { withoutTags } from '../../connectors/mail/parse/html-walk.ts';
import { escapeHtml } from '../../domain/base/escape-html.ts';
import type { WrittenBody } from '../../domain/written/written-contact.ts';
import { type Pictures, safeHtml } from './safe-html.ts';

/** How a letter is shown. */
export interface LetterLook {
  readonly language: 'ru' | 'en';
  /** The theme of the desk. Letters with colours of their own stay on white, for which they were written. */
  readonly dark: boolean;
}

const css = `
:root { color-scheme: light; --paper: #ffffff; --ink: #1a1f2b; --edge: #c4cad6; --link: #2f5bd7; }
.dark { color-scheme: dark; --paper: #1b202a; --ink: #e8ebf2; --edge: #4a5366; --link: #7d9bff; }
body { margin: 10px; font: 14px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; background: var(--paper); color: var(--ink); }
a { color: var(--link); }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
p { margin: 0 0 .6em; }
pre { white-space: pre-wrap; }
.plain { font: inherit; margin: 0; }
blockquote { margin: .4em 0; padding-left: 10px; border-left: 3px solid var(--edge); }
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--link); }
`;

/** The second line of defence behind the allow-list: no scripts, no forms, and only embedded or requested pictures. */
export function letterPolicy(remoteImages: boolean): string {
  const hash = createHash('sha256').update(css).digest('base64');
  return [
    "default-src 'none'",
    `img-src data:${remoteImages ? ' https: http:' : ''}`,
    `style-src-elem 'sha256-${hash}'`,
    "style-src-attr 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    // Links open in a page of their own, outside the sandbox.
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
}

/** The page that shows a letter. Quoted text is folded away below it. */
export function letterPage(
  text: string,
  { mime, quotedAt }: Pick<WrittenBody, 'mime' | 'quotedAt'>,
  pictures: Pictures,
  { language, dark }: LetterLook,
): string {
  const show = (part: string) => (mime === 'text/html' ? safeHtml(part, pictures) : plain(part));
  const own = show(quotedAt === null ? text : text.slice(0, quotedAt));
  const quoted = quotedAt === null ? '' : show(text.slice(quotedAt));
  const summary = language === 'ru' ? 'Показать цитату' : 'Show quoted text';
  const fold = quoted === '' ? '' : `<details><summary>${summary}</summary>${quoted}</details>`;
  const coloured = /\b(?:bg)?color\b|\bbackground\b/i.test(own + quoted);
  return wholePage(own + fold, language, dark && !coloured);
}

const unshown = {
  ru: 'Не удалось показать письмо с оформлением. Вот его начало простым текстом.',
  en: 'This letter could not be shown with its formatting. Here is its beginning as plain text.',
};
/** Characters shown of a letter without its formatting. */
const maxPlainLength = 100_000;

/** The page shown for a letter that takes too long to be made safe. */
export function unshownPage(text: string, { language, dark }: LetterLook): string {
  const words = withoutTags(text.slice(0, maxPlainLength));
  return wholePage(`<p><em>${escapeHtml(unshown[language])}</em></p>${plain(words)}`, language, dark);
}

function wholePage(content: string, language: LetterLook['language'], dark: boolean): string {
  return `<!doctype html><html lang="${language}"${dark ? ' class="dark"' : ''}><head><meta charset="utf-8"><title></title><style>${css}</style></head><body>${content}</body></html>`;
}

function plain(text: string): string {
  return `<pre class="plain">${escapeHtml(text)}</pre>`;
}
