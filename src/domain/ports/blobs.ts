import type { Readable } from 'node:stream';
import type { Branded } from '../base/ids.ts';

/** The id of a blob: the SHA-256 of its bytes in hex. Identical bytes are stored once. */
export type BlobId = Branded<'BlobId'>;

/** Whether a string has the form of a blob id. Paths must never be built from anything else. */
export function isBlobId(value: string): value is BlobId {
  return /^[0-9a-f]{64}$/.test(value);
}

/** Result of storing a blob. */
export interface StoredBlob {
  readonly id: BlobId;
  readonly bytes: number;
}

/** Thrown by {@link Blobs.put} if the stream exceeds its limit. Nothing is stored. */
export class BlobTooLargeError extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`expected at most ${limit} bytes, got more: raise the limit or send less`);
    this.name = 'BlobTooLargeError';
    this.limit = limit;
  }
}

/**
 * Storage of attachments and other large objects, in a directory or in S3-compatible storage. Both directions are
 * streams.
 */
export interface Blobs {
  /**
   * Stores a stream of at most `limit` bytes and resolves when it is durable. Rejects with {@link BlobTooLargeError},
   * and with `StoreUnavailableError` if a disk is full or missing.
   */
  put(source: Readable | AsyncIterable<Uint8Array>, limit: number): Promise<StoredBlob>;
  /** The size of a blob in bytes, or null if it does not exist. */
  size(id: BlobId): Promise<number | null>;
  /** Reads a blob, or its bytes `start` to `end` (inclusive). Rejects if it does not exist. */
  open(id: BlobId, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /**
   * Deletes a blob; a missing one is no error. With `before` (milliseconds since the epoch), it takes two calls and
   * returns whether the blob is gone. The first call moves aside a blob stored before that time, where it can still
   * be read. A later call deletes it if it was moved aside before that time. So a concurrent writer of the same bytes
   * has time to store its reference.
   */
  remove(id: BlobId, before?: number): Promise<boolean>;
}
