import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobId } from '../../../src/domain/blobs.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';

describe('blobs in files', () => {
  let root: string;
  let blobs: FileBlobs;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'patchbay-blobs-'));
    blobs = new FileBlobs(root);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const stream = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));

  it('names a blob by its bytes and keeps the same bytes once', async () => {
    const one = await blobs.put(stream('ab', 'c'), 10);
    const two = await blobs.put(stream('abc'), 10);
    expect(one).toEqual({ id: createHash('sha256').update('abc').digest('hex'), bytes: 3 });
    expect(two).toEqual(one);
    expect(await blobs.size(one.id)).toBe(3);
    expect(String(await buffer(await blobs.open(one.id)))).toBe('abc');
    expect(String(await buffer(await blobs.open(one.id, { start: 1, end: 1 })))).toBe('b');
  });

  it('refuses a stream that is too long and keeps nothing of it', async () => {
    await expect(blobs.put(stream('abc', 'def'), 5)).rejects.toThrow(/at most 5 bytes/);
    expect(readdirSync(join(root, 'new'))).toEqual([]);
    expect(readdirSync(root)).toEqual(['new']);
  });

  it('keeps nothing of a stream that breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('abc');
        throw new Error('the connection was cut');
      })(),
    );
    await expect(blobs.put(broken, 10)).rejects.toThrow(/was cut/);
    expect(readdirSync(join(root, 'new'))).toEqual([]);
  });

  it('takes away what an earlier run left half written', async () => {
    mkdirSync(join(root, 'new'));
    writeFileSync(join(root, 'new', 'half'), 'x');
    await blobs.put(stream('abc'), 10);
    expect(existsSync(join(root, 'new', 'half'))).toBe(false);
  });

  it('tells a missing blob at once, and removing it twice is no error', async () => {
    const missing = '0'.repeat(64) as BlobId;
    expect(await blobs.size(missing)).toBeNull();
    await expect(blobs.open(missing)).rejects.toThrow(/ENOENT/);
    await blobs.remove(missing);
  });

  it('builds no path from anything but an id', async () => {
    await expect(blobs.open('../../etc/passwd' as BlobId)).rejects.toThrow(/64 hex digits/);
  });
});
