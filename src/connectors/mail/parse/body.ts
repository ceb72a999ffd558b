import { beginning } from '../../../domain/base/clean-text.ts';
import { foldQuoted } from '../../../domain/written/quoted.ts';
import { longestText } from '../../../domain/written/reduce-written.ts';
import type { WrittenBody } from '../../../domain/written/written-contact.ts';
import type { Letter } from './model.ts';
import { htmlFacts } from './quoted-html.ts';

/** Characters of a body that are kept; what newsletters put beyond is not for people. */
export const longestBody = 1_000_000;

/** The letter as its writer sees it: UTF-8, and what the page that shows it must know. */
export interface LetterBody extends Pick<WrittenBody, 'mime' | 'quotedAt' | 'remoteImages'> {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A letter's body; null where the text that its interaction carries is all of it. */
export function bodyOf(letter: Letter): LetterBody | null {
  return letter.html === null ? plainBody(letter.text) : htmlBody(letter.html);
}

function htmlBody(html: string): LetterBody {
  const text = beginning(html, longestBody);
  return { bytes: bytesOf(text), mime: 'text/html', ...htmlFacts(text) };
}

function plainBody(whole: string): LetterBody | null {
  const { own, quoted } = foldQuoted(whole);
  if (quoted === '' && whole.length <= longestText) return null;
  const text = beginning(quoted === '' ? whole : `${own}\n\n${quoted}`, longestBody);
  const quotedAt = quoted === '' || own.length >= text.length ? null : own.length + 2;
  return { bytes: bytesOf(text), mime: 'text/plain', quotedAt, remoteImages: false };
}

/** Bytes of their own, which can go from one thread to another. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
