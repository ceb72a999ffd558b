import { open, stat } from 'node:fs/promises';
import type { CallSnapshot } from '../../domain/contact-event.ts';
import type { ConnectorContext } from '../contract.ts';
import { type CdrRow, type CdrRules, callOfRows, parseCdrLine } from './cdr-record.ts';

/** Bytes read at the most in one go; what remains comes with the next. */
const portion = 4 * 1024 * 1024;
const cursorName = 'cdr_csv';

/**
 * Reads the PBX's own call record from where it stopped, so that what was not seen live is known all the same. The
 * cursor (inode and offset) moves after what lies before it is safe. A first start begins at the file's end.
 */
export class CdrReader {
  readonly #path: string;
  readonly #rules: CdrRules;
  readonly #context: Pick<ConnectorContext, 'cursor' | 'log'>;

  constructor(path: string, rules: CdrRules, context: Pick<ConnectorContext, 'cursor' | 'log'>) {
    this.#path = path;
    this.#rules = rules;
    this.#context = context;
  }

  /** Hands every new call of the record to `emit`, except those that `isLive` says are still being followed. */
  async read(emit: (call: CallSnapshot) => Promise<void>, isLive: (call: CallSnapshot) => boolean): Promise<number> {
    const file = await stat(this.#path).catch(() => null);
    if (file === null) return 0;
    const saved = /^(\d+):(\d+)$/.exec((await this.#context.cursor.get(cursorName)) ?? '');
    if (saved === null) {
      await this.#context.cursor.set(cursorName, `${file.ino}:${file.size}`);
      return 0;
    }
    // Another inode or a shorter file: rotated, so the new one is read from its beginning.
    const rotated = Number(saved[1]) !== file.ino || Number(saved[2]) > file.size;
    let offset = rotated ? 0 : Number(saved[2]);
    let count = 0;
    while (offset < file.size) {
      const { rows, bytes } = await this.#readFrom(offset, file.size);
      if (bytes === 0) break;
      const calls = callsOf(rows, this.#rules).filter((call) => !isLive(call));
      for (const call of calls) await emit(call);
      count += calls.length;
      offset += bytes;
      await this.#context.cursor.set(cursorName, `${file.ino}:${offset}`);
    }
    return count;
  }

  /** Whole lines from `offset` on; a last line without its end is left for later. */
  async #readFrom(offset: number, size: number): Promise<{ rows: readonly CdrRow[]; bytes: number }> {
    const file = await open(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(portion, size - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      const lines = buffer.toString('utf8', 0, end).split('\n').filter(Boolean);
      const rows = lines.map((line) => parseCdrLine(line, this.#rules));
      const bad = rows.filter((row) => row === null).length;
      if (bad > 0) this.#context.log.warn({ lines: bad }, 'lines of the call record are not readable');
      return { rows: rows.filter((row) => row !== null), bytes: end };
    } finally {
      await file.close();
    }
  }
}

function callsOf(rows: readonly CdrRow[], rules: CdrRules): readonly CallSnapshot[] {
  const groups = new Map<string, CdrRow[]>();
  for (const row of rows) {
    const group = groups.get(row.linkedid);
    if (group === undefined) groups.set(row.linkedid, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => callOfRows(group, rules));
}
