import { Readable } from 'node:stream';
import type { Blobs } from '../../domain/blobs.ts';
import { beginning } from '../../domain/clean-text.ts';
import { foldQuoted } from '../../domain/quoted.ts';
import { longestText } from '../../domain/reduce-written.ts';
import type { InlineImage, WrittenBody } from '../../domain/written-contact.ts';
import type { Letter } from './parse/letter.ts';
import { htmlFacts } from './parse/quoted-html.ts';

/** Characters of a body that are kept; what newsletters put beyond is not for people. */
const longestBody = 1_000_000;
/** What a browser may draw by itself. SVG is a document, not a picture. */
const drawn = /^image\/(png|jpe?g|gif|webp|bmp)$/;
const mostImages = 100;

/** A file of a letter that may be a picture within it. */
export interface MaybeInline {
  readonly contentId: string | null;
  readonly attachment: Pick<InlineImage, 'blob' | 'mime'>;
}

/** Keeps the letter as its writer sees it; null where the text that its interaction carries is all of it. */
export async function keepBody(
  letter: Letter,
  files: readonly MaybeInline[],
  blobs: Pick<Blobs, 'put'>,
): Promise<WrittenBody | null> {
  const body = letter.html === null ? plainBody(letter.text) : htmlBody(letter.html);
  if (body === null) return null;
  const { text, ...rest } = body;
  const { id } = await blobs.put(Readable.from([Buffer.from(text, 'utf8')]), longestBody * 4);
  const inline = files.flatMap(({ contentId, attachment: { blob, mime } }) =>
    contentId !== null && contentId !== '' && drawn.test(mime) ? [{ contentId, blob, mime }] : [],
  );
  return { blob: id, ...rest, inline: rest.mime === 'text/html' ? inline.slice(0, mostImages) : [] };
}

function htmlBody(html: string) {
  const text = beginning(html, longestBody);
  return { text, mime: 'text/html', ...htmlFacts(text) } as const;
}

function plainBody(whole: string) {
  const { own, quoted } = foldQuoted(whole);
  if (quoted === '' && whole.length <= longestText) return null;
  const text = beginning(quoted === '' ? whole : `${own}\n\n${quoted}`, longestBody);
  const quotedAt = quoted === '' || own.length >= text.length ? null : own.length + 2;
  return { text, mime: 'text/plain', quotedAt, remoteImages: false } as const;
}
