import { existsSync } from 'node:fs';
import { isPostgres } from '../domain/ports/store.ts';
import { sqlitePath } from '../store/open.ts';
import { lockForProcess } from '../store/sqlite/process-lock.ts';
import { repairDatabase } from '../store/sqlite/repair.ts';
import { CommandError, type CommonOptions, print } from './command.ts';
import { configOf } from './context.ts';

/** `patchbay repair`: salvages a damaged SQLite file. docs/backup.md says when a back-up is the better choice. */
export async function repair(options: CommonOptions): Promise<void> {
  const { store } = configOf(options);
  if (isPostgres(store.url))
    throw new CommandError(
      "this command repairs SQLite only, but the store is PostgreSQL: use PostgreSQL's tools, see docs/backup.md",
    );
  const path = sqlitePath(store.url);
  if (!existsSync(path)) throw new CommandError(`no database at ${path}`);
  const lock = lockForProcess(path);
  try {
    const { tables, aside } = repairDatabase(path, new Date());
    const damaged = tables.filter(({ lost }) => lost !== 0);
    const lines = tables
      .filter(({ kept, lost }) => kept > 0 || lost !== 0)
      .map(({ table, kept, lost }) => `${table}: ${kept} rows kept, ${lost ?? 'an unknown number'} lost`);
    print(options, { ok: damaged.length === 0, tables, aside }, [
      ...lines,
      `The damaged file was renamed to ${aside}. Keep it until you are sure that no data is missing.`,
      damaged.length === 0
        ? 'Nothing was lost.'
        : 'Lost rows may be in your last back-up: see docs/backup.md on how to restore it.',
    ]);
  } finally {
    lock.release();
  }
}
