import { beginning } from '../../../domain/base/clean-text.ts';
import { maxTextLength } from '../../../domain/written/body-text.ts';
import type { Folded } from '../../../domain/written/quoted/fold.ts';
import type { WrittenBody } from '../../../domain/written/written-contact.ts';
import type { Letter } from './model.ts';
import type { OwnText } from './own-text.ts';
import { hasRemoteImages } from './remote-images.ts';

/** Limit of a stored body in characters. Only newsletters are longer, and people do not read that far. */
export const maxBodyLength = 1_000_000;

/** The original body of a letter in UTF-8, with the facts needed to display it. */
export interface LetterBody extends Pick<WrittenBody, 'mime' | 'quotedAt' | 'remoteImages'> {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The body of a letter to be stored; null if the text of its interaction contains all of it. */
export function bodyOf(letter: Letter, text: OwnText): LetterBody | null {
  return letter.html === null ? plainBody(letter.text, text) : htmlBody(letter.html, text);
}

function htmlBody(whole: string, { quotedAt }: OwnText): LetterBody {
  const html = beginning(whole, maxBodyLength);
  const isKept = quotedAt !== null && quotedAt < html.length;
  const remoteImages = hasRemoteImages(html);
  return { bytes: bytesOf(html), mime: 'text/html', quotedAt: isKept ? quotedAt : null, remoteImages };
}

function plainBody(whole: string, { own, quoted }: Folded): LetterBody | null {
  if (quoted === '' && whole.length <= maxTextLength) return null;
  const text = beginning(quoted === '' ? whole : `${own}\n\n${quoted}`, maxBodyLength);
  const quotedAt = quoted === '' || own.length >= text.length ? null : own.length + 2;
  return { bytes: bytesOf(text), mime: 'text/plain', quotedAt, remoteImages: false };
}

/** Encodes into a new buffer, which can be transferred between threads. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
