import { existsSync } from 'node:fs';
import { isPostgres } from '../domain/ports/store.ts';
import { sqlitePath } from '../store/open.ts';
import { lockForProcess } from '../store/sqlite/process-lock.ts';
import { repairDatabase } from '../store/sqlite/repair.ts';
import { CommandError, type CommonOptions, print } from './command.ts';
import { configOf } from './context.ts';

/** `patchbay repair`: salvages a damaged SQLite file, with the gateway stopped; docs/backup.md tells when a back-up is better. */
export async function repair(options: CommonOptions): Promise<void> {
  const { store } = configOf(options);
  if (isPostgres(store.url))
    throw new CommandError('the store is PostgreSQL: its own tools repair it, see docs/backup.md');
  const path = sqlitePath(store.url);
  if (!existsSync(path)) throw new CommandError(`there is no database ${path}`);
  const lock = lockForProcess(path);
  try {
    const { tables, aside } = repairDatabase(path, new Date());
    const spoilt = tables.filter(({ lost }) => lost !== 0);
    const lines = tables
      .filter(({ kept, lost }) => kept > 0 || lost !== 0)
      .map(({ table, kept, lost }) => `${table}: ${kept} rows kept, ${lost ?? 'an unknown number'} lost`);
    print(options, { ok: spoilt.length === 0, tables, aside }, [
      ...lines,
      `The damaged file is now ${aside}. Keep it until you know that nothing is missed.`,
      spoilt.length === 0
        ? 'Nothing was lost.'
        : 'What was lost is in the last back-up, if anywhere: docs/backup.md says how to go back to it.',
    ]);
  } finally {
    lock.release();
  }
}
