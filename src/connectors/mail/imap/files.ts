import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobId, type Blobs, BlobTooLargeError } from '../../../domain/ports/blobs.ts';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import type { Logger } from '../../../runtime/log.ts';

/** Where a letter's files go. */
export interface FileStore {
  readonly blobs: Pick<Blobs, 'put' | 'size'>;
  /** Bytes of one file that are kept. */
  readonly largest: number;
  readonly log: Logger;
}

/** Tells what files would be called and keeps nothing: for looking at letters that may have been erased here. */
export const unkept: FileStore['blobs'] = {
  async put(source, limit) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > limit) throw new BlobTooLargeError(limit);
      hash.update(chunk);
    }
    return { id: hash.digest('hex') as BlobId, bytes };
  },
  size: async () => null,
};

/** A file on its way into blob storage. */
export interface IncomingFile {
  readonly name: string;
  readonly mime: string;
  readonly content: Uint8Array | Readable;
}

/** Keeps a file; in place of one that is too large a note is kept, so that a human sees that there was one. */
export async function keepFile(file: IncomingFile, { blobs, largest, log }: FileStore): Promise<WrittenAttachment> {
  const { name, mime, content } = file;
  if (content instanceof Uint8Array) {
    // The logo in everybody's signature is there already: a file that is written costs two waits for the disk.
    const blob = createHash('sha256').update(content).digest('hex') as BlobId;
    if (content.length <= largest && (await blobs.size(blob)) === content.length)
      return { blob, name, mime, bytes: content.length };
  }
  const source = content instanceof Readable ? content : Readable.from([content]);
  try {
    const { id, bytes } = await blobs.put(source, largest);
    return { blob: id, name, mime, bytes };
  } catch (error) {
    if (!(error instanceof BlobTooLargeError)) throw error;
    source.destroy();
    log.warn({ limit: largest }, 'a file of a letter is larger than is kept');
    const note = `${name}\n\nФайл больше ${largest} байт и не сохранён; он есть в почтовом ящике.\nThe file is larger than ${largest} bytes and was not kept; the mailbox has it.\n`;
    const { id, bytes } = await blobs.put(Readable.from([Buffer.from(note)]), largest + note.length * 4);
    return { blob: id, name: `${name}.txt`, mime: 'text/plain', bytes };
  }
}
