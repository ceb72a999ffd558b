import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Backs up a SQLite database to `target` while it is in use. The copy is a consistent snapshot and is checked before
 * it gets its final name. Returns its size in bytes. Rejects if the target cannot be written or the copy is damaged;
 * nothing is left behind then.
 */
export async function backUpDatabase(path: string, target: string): Promise<number> {
  const part = `${target}.part`;
  if (!existsSync(path)) throw new Error(`there is no database at ${path}, so there is nothing to back up`);
  const source = new Sqlite(path, { readonly: true });
  try {
    await source.backup(part);
    const copy = new Sqlite(part, { readonly: true });
    // Only this file is kept, so it must be complete without a -wal file.
    const verdict = copy.pragma('quick_check', { simple: true });
    copy.close();
    if (verdict !== 'ok') throw new Error(`the copy is damaged: ${String(verdict)}; check ${path} itself for damage`);
    const file = await open(part, 'r+');
    await file.chmod(0o600);
    await file.sync();
    const { size } = await file.stat();
    await file.close();
    await rename(part, target);
    const directory = await open(dirname(target), 'r');
    await directory.sync().finally(() => directory.close());
    return size;
  } catch (error) {
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${part}${end}`, { force: true })));
    throw error;
  } finally {
    source.close();
  }
}
