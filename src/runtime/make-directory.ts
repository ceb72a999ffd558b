import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory of ours, and those it lies in, for this user only. Throws in words for an administrator, with the system's
 * code, where that can't be done. Not by `mkdir`'s own `recursive`: it tries for ever where the system says that a parent does not exist (`/proc/x`).
 */
export function makeDirectory(path: string): void {
  try {
    make(resolve(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const words = `expected a directory ${path} that exists or can be made, making it failed with ${code}; make it writable for this user, or name another place in the configuration`;
    throw Object.assign(new Error(words), { code });
  }
}

function make(path: string): void {
  if (existsSync(path)) return;
  make(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another program was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
