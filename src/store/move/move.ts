import { type Row, rowChecksum, type Tally, Tallying } from './checksum.ts';
import { type TableShape, tableShapes } from './shapes.ts';
import { type Place, Source } from './source.ts';
import { Target } from './target.ts';

/** What is moved where. */
export interface MoveOptions {
  /** The SQLite file. */
  readonly path: string;
  /** `postgres://…`: an empty database, or one that an earlier run of the same move began to fill. */
  readonly url: string;
  /** Rows that travel in one transaction; a test takes few. */
  readonly chunkRows?: number;
  /** Told of every chunk that has arrived, and of every table that was compared. */
  readonly onProgress?: (progress: MoveProgress) => void;
}

/** How far a run is. */
export interface MoveProgress {
  readonly table: string;
  readonly step: 'copied' | 'compared';
  /** Of `of`, what this run has done of the table. */
  readonly rows: number;
  readonly of: number;
}

/** What a run found out. */
export interface MoveReport {
  readonly tables: readonly ({ readonly name: string } & Tally)[];
  /** When an earlier run had finished: then this one did nothing. */
  readonly already: string | null;
  /** Rows in which a NUL character, which PostgreSQL does not keep, was left out. */
  readonly repaired: readonly string[];
}

/** Rows that differ, as many as are told. */
const mostTold = 5;

/**
 * Copies a SQLite store into PostgreSQL, table by table, and compares each: number of rows and sum of checksums. Ended in
 * the middle, the same call goes on where it stopped; a table that was begun by an earlier run and no longer compares
 * (somebody wrote to the source in between) is done again. Until all is right no gateway starts on the target.
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

/** The tally that both sides have, or in words what differs. */
async function compare(source: Source, target: Target, shape: TableShape): Promise<Tally | string> {
  const tallying = new Tallying();
  for (const { rows } of chunks(source, shape)) for (const row of rows) tallying.add(rowChecksum(row));
  const [ours, theirs] = [tallying.tally, await target.tally(shape)];
  if (ours.rows === theirs.rows && ours.sum === theirs.sum) return ours;
  const named = function* () {
    for (const { rows } of chunks(source, shape))
      yield rows.map((row) => ({ name: rowName(shape, row), sum: rowChecksum(row) }));
  };
  const told = await target.missing(shape, named(), mostTold);
  const which = told.length === 0 ? '' : `; not the same there: ${told.join(', ')}`;
  return `${shape.name} did not arrive as it was sent: ${ours.rows} rows and checksum ${ours.sum} here, ${theirs.rows} and ${theirs.sum} there${which}`;
}

function* chunks(source: Source, shape: TableShape): Generator<{ readonly rows: readonly Row[] }> {
  for (let place: Place | null = null; ; ) {
    const { rows, next } = source.chunk(shape, place);
    yield { rows };
    if (next === null) return;
    place = next;
  }
}

/** A table and its row's first two values, which tell a human which it is. */
function rowName({ name }: TableShape, row: Row): string {
  const values = row.slice(0, 2).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value));
  return [name, ...values].join(' ');
}
