import { Readable } from 'node:stream';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { InlineImage, WrittenBody } from '../../domain/written/written-contact.ts';
import { type LetterBody, longestBody } from './parse/body.ts';

/** What a browser may draw by itself. SVG is a document, not a picture. */
const drawn = /^image\/(png|jpe?g|gif|webp|bmp)$/;
const mostImages = 100;

/** A file of a letter that may be a picture within it. */
export interface MaybeInline {
  readonly contentId: string | null;
  readonly attachment: Pick<InlineImage, 'blob' | 'mime'>;
}

/** Keeps the letter as its writer sees it. */
export async function keepBody(
  body: LetterBody | null,
  files: readonly MaybeInline[],
  blobs: Pick<Blobs, 'put'>,
): Promise<WrittenBody | null> {
  if (body === null) return null;
  const { bytes, ...rest } = body;
  const { id } = await blobs.put(Readable.from([bytes]), longestBody * 4);
  const inline = files.flatMap(({ contentId, attachment: { blob, mime } }) =>
    contentId !== null && contentId !== '' && drawn.test(mime) ? [{ contentId, blob, mime }] : [],
  );
  return { blob: id, ...rest, inline: rest.mime === 'text/html' ? inline.slice(0, mostImages) : [] };
}
