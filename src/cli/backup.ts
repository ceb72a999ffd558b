import { join } from 'node:path';
import { isPostgres } from '../domain/ports/store.ts';
import { makeDirectory } from '../runtime/make-directory.ts';
import { sqlitePath } from '../store/open.ts';
import { backUpDatabase } from '../store/sqlite/backup.ts';
import { CommandError, type CommonOptions, print } from './command.ts';
import { configOf } from './context.ts';

/** `backup DIRECTORY`: the database as it is at one moment, also beside a running server; docs/backup.md tells the rest. */
export async function backUp(directory: string, options: CommonOptions): Promise<void> {
  const { store, blobs } = configOf(options);
  if (isPostgres(store.url))
    throw new CommandError('the store is PostgreSQL: use pg_dump as docs/backup.md says; this command copies SQLite');
  makeDirectory(directory);
  const file = join(directory, `patchbay-${new Date().toISOString().replace(/[:.]/g, '-')}.db`);
  const bytes = await backUpDatabase(sqlitePath(store.url), file);
  print(options, { ok: true, file, bytes, blobs: blobs.url }, [
    `${file}: ${bytes} bytes`,
    `Attachments lie in ${blobs.url} and are not in it: copy them after this, see docs/backup.md`,
  ]);
}
