import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Copies a SQLite database to `target` while others read and write it: one moment's state, checked before it gets its name.
 * Answers its size in bytes. Rejects where the target can't be written or the copy is not whole; then nothing is left behind.
 */
export async function backUpDatabase(path: string, target: string): Promise<number> {
  const part = `${target}.part`;
  if (!existsSync(path)) throw new Error(`there is no database ${path}: nothing to back up`);
  const source = new Sqlite(path, { readonly: true });
  try {
    await source.backup(part);
    const copy = new Sqlite(part, { readonly: true });
    // The copy's own journal must not be needed to read it.
    const verdict = copy.pragma('quick_check', { simple: true });
    copy.close();
    if (verdict !== 'ok') throw new Error(`the copy is damaged: ${String(verdict)}; is ${path} itself whole?`);
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
