import { Readable } from 'node:stream';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { InlineImage, WrittenBody } from '../../domain/written/written-contact.ts';
import { type LetterBody, maxBodyLength } from './parse/body.ts';

/** Images that are shown inline. SVG is excluded, because it is a document that can contain scripts. */
const inlineImage = /^image\/(png|jpe?g|gif|webp|bmp)$/;
const maxImages = 100;

/** A file of a letter that may be an inline image. */
export interface MaybeInline {
  readonly contentId: string | null;
  readonly attachment: Pick<InlineImage, 'blob' | 'mime'>;
}

/**
 * Stores the original body of a letter, to display it as its author wrote it. `shown` has the Content-IDs of the files to which its
 * HTML refers.
 */
export async function keepBody(
  body: LetterBody | null,
  files: readonly MaybeInline[],
  shown: ReadonlySet<string>,
  blobs: Pick<Blobs, 'put'>,
): Promise<WrittenBody | null> {
  if (body === null) return null;
  const { bytes, ...rest } = body;
  const { id } = await blobs.put(Readable.from([bytes]), maxBodyLength * 4);
  const inline = files.flatMap(({ contentId, attachment: { blob, mime } }) =>
    contentId !== null && shown.has(contentId) && inlineImage.test(mime) ? [{ contentId, blob, mime }] : [],
  );
  return { blob: id, ...rest, inline: rest.mime === 'text/html' ? inline.slice(0, maxImages) : [] };
}
