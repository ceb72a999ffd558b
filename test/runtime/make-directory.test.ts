import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/runtime/make-directory.ts';

const base = mkdtempSync(join(tmpdir(), 'patchbay-directory-'));

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('makeDirectory', () => {
  it('creates the directory and its parents for this user only, and leaves an existing one unchanged', () => {
    const path = join(base, 'a', 'b', 'c');
    makeDirectory(path);
    makeDirectory(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(base, 'a')).mode & 0o777).toBe(0o700);
  });

  it('fails at once if the system cannot create it, where Node’s own recursive mkdir retries forever', () => {
    expect(() => makeDirectory('/proc/no-such/deeper')).toThrow(
      /expected a directory \/proc\/no-such\/deeper .* failed with ENOENT; make its parent writable/,
    );
  });

  it('reports a file that is in the way', () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    const failing = () => makeDirectory(join(file, 'x'));
    expect(failing).toThrow(/failed with ENOTDIR/);
    expect(failing).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });
});
