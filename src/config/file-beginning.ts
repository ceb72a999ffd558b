import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Size and first bytes of a file that the configuration names, or the code of the error if it can't be read. */
export function beginningOf(path: string): { readonly size: number; readonly bytes: string } | string {
  try {
    const file = openSync(path, 'r');
    try {
      const first = Buffer.alloc(8);
      const count = readSync(file, first);
      return { size: fstatSync(file).size, bytes: first.toString('latin1', 0, count) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  }
}
