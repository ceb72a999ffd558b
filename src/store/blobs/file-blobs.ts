import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type BlobId, type Blobs, BlobTooLargeError, isBlobId, type StoredBlob } from '../../domain/ports/blobs.ts';
import { StoreUnavailableError } from '../../domain/ports/store.ts';
import { isDiskTrouble } from '../../runtime/fault.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';

/** A temporary file that nobody has written to for this many milliseconds was left behind by a crash. */
const untouched = 3_600_000;

/**
 * Stores blobs as files in one directory: `ab/abcd…`, named by their SHA-256. A blob is written to `new/`, flushed
 * and then renamed, so a name never refers to a partial file. Leftovers of a crash in `new/` are deleted at a later
 * start. A blob to be deleted is moved to `aside/` first.
 */
export class FileBlobs implements Blobs {
  readonly #root: string;
  #prepared: Promise<void> | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  async put(source: Readable | AsyncIterable<Uint8Array>, limit: number): Promise<StoredBlob> {
    try {
      this.#prepared ??= this.#prepare();
      await this.#prepared.catch((error: unknown) => {
        this.#prepared = null;
        throw error;
      });
      return await this.#write(source, limit);
    } catch (error) {
      throw isDiskTrouble(error) ? new StoreUnavailableError(`could not write a blob: ${error.message}`) : error;
    }
  }

  async #write(source: Readable | AsyncIterable<Uint8Array>, limit: number): Promise<StoredBlob> {
    const temporary = join(this.#root, 'new', randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const chunk of source) {
          bytes += chunk.length;
          if (bytes > limit) throw new BlobTooLargeError(limit);
          hash.update(chunk);
          // appendFile() writes everything; write() may write less when the disk is almost full.
          await file.appendFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const id = hash.digest('hex') as BlobId;
      await this.#keep(temporary, id);
      return { id, bytes };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async size(id: BlobId): Promise<number | null> {
    const found = (await lookAt(this.#path(id))) ?? (await lookAt(this.#aside(id)));
    return found?.size ?? null;
  }

  async open(id: BlobId, range?: { readonly start: number; readonly end: number }): Promise<Readable> {
    const [path, aside] = [this.#path(id), this.#aside(id)];
    // Open the file before returning, so that a missing blob rejects instead of breaking the stream later.
    const file = (await open(path, 'r').catch(ifMissing(null))) ?? (await open(aside, 'r'));
    return createReadStream(path, { fd: file, autoClose: true, ...range });
  }

  async remove(id: BlobId, before?: number): Promise<boolean> {
    const [path, aside] = [this.#path(id), this.#aside(id)];
    if (before === undefined) {
      await Promise.all([path, aside].map((one) => rm(one, { force: true })));
      return true;
    }
    const kept = await lookAt(path);
    if (kept === null) {
      const rests = await lookAt(aside);
      if (rests !== null && rests.mtimeMs >= before) return false;
      await rm(aside, { force: true });
      return true;
    }
    if (kept.mtimeMs >= before) return false;
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    // Another upload may have replaced the file meanwhile, but its bytes are the same.
    await rename(path, aside).catch(ifMissing(undefined));
    const now = new Date();
    await utimes(aside, now, now).catch(ifMissing(undefined));
    return false;
  }

  async #prepare(): Promise<void> {
    const fresh = join(this.#root, 'new');
    makeDirectory(fresh);
    const names = await readdir(fresh);
    await Promise.all(names.map((name) => removeDead(join(fresh, name))));
  }

  async #keep(temporary: string, id: BlobId): Promise<void> {
    const path = this.#path(id);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(temporary, path);
    // The name is durable only once its directory is.
    const directory = await open(dirname(path), 'r');
    await directory.sync().finally(() => directory.close());
  }

  #path(id: BlobId): string {
    if (!isBlobId(id)) throw new Error('expected a blob id of 64 hex digits, found something else');
    return join(this.#root, id.slice(0, 2), id);
  }

  #aside(id: BlobId): string {
    return join(this.#root, 'aside', id);
  }
}

/** Deletes a leftover temporary file, unless another process on the same directory may still be writing it. */
async function removeDead(path: string): Promise<void> {
  const found = await lookAt(path);
  if (found !== null && Date.now() - found.mtimeMs > untouched) await rm(path, { force: true });
}

function lookAt(path: string): Promise<Stats | null> {
  return stat(path).catch(ifMissing(null));
}

function ifMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
