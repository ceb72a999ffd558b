import { open, stat } from 'node:fs/promises';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../contract.ts';
import { type CdrRow, type CdrRules, callOfRows, parseCdrLine } from './cdr-record.ts';

/** Maximum number of bytes read at once. */
const portion = 4 * 1024 * 1024;
const cursorName = 'cdr_csv';
const unreadable =
  'lines of the call record could not be parsed: set loguniqueid=yes and newcdrcolumns=yes in [csv] of cdr.conf';
/** Number of calls emitted concurrently. */
const batchSize = 200;
/** A call is complete when the newest row of the record is this much later (milliseconds of the record's time) than its last one. */
const settledAfter = 30 * 60_000;

/** The reading position: the inode of the file, and the offset of the first unread byte. */
interface Place {
  readonly ino: number;
  readonly offset: number;
}

/** A call (one linkedid) that may get more rows. */
interface OpenCall {
  readonly rows: CdrRow[];
  /** Offset of the first row. The cursor does not move past it. */
  readonly offset: number;
  /** How many of the rows have been emitted. */
  emitted: number;
  lastEnd: number;
}

/**
 * Reads the PBX's call record from where it stopped, to recover calls that were not seen live.
 *
 * The PBX writes a row when a channel ends, so a call is emitted again with each further row. A call that is still tracked live
 * is held back. The cursor (inode and offset) stays before the first incomplete call: after a restart such calls are read
 * again, and emitting a call twice changes nothing. The first start begins at the end of the file.
 */
export class CdrReader {
  readonly #path: string;
  readonly #rules: CdrRules;
  readonly #context: Pick<ConnectorContext, 'cursor' | 'log'>;
  readonly #open = new Map<string, OpenCall>();
  #place: Place | null = null;
  #cursor = '';
  #newestEnd = 0;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(path: string, rules: CdrRules, context: Pick<ConnectorContext, 'cursor' | 'log'>) {
    this.#path = path;
    this.#rules = rules;
    this.#context = context;
  }

  /**
   * Emits all calls with new rows, except those that are still tracked live according to `isLive`. Resolves with the number of
   * emitted calls. Concurrent reads are queued. If `emit` rejects, so does the read, and the next one continues from there.
   */
  read(emit: (call: CallSnapshot) => Promise<void>, isLive: (call: CallSnapshot) => boolean): Promise<number> {
    const reading = this.#reading.then(() => this.#read(emit, isLive));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(emit: (call: CallSnapshot) => Promise<void>, isLive: (call: CallSnapshot) => boolean): Promise<number> {
    const file = await stat(this.#path).catch(() => null);
    this.#place ??= await this.#savedPlace();
    if (this.#place === null) {
      // The PBX creates the file with its first call, so a file that does not exist yet is later read from its beginning.
      this.#place = file === null ? { ino: 0, offset: 0 } : { ino: file.ino, offset: file.size };
      await this.#keepPlace();
      return 0;
    }
    if (file === null) return 0;
    let count = 0;
    if (this.#place.ino !== file.ino) {
      // After a rotation, unread rows are in the file that logrotate has renamed.
      const moved = await stat(`${this.#path}.1`).catch(() => null);
      if (moved?.ino === this.#place.ino) count += await this.#readOn(`${this.#path}.1`, moved.size, emit, isLive);
    }
    if (this.#place.ino !== file.ino || this.#place.offset > file.size) this.#begin(file.ino);
    return count + (await this.#readOn(this.#path, file.size, emit, isLive));
  }

  async #savedPlace(): Promise<Place | null> {
    const saved = /^(\d+):(\d+)$/.exec((await this.#context.cursor.get(cursorName)) ?? '');
    return saved === null ? null : { ino: Number(saved[1]), offset: Number(saved[2]) };
  }

  /** Starts a new file. Incomplete calls of the old one remain in memory. */
  #begin(ino: number): void {
    this.#place = { ino, offset: 0 };
    for (const [linkedid, call] of this.#open) this.#open.set(linkedid, { ...call, offset: 0 });
  }

  async #readOn(
    path: string,
    size: number,
    emit: (call: CallSnapshot) => Promise<void>,
    isLive: (call: CallSnapshot) => boolean,
  ): Promise<number> {
    let count = 0;
    for (;;) {
      const bytes = await this.#readPortion(path, size);
      count += await this.#emit(emit, isLive);
      await this.#keepPlace();
      if (bytes === 0) return count;
    }
  }

  /** Reads complete lines from the current position, and resolves with their size in bytes. An unfinished last line is left for later. */
  async #readPortion(path: string, size: number): Promise<number> {
    const { ino, offset } = this.#place ?? { ino: 0, offset: size };
    if (offset >= size) return 0;
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(portion, size - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      let begin = 0;
      let bad = 0;
      for (let end = buffer.indexOf(10); end >= 0 && end < bytesRead; end = buffer.indexOf(10, begin)) {
        const row = parseCdrLine(buffer.toString('utf8', begin, end).trimEnd(), this.#rules);
        if (row !== null) this.#add(row, offset + begin);
        else if (end > begin) bad += 1;
        begin = end + 1;
      }
      if (bad > 0) this.#context.log.warn({ lines: bad }, unreadable);
      this.#place = { ino, offset: offset + begin };
      return begin;
    } finally {
      await file.close();
    }
  }

  #add(row: CdrRow, offset: number): void {
    const call = this.#open.get(row.linkedid) ?? { rows: [], offset, emitted: 0, lastEnd: 0 };
    call.rows.push(row);
    call.lastEnd = Math.max(call.lastEnd, row.end);
    this.#open.set(row.linkedid, call);
    this.#newestEnd = Math.max(this.#newestEnd, row.end);
  }

  async #emit(emit: (call: CallSnapshot) => Promise<void>, isLive: (call: CallSnapshot) => boolean): Promise<number> {
    const news = [...this.#open.values()]
      .filter((open) => open.emitted < open.rows.length)
      .map((open) => ({ open, rows: open.rows.length, call: callOfRows(open.rows, this.#rules) }))
      .filter(({ call }) => !isLive(call));
    for (let i = 0; i < news.length; i += batchSize) {
      // Concurrently, so that the store commits them together: after a restart, the last half hour is emitted again.
      const emits = news.slice(i, i + batchSize).map(async ({ open, rows, call }) => {
        await emit(call);
        open.emitted = rows;
      });
      const failed = (await Promise.allSettled(emits)).find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    for (const [linkedid, open] of this.#open) {
      const settled = open.emitted === open.rows.length && open.lastEnd < this.#newestEnd - settledAfter;
      if (settled) this.#open.delete(linkedid);
    }
    return news.length;
  }

  async #keepPlace(): Promise<void> {
    if (this.#place === null) return;
    const { ino, offset } = this.#place;
    const first = [...this.#open.values()].reduce((least, call) => Math.min(least, call.offset), offset);
    const cursor = `${ino}:${first}`;
    if (cursor === this.#cursor) return;
    await this.#context.cursor.set(cursorName, cursor);
    this.#cursor = cursor;
  }
}
