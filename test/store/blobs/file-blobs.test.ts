import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { describeBlobs, streamOf } from './conformance.ts';

const base = mkdtempSync(join(tmpdir(), 'patchbay-blobs-'));
const fresh = () => mkdtempSync(join(base, 'root-'));

afterAll(() => rmSync(base, { recursive: true, force: true }));

describeBlobs('files', async () => {
  const root = fresh();
  return { blobs: new FileBlobs(root), unfinished: async () => readdirSync(join(root, 'new')) };
});

describe('blobs in files', () => {
  let root: string;

  beforeEach(() => {
    root = fresh();
  });

  it('takes away what an earlier run left half written', async () => {
    mkdirSync(join(root, 'new'));
    writeFileSync(join(root, 'new', 'half'), 'x');
    await new FileBlobs(root).put(streamOf('abc'), 10);
    expect(existsSync(join(root, 'new', 'half'))).toBe(false);
  });
});
