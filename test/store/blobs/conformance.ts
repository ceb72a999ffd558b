import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobId, Blobs } from '../../../src/domain/ports/blobs.ts';

/** A stream with these parts. */
export function streamOf(...parts: readonly string[]): Readable {
  return Readable.from(parts.map((part) => Buffer.from(part)));
}

interface Opened {
  readonly blobs: Blobs;
  /** Names of unfinished uploads that were neither kept nor deleted. */
  unfinished(): Promise<readonly string[]>;
  /** Lets `meanwhile` happen right after the next removal checks the blob's age. */
  duringLook(meanwhile: () => Promise<void>): void;
}

/** What every blob storage must do; run for each implementation. */
export function describeBlobs(name: string, open: () => Promise<Opened>): void {
  describe(`blobs in ${name}`, () => {
    let opened: Opened;

    beforeEach(async () => {
      opened = await open();
    });

    it('names a blob by its content and stores the same content once', async () => {
      const { blobs } = opened;
      const one = await blobs.put(streamOf('ab', 'c'), 10);
      const two = await blobs.put(streamOf('abc'), 10);
      expect(one).toEqual({ id: createHash('sha256').update('abc').digest('hex'), bytes: 3 });
      expect(two).toEqual(one);
      expect(await blobs.size(one.id)).toBe(3);
      expect(String(await buffer(await blobs.open(one.id)))).toBe('abc');
      expect(String(await buffer(await blobs.open(one.id, { start: 1, end: 1 })))).toBe('b');
      expect(await opened.unfinished()).toEqual([]);
    });

    it('returns large blobs unchanged', async () => {
      const bytes = randomBytes(12 * 1024 * 1024);
      const { id } = await opened.blobs.put(
        Readable.from([bytes.subarray(0, 7_000_000), bytes.subarray(7_000_000)]),
        2e7,
      );
      expect((await buffer(await opened.blobs.open(id))).equals(bytes)).toBe(true);
    });

    it('stores an empty blob', async () => {
      const { id, bytes } = await opened.blobs.put(streamOf(), 10);
      expect([bytes, await opened.blobs.size(id)]).toEqual([0, 0]);
    });

    it('rejects a stream that is too long, and keeps nothing of it', async () => {
      await expect(opened.blobs.put(streamOf('abc', 'def'), 5)).rejects.toThrow(/at most 5 bytes/);
      expect(await opened.unfinished()).toEqual([]);
    });

    it('keeps nothing of an interrupted stream', async () => {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('abc');
          throw new Error('the connection was cut');
        })(),
      );
      await expect(opened.blobs.put(broken, 10)).rejects.toThrow(/was cut/);
      expect(await opened.unfinished()).toEqual([]);
    });

    it('reports a missing blob at once, and lets a blob be removed twice', async () => {
      const missing = '0'.repeat(64) as BlobId;
      expect(await opened.blobs.size(missing)).toBeNull();
      await expect(opened.blobs.open(missing)).rejects.toThrow();
      await opened.blobs.remove(missing);
      const { id } = await opened.blobs.put(streamOf('abc'), 10);
      await opened.blobs.remove(id);
      expect(await opened.blobs.size(id)).toBeNull();
    });

    it('keeps a recently stored blob, sets an older one aside first, and deletes it later', async () => {
      const { blobs } = opened;
      const { id } = await blobs.put(streamOf('abc'), 10);
      const [past, future] = [Date.now() - 3_600_000, Date.now() + 3_600_000];
      expect([await blobs.remove(id, past), await blobs.size(id)]).toEqual([false, 3]);
      expect([await blobs.remove(id, future), await blobs.size(id)]).toEqual([false, 3]);
      expect(String(await buffer(await blobs.open(id, { start: 1, end: 2 })))).toBe('bc');
      expect([await blobs.remove(id, past), await blobs.size(id)]).toEqual([false, 3]);
      expect([await blobs.remove(id, future), await blobs.size(id)]).toEqual([true, null]);
      await expect(blobs.open(id)).rejects.toThrow();
      expect(await blobs.remove(id, 0)).toBe(true);
    });

    it('has a blob that is stored again while the older one is set aside', async () => {
      const { blobs } = opened;
      const { id } = await blobs.put(streamOf('abc'), 10);
      const [past, future] = [Date.now() - 3_600_000, Date.now() + 3_600_000];
      await blobs.remove(id, future);
      await blobs.put(streamOf('abc'), 10);
      expect([await blobs.remove(id, past), await blobs.size(id)]).toEqual([false, 3]);
      await blobs.remove(id);
      expect(await blobs.size(id)).toBeNull();
    });

    it('loses nothing that is stored between the age check and the removal', async () => {
      const { blobs, duringLook } = opened;
      const { id } = await blobs.put(streamOf('abc'), 10);
      let again = 0;
      duringLook(async () => {
        again += (await blobs.put(streamOf('abc'), 10)).bytes;
      });
      await blobs.remove(id, Date.now() + 3_600_000);
      expect(again).toBe(3);
      expect(await blobs.size(id)).toBe(3);
      expect(String(await buffer(await blobs.open(id)))).toBe('abc');
    });

    it('builds names from valid ids only', async () => {
      await expect(opened.blobs.open('../../etc/passwd' as BlobId)).rejects.toThrow(/64 hex digits/);
    });
  });
}
