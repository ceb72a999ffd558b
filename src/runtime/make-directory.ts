import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a directory and its parents for this user only. Errors are written for an administrator and carry the
 * system's code. It does not use `mkdir` with `recursive`, which never returns if the system says that a parent does
 * not exist (`/proc/x`).
 */
export function makeDirectory(path: string): void {
  try {
    make(resolve(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const words = `expected a directory ${path} that exists or can be created, but creating it failed with ${code}; make its parent writable for this user, or configure another path`;
    throw Object.assign(new Error(words), { code });
  }
}

function make(path: string): void {
  if (existsSync(path)) return;
  make(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another program has just created it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
