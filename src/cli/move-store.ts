import { isPostgres } from '../domain/ports/store.ts';
import { type MoveProgress, moveStore } from '../store/move/move.ts';
import { type CommonOptions, print, UsageError } from './command.ts';

/** `move-store --from sqlite:PATH --to postgres://…`: copies an SQLite store to PostgreSQL and verifies it. Can be interrupted. */
export async function move(options: CommonOptions & { readonly from: string; readonly to: string }): Promise<void> {
  const { from, to } = options;
  if (!from.startsWith('sqlite:')) throw new UsageError(`--from: expected sqlite:PATH, got "${from}"`);
  // The value may contain a password, so the message does not repeat it.
  if (!isPostgres(to)) throw new UsageError('--to: expected postgres://USER@HOST/DATABASE');
  const { tables, already, repaired } = await moveStore({
    path: from.slice('sqlite:'.length),
    url: to,
    onProgress: process.stderr.isTTY ? showOnTerminal : showLines,
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  print(options, { ok: true, already, tables, repaired }, [
    ...repaired.map((row) => `${row}: a NUL character was removed, as PostgreSQL can't store it`),
    already === null
      ? `${rows} rows in ${tables.length} tables are identical in both stores. Set store.url to the new database and start the gateway. Blobs stay where they are`
      : `Nothing was done: this store had already been moved here by ${already}. Data that it received since then is not in the new store`,
  ]);
}

/** Shows one line for each table, updated while it is copied. */
function showOnTerminal({ table, step, rows, of }: MoveProgress): void {
  process.stderr.write(step === 'compared' ? `\r${table}: ${rows} rows, identical\n` : `\r${table}: ${rows} of ${of}`);
}

function showLines({ table, step, rows }: MoveProgress): void {
  if (step === 'compared') process.stderr.write(`${table}: ${rows} rows, identical\n`);
}
