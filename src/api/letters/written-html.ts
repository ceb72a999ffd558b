import { Readable } from 'node:stream';
import { htmlText } from '../../connectors/mail/parse/html-text.ts';
import { TooDeepError } from '../../connectors/mail/parse/html-walk.ts';
import { beginning } from '../../domain/base/clean-text.ts';
import type { OutboundContent } from '../../domain/outbound/outbound.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { maxTextLength } from '../../domain/written/body-text.ts';
import { invalid } from '../problem.ts';
import { cleanHtml, letterElements, safeLink } from './clean-html.ts';

/** Maximum characters of the HTML of a letter that somebody writes. */
export const maxWrittenHtml = 200_000;
/** Bytes: cleaning may escape every character, and UTF-8 needs up to three bytes for one. */
const maxBytes = maxWrittenHtml * 6;

/** The elements of received letters without pictures: those travel as attachments. */
const elements: ReadonlySet<string> = new Set([...letterElements].filter((name) => name !== 'img'));

/** Reduces the HTML of a letter of ours to what is shown of received letters. Throws `TooDeepError` if it is nested too deeply. */
export function writtenHtml(html: string): string {
  return cleanHtml(html, {
    elements,
    addresses(name, { href = '' }) {
      const link = name === 'a' ? safeLink(href) : null;
      return link === null ? {} : { href: link };
    },
  });
}

/** What a message says: its text, and the HTML of a letter, cleaned and stored. A text that is not given is that of the HTML. */
export async function wordsOf(
  { text, html }: { readonly text?: string; readonly html?: string },
  isLetter: boolean,
  blobs: Pick<Blobs, 'put'>,
): Promise<Pick<OutboundContent, 'text' | 'formatted'>> {
  if (html === undefined) return { text: text ?? '' };
  if (!isLetter) throw invalid('/html', 'html', 'expected a letter; messages are plain text');
  const clean = cleaned(html);
  const { id: blob } = await blobs.put(Readable.from([Buffer.from(clean)]), maxBytes);
  const words = (text ?? '') === '' ? beginning(htmlText(clean), maxTextLength) : (text ?? '');
  return { text: words, formatted: { blob, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] } };
}

function cleaned(html: string): string {
  try {
    return writtenHtml(html);
  } catch (error) {
    if (error instanceof TooDeepError) throw invalid('/html', 'html', error.message);
    throw error;
  }
}
