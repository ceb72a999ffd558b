import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobId, type Blobs, BlobTooLargeError } from '../../../domain/ports/blobs.ts';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import type { Logger } from '../../../runtime/log.ts';

/** Storage for the files of letters. */
export interface FileStore {
  readonly blobs: Pick<Blobs, 'put' | 'size'>;
  /** Limit of one file in bytes. */
  readonly maxFileBytes: number;
  readonly log: Logger;
}

/** Computes the ids of files without storing them, for reading letters that may have been erased here. */
export const hashOnlyBlobs: FileStore['blobs'] = {
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

/** A file to be stored. */
export interface IncomingFile {
  readonly name: string;
  readonly mime: string;
  readonly content: Uint8Array | Readable;
}

/** Stores a file. If it is too large, a note is stored instead, so that people see that there was one. */
export async function storeFile(
  file: IncomingFile,
  { blobs, maxFileBytes, log }: FileStore,
): Promise<WrittenAttachment> {
  const { name, mime, content } = file;
  if (content instanceof Uint8Array) {
    // Logos in signatures are often stored already, and writing a file costs two waits for the disk.
    const blob = createHash('sha256').update(content).digest('hex') as BlobId;
    if (content.length <= maxFileBytes && (await blobs.size(blob)) === content.length)
      return { blob, name, mime, bytes: content.length };
  }
  const source = content instanceof Readable ? content : Readable.from([content]);
  try {
    const { id, bytes } = await blobs.put(source, maxFileBytes);
    return { blob: id, name, mime, bytes };
  } catch (error) {
    if (!(error instanceof BlobTooLargeError)) throw error;
    source.destroy();
    log.warn({ limit: maxFileBytes }, 'a file of a letter exceeds the size limit and was not stored');
    const note = `${name}\n\nФайл больше ${maxFileBytes} байт, поэтому он не сохранён. Он остался в почтовом ящике.\nThe file is larger than ${maxFileBytes} bytes, so it was not stored. It is still in the mailbox.\n`;
    const { id, bytes } = await blobs.put(Readable.from([Buffer.from(note)]), maxFileBytes + note.length * 4);
    return { blob: id, name: `${name}.txt`, mime: 'text/plain', bytes };
  }
}
