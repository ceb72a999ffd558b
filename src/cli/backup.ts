import { join } from 'node:path';
import { isPostgres } from '../domain/ports/store.ts';
import { makeDirectory } from '../runtime/make-directory.ts';
import { sqlitePath } from '../store/open.ts';
import { backUpDatabase } from '../store/sqlite/backup.ts';
import { CommandError, type CommonOptions, print } from './command.ts';
import { configOf } from './context.ts';

/** `backup DIRECTORY`: takes a consistent snapshot of the database, also while the server runs. See docs/backup.md. */
export async function backUp(directory: string, options: CommonOptions): Promise<void> {
  const { store, blobs } = configOf(options);
  if (isPostgres(store.url))
    throw new CommandError(
      'this command backs up SQLite only, but the store is PostgreSQL: use pg_dump, see docs/backup.md',
    );
  makeDirectory(directory);
  const file = join(directory, `patchbay-${new Date().toISOString().replace(/[:.]/g, '-')}.db`);
  const bytes = await backUpDatabase(sqlitePath(store.url), file);
  print(options, { ok: true, file, bytes, blobs: blobs.url }, [
    `${file}: ${bytes} bytes`,
    `Attachments are not included: copy ${blobs.url} now, after the database; see docs/backup.md`,
  ]);
}
