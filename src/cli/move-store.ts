import { isPostgres } from '../domain/ports/store.ts';
import { type MoveProgress, moveStore } from '../store/move/move.ts';
import { type CommonOptions, print, UsageError } from './command.ts';

/** `move-store --from sqlite:PATH --to postgres://…`: a SQLite installation's data into PostgreSQL, compared, in as many runs as it takes. */
export async function move(options: CommonOptions & { readonly from: string; readonly to: string }): Promise<void> {
  const { from, to } = options;
  if (!from.startsWith('sqlite:')) throw new UsageError(`--from: expected sqlite:PATH, got "${from}"`);
  // What was typed may hold a password.
  if (!isPostgres(to)) throw new UsageError('--to: expected postgres://USER@HOST/DATABASE');
  const { tables, already, repaired } = await moveStore({
    path: from.slice('sqlite:'.length),
    url: to,
    onProgress: process.stderr.isTTY ? showOnTerminal : showLines,
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  print(options, { ok: true, already, tables, repaired }, [
    ...repaired.map((row) => `${row}: a NUL character was left out, PostgreSQL keeps none`),
    already === null
      ? `${rows} rows in ${tables.length} tables are the same on both sides. Set store.url to the new database and start; blobs stay where they are`
      : `This store was moved here by ${already}: nothing was done. What it took in since then is not in the new one`,
  ]);
}

/** One line for each table, grown while it is copied. */
function showOnTerminal({ table, step, rows, of }: MoveProgress): void {
  process.stderr.write(step === 'compared' ? `\r${table}: ${rows} rows, the same\n` : `\r${table}: ${rows} of ${of}`);
}

function showLines({ table, step, rows }: MoveProgress): void {
  if (step === 'compared') process.stderr.write(`${table}: ${rows} rows, the same\n`);
}
