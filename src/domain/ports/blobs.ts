import type { Readable } from 'node:stream';
import type { Branded } from '../base/ids.ts';

/** A blob's id: the SHA-256 of its bytes in hex, so that the same bytes are kept once. */
export type BlobId = Branded<'BlobId'>;

/** Whether a string has the form of a blob's id, so that no path is ever built from anything else. */
export function isBlobId(value: string): value is BlobId {
  return /^[0-9a-f]{64}$/.test(value);
}

/** What was stored. */
export interface StoredBlob {
  readonly id: BlobId;
  readonly bytes: number;
}

/** Thrown by {@link Blobs.put} for a stream longer than its limit; nothing of it is kept. */
export class BlobTooLargeError extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`expected at most ${limit} bytes, more came: raise the limit or send less`);
    this.name = 'BlobTooLargeError';
    this.limit = limit;
  }
}

/** Storage of attachments and other large data: a directory or S3. */
export interface Blobs {
  /** Stores a stream of at most `limit` bytes; resolves when it is durable. Rejects with {@link BlobTooLargeError}, and with `StoreUnavailableError` when a disk is full or gone. */
  put(source: Readable | AsyncIterable<Uint8Array>, limit: number): Promise<StoredBlob>;
  /** How many bytes a blob has, or null where there is none. */
  size(id: BlobId): Promise<number | null>;
  /** Reads a blob, or the bytes `start` to `end` (inclusive) of it. Rejects where there is none. */
  open(id: BlobId, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /**
   * Removes a blob; a missing one is no error. With `before` (milliseconds since the epoch) it takes two calls and resolves to whether the
   * blob is gone: the first sets a blob aside that was not stored since, still readable, and a later call removes it. So a concurrent
   * upload of the same bytes has time to refer to them.
   */
  remove(id: BlobId, before?: number): Promise<boolean>;
}
