import { open, stat } from 'node:fs/promises';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../contract.ts';
import { type CdrRow, type CdrRules, callOfRows, parseCdrLine } from './cdr-record.ts';

/** Bytes read at the most in one go; what remains comes with the next. */
const portion = 4 * 1024 * 1024;
const cursorName = 'cdr_csv';
const unreadable =
  'lines of the call record are not readable: cdr.conf needs loguniqueid=yes and newcdrcolumns=yes in [csv]';
/** Calls handed over side by side. */
const atOnce = 200;
/** A call gets no more rows when the record has gone on this far (milliseconds of the record's own time) after its last. */
const settledAfter = 30 * 60_000;

/** Where the reading stands: the file by its inode, and the first byte that was not read. */
interface Place {
  readonly ino: number;
  readonly offset: number;
}

/** The rows of one linkedid that may not be all there yet. */
interface OpenCall {
  readonly rows: CdrRow[];
  /** Where the first of them stands; the cursor stays before it. */
  readonly offset: number;
  /** How many of the rows were told already. */
  told: number;
  lastEnd: number;
}

/**
 * Reads the PBX's own call record from where it stopped, so that what was not seen live is known all the same. A call's
 * rows come as its channels end, so a call is told again with each further row, and a call that is still followed live
 * is kept back. The cursor (inode and offset) stays before the first call that is not settled: a restart reads those
 * again, and telling a call twice changes nothing. A first start begins at the file's end.
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
   * Hands every call with news in the record to `emit`, except those that `isLive` says are still being followed, and
   * tells how many. Reads follow each other. Rejects with what `emit` rejects with; the next read goes on from there.
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
      // A PBX that has recorded nothing yet makes the file with its first call: that is read from the beginning.
      this.#place = file === null ? { ino: 0, offset: 0 } : { ino: file.ino, offset: file.size };
      await this.#keepPlace();
      return 0;
    }
    if (file === null) return 0;
    let count = 0;
    if (this.#place.ino !== file.ino) {
      // Rotated: what was not read yet lies in the file that logrotate has moved away.
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

  /** Starts a new file. Calls that are open from the old one stay known while this process lives. */
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
      count += await this.#tell(emit, isLive);
      await this.#keepPlace();
      if (bytes === 0) return count;
    }
  }

  /** Takes whole lines in from the place on; a last line without its end is left for later. Tells how many bytes. */
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
    const call = this.#open.get(row.linkedid) ?? { rows: [], offset, told: 0, lastEnd: 0 };
    call.rows.push(row);
    call.lastEnd = Math.max(call.lastEnd, row.end);
    this.#open.set(row.linkedid, call);
    this.#newestEnd = Math.max(this.#newestEnd, row.end);
  }

  async #tell(emit: (call: CallSnapshot) => Promise<void>, isLive: (call: CallSnapshot) => boolean): Promise<number> {
    const news = [...this.#open.values()]
      .filter((open) => open.told < open.rows.length)
      .map((open) => ({ open, rows: open.rows.length, call: callOfRows(open.rows, this.#rules) }))
      .filter(({ call }) => !isLive(call));
    for (let i = 0; i < news.length; i += atOnce) {
      // Side by side, so that the store commits them together: a restart tells the last half hour again.
      const told = news.slice(i, i + atOnce).map(async ({ open, rows, call }) => {
        await emit(call);
        open.told = rows;
      });
      const failed = (await Promise.allSettled(told)).find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    for (const [linkedid, open] of this.#open) {
      const settled = open.told === open.rows.length && open.lastEnd < this.#newestEnd - settledAfter;
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
