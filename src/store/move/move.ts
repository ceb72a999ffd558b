import { type Row, rowChecksum, type Tally, Tallying } from './checksum.ts';
import { type TableShape, tableShapes } from './shapes.ts';
import { type Place, Source } from './source.ts';
import { Target } from './target.ts';

/** What to move where. */
export interface MoveOptions {
  /** The SQLite file. */
  readonly path: string;
  /** `postgres://…`: an empty database, or one partly filled by an earlier run of the same move. */
  readonly url: string;
  /** Rows per transaction; tests use few. */
  readonly chunkRows?: number;
  /** Called after every chunk that was copied and every table that was compared. */
  readonly onProgress?: (progress: MoveProgress) => void;
}

/** Progress of a run. */
export interface MoveProgress {
  readonly table: string;
  readonly step: 'copied' | 'compared';
  /** How many of the `of` rows this run has processed. */
  readonly rows: number;
  readonly of: number;
}

/** The result of a run. */
export interface MoveReport {
  readonly tables: readonly ({ readonly name: string } & Tally)[];
  /** When an earlier run finished the move, in which case this one did nothing. */
  readonly already: string | null;
  /** Rows from which a NUL character was removed, because PostgreSQL cannot store it. */
  readonly repaired: readonly string[];
}

/** How many differing rows an error message lists. */
const maxListed = 5;

/**
 * Copies a SQLite store into PostgreSQL table by table and compares the row count and checksum of each table. An
 * interrupted move continues where it stopped when it is run again. If a table that an earlier run began no longer
 * matches, because the source was written to in between, it is copied again. No gateway starts on the target until
 * everything matches.
 */
export async function moveStore(options: MoveOptions): Promise<MoveReport> {
  const { path, url, chunkRows, onProgress = () => undefined } = options;
  const source = new Source(path, chunkRows);
  try {
    const target = await Target.open(url, source.fingerprint);
    try {
      if (target.finishedAt !== null) return { tables: [], already: target.finishedAt, repaired: [] };
      const tables: ({ name: string } & Tally)[] = [];
      for (const shape of tableShapes) {
        const resumed = target.place(shape) !== undefined;
        await copy(source, target, shape, onProgress);
        let differing = await compare(source, target, shape);
        if (resumed && typeof differing === 'string') {
          await target.clear(shape);
          await copy(source, target, shape, onProgress);
          differing = await compare(source, target, shape);
        }
        if (typeof differing === 'string') throw new Error(differing);
        tables.push({ name: shape.name, ...differing });
        onProgress({ table: shape.name, step: 'compared', rows: differing.rows, of: differing.rows });
      }
      await target.finish(source.keySecret, source.staff);
      return { tables, already: null, repaired: [...source.repaired] };
    } finally {
      await target.close().catch(() => undefined);
    }
  } finally {
    source.close();
  }
}

async function copy(
  source: Source,
  target: Target,
  shape: TableShape,
  onProgress: (progress: MoveProgress) => void,
): Promise<void> {
  const of = source.count(shape);
  let done = 0;
  for (let place = target.place(shape); place !== null; ) {
    const { rows, next } = source.chunk(shape, place ?? null);
    await target.put(shape, rows, next);
    done += rows.length;
    onProgress({ table: shape.name, step: 'copied', rows: done, of });
    place = next;
  }
}

/** The tally if both sides agree, otherwise a description of the difference. */
async function compare(source: Source, target: Target, shape: TableShape): Promise<Tally | string> {
  const tallying = new Tallying();
  for (const { rows } of chunks(source, shape)) for (const row of rows) tallying.add(rowChecksum(row));
  const [ours, theirs] = [tallying.tally, await target.tally(shape)];
  if (ours.rows === theirs.rows && ours.sum === theirs.sum) return ours;
  const checksums = function* () {
    for (const { rows } of chunks(source, shape))
      yield rows.map((row) => ({ name: rowName(shape, row), sum: rowChecksum(row) }));
  };
  const differing = await target.missing(shape, checksums(), maxListed);
  const which = differing.length === 0 ? '' : `; differing rows: ${differing.join(', ')}`;
  return `${shape.name} differs after copying: ${ours.rows} rows and checksum ${ours.sum} in SQLite, ${theirs.rows} and ${theirs.sum} in PostgreSQL${which}`;
}

function* chunks(source: Source, shape: TableShape): Generator<{ readonly rows: readonly Row[] }> {
  for (let place: Place | null = null; ; ) {
    const { rows, next } = source.chunk(shape, place);
    yield { rows };
    if (next === null) return;
    place = next;
  }
}

/** The table and the row's first two values, enough for a person to identify the row. */
function rowName({ name }: TableShape, row: Row): string {
  const values = row.slice(0, 2).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value));
  return [name, ...values].join(' ');
}
