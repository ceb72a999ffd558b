import { open, stat } from 'node:fs/promises';
import { type NameCharset, readableLines } from '../text/readable.ts';
import { type RecordRow, rowOf } from './row.ts';
import { type PlacedRow, type Portion, type RecordFacts, type RecordSource, RecordUnreadable } from './source.ts';
import type { ToInstant } from './zone.ts';

/** Maximum number of bytes read at once. */
const portion = 4 * 1024 * 1024;

/** Number of bytes at the end of the file that are examined. */
const inspected = 64 * 1024;

/** A reading position: the inode of the file, and the offset of the first unread byte. */
interface Place {
  readonly ino: number;
  readonly offset: number;
}

/** The columns of cdr_csv, as described in Asterisk's cdr.conf.sample, [csv]. */
const columns = [
  ...['accountcode', 'src', 'dst', 'dcontext', 'clid', 'channel', 'dstchannel', 'lastapp', 'lastdata'],
  ...['start', 'answer', 'end', 'duration', 'billsec', 'disposition', 'amaflags', 'uniqueid'],
];

/**
 * Parses a line of cdr_csv. Null if it is not a call record, or has no linkedid. `recording` is the column with the recording, such
 * as `userfield`.
 */
export function parseCdrLine(line: string, toInstant: ToInstant, recording?: string): RecordRow | null {
  const cells = splitCsv(line);
  // newcdrcolumns=yes adds peeraccount, linkedid and sequence after all other columns.
  if (cells.length < 19) return null;
  // loguserfield=yes adds userfield before them.
  const userfield = cells.length > 20 ? cells.at(-4) : undefined;
  const last: Readonly<Record<string, string | undefined>> = {
    linkedid: cells.at(-2),
    sequence: cells.at(-1),
    userfield,
  };
  const cell = (name: string) => (Object.hasOwn(last, name) ? last[name] : cells[columns.indexOf(name)]) ?? '';
  // cdr_csv leaves times out; then the row is not of a call.
  if (cells[columns.indexOf('end')] === '') return null;
  return rowOf((name) => cell(name === 'recordingfile' && recording !== undefined ? recording : name), toInstant);
}

/** Splits a line of cdr_csv, in which texts are quoted and quotes doubled. */
function splitCsv(line: string): readonly string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return cells;
}

/** The Master.csv of cdr_csv, also while logrotate renames it. */
export class CsvSource implements RecordSource {
  readonly cursor = 'cdr_csv';
  readonly advice =
    'lines of the call record could not be parsed: set loguniqueid=yes and newcdrcolumns=yes in [csv] of cdr.conf';
  readonly #path: string;
  readonly #toInstant: ToInstant;
  readonly #charset: NameCharset;
  readonly #recording: string | undefined;
  #order = 0;

  /** `charset` is that of lines that are not UTF-8, `recording` the column with the recording. */
  constructor(path: string, toInstant: ToInstant, charset: NameCharset = 'auto', recording?: string) {
    this.#path = path;
    this.#toInstant = toInstant;
    this.#charset = charset;
    this.#recording = recording;
  }

  /** The PBX creates the file with its first call, so a file that does not exist yet is later read from its beginning. */
  async end(): Promise<string> {
    const file = await this.#stat(this.#path);
    return placeText(file === null ? { ino: 0, offset: 0 } : { ino: file.ino, offset: file.size });
  }

  async *portions(text: string): AsyncIterable<Portion> {
    const file = await this.#stat(this.#path);
    if (file === null) return;
    let place = parsePlace(text);
    if (place.ino !== file.ino) {
      // After a rotation, unread rows are in the file that logrotate has renamed.
      const moved = await this.#stat(`${this.#path}.1`);
      if (moved?.ino === place.ino) yield* this.#readOn(`${this.#path}.1`, moved.size, place);
    }
    if (place.ino !== file.ino || place.offset > file.size) place = { ino: file.ino, offset: 0 };
    yield* this.#readOn(this.#path, file.size, place);
  }

  /** Examines the last lines. */
  async inspect(): Promise<RecordFacts> {
    const file = await this.#stat(this.#path);
    if (file === null)
      throw new RecordUnreadable(`${this.#path} does not exist on this machine; mount it from the PBX`);
    const last = { ino: file.ino, offset: Math.max(0, file.size - inspected) };
    const { rows, unreadable } = await this.#readPortion(this.#path, file.size, last);
    // The first line of the portion is usually cut off.
    const isUnknown = rows.length === 0 && unreadable > 1;
    const newest = rows.length === 0 ? null : Math.max(...rows.map(({ row }) => row.end));
    return { missing: isUnknown ? ['uniqueid', 'linkedid'] : [], newest };
  }

  async #stat(path: string) {
    try {
      return await stat(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      throw new RecordUnreadable(`${path}: ${code}`);
    }
  }

  async *#readOn(path: string, size: number, from: Place): AsyncIterable<Portion> {
    for (let place = from; place.offset < size; ) {
      const read = await this.#readPortion(path, size, place);
      place = read.next;
      yield { rows: read.rows, place: placeText(place), unreadable: read.unreadable };
      if (read.bytes === 0) return;
    }
  }

  /** Reads complete lines from a place. An unfinished last line is left for later. */
  async #readPortion(path: string, size: number, { ino, offset }: Place) {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new RecordUnreadable(`${path}: ${error.code}`);
    });
    try {
      const buffer = Buffer.alloc(Math.min(portion, size - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      const rows: PlacedRow[] = [];
      let begin = 0;
      let unreadable = 0;
      for (let end = buffer.indexOf(10); end >= 0 && end < bytesRead; end = buffer.indexOf(10, begin)) {
        const line = buffer.toString('latin1', begin, end).trimEnd();
        const row = parseCdrLine(readableLines(line, this.#charset), this.#toInstant, this.#recording);
        this.#order += 1;
        if (row !== null) rows.push({ row, place: placeText({ ino, offset: offset + begin }), order: this.#order });
        else if (end > begin) unreadable += 1;
        begin = end + 1;
      }
      return { rows, next: { ino, offset: offset + begin }, bytes: begin, unreadable };
    } finally {
      await file.close();
    }
  }
}

function placeText({ ino, offset }: Place): string {
  return `${ino}:${offset}`;
}

function parsePlace(text: string): Place {
  const found = /^(\d+):(\d+)$/.exec(text);
  return found === null ? { ino: 0, offset: 0 } : { ino: Number(found[1]), offset: Number(found[2]) };
}
