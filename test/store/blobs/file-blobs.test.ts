import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { describeBlobs, streamOf } from './conformance.ts';

const look = vi.hoisted(() => ({ after: null as (() => Promise<void>) | null }));

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  const stat = async (path: string) => {
    const found = await real.stat(path);
    const { after } = look;
    look.after = null;
    await after?.();
    return found;
  };
  return { ...real, stat: stat as typeof real.stat };
});

const base = mkdtempSync(join(tmpdir(), 'patchbay-blobs-'));
const fresh = () => mkdtempSync(join(base, 'root-'));

afterAll(() => rmSync(base, { recursive: true, force: true }));

describeBlobs('files', async () => {
  const root = fresh();
  return {
    blobs: new FileBlobs(root),
    unfinished: async () => readdirSync(join(root, 'new')),
    duringLook(meanwhile) {
      look.after = meanwhile;
    },
  };
});

describe('blobs in files', () => {
  let root: string;

  beforeEach(() => {
    root = fresh();
  });

  it('deletes unfinished files of an earlier run, and leaves those of another process', async () => {
    mkdirSync(join(root, 'new'));
    for (const name of ['half', 'under way']) writeFileSync(join(root, 'new', name), 'x');
    const hours = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(join(root, 'new', 'half'), hours, hours);
    await new FileBlobs(root).put(streamOf('abc'), 10);
    expect(readdirSync(join(root, 'new'))).toEqual(['under way']);
  });
});
