import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../../contract.ts';
import { callOfRows } from './calls.ts';
import type { RecordRow } from './row.ts';
import type { CallRules } from './sides.ts';
import type { PlacedRow, Portion, RecordSource } from './source.ts';

/** Number of calls emitted concurrently. */
const batchSize = 200;
/** A call is complete when the newest row of the record is this much later (milliseconds of the record's time) than its last one. */
const settledAfter = 30 * 60_000;

/** A call (one linkedid) that may get more rows. */
interface OpenCall {
  readonly rows: Map<string, RecordRow>;
  /** The place before the first row. The cursor does not move past it. */
  readonly place: string;
  readonly order: number;
  /** How many of the rows have been emitted. */
  emitted: number;
  lastEnd: number;
}

/** What to do with the calls of the record. */
export interface RecordTaker {
  emit(call: CallSnapshot): Promise<void>;
  /** Whether a call is still tracked live. It is then held back. */
  isLive(call: CallSnapshot): boolean;
}

/**
 * Reads the PBX's call record from where it stopped, to recover calls that were not seen live.
 *
 * The PBX writes a row when a channel ends, so a call is emitted again with each further row. A call that is still tracked live
 * is held back. The cursor stays before the first incomplete call: after a restart such calls are read again, and emitting a call
 * twice changes nothing. The first start begins at the end of the record.
 */
export class RecordReader {
  readonly #source: RecordSource;
  readonly #rules: CallRules;
  readonly #context: Pick<ConnectorContext, 'cursor' | 'log'>;
  readonly #open = new Map<string, OpenCall>();
  #place: string | null = null;
  #cursor = '';
  #newestEnd = 0;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(source: RecordSource, rules: CallRules, context: Pick<ConnectorContext, 'cursor' | 'log'>) {
    this.#source = source;
    this.#rules = rules;
    this.#context = context;
  }

  /**
   * Emits all calls with new rows, except those that are still tracked live. Resolves with the number of emitted calls. Concurrent
   * reads are queued. If `emit` rejects, so does the read, and the next one continues from there.
   */
  read(taker: RecordTaker): Promise<number> {
    const reading = this.#reading.then(() => this.#read(taker));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(taker: RecordTaker): Promise<number> {
    this.#place ??= await this.#context.cursor.get(this.#source.cursor);
    if (this.#place === null) {
      this.#place = await this.#source.end();
      await this.#keepPlace();
      return 0;
    }
    let count = await this.#emit(taker);
    for await (const portion of this.#source.portions(this.#place)) {
      this.#add(portion);
      count += await this.#emit(taker);
      await this.#keepPlace();
    }
    await this.#keepPlace();
    return count;
  }

  #add({ rows, place, unreadable }: Portion): void {
    for (const row of rows) this.#addRow(row);
    this.#place = place;
    if (unreadable > 0) this.#context.log.warn({ rows: unreadable }, this.#source.advice);
  }

  #addRow({ row, place, order }: PlacedRow): void {
    const call = this.#open.get(row.linkedid) ?? { rows: new Map(), place, order, emitted: 0, lastEnd: 0 };
    call.rows.set(row.id, row);
    call.lastEnd = Math.max(call.lastEnd, row.end);
    this.#open.set(row.linkedid, call);
    this.#newestEnd = Math.max(this.#newestEnd, row.end);
  }

  async #emit({ emit, isLive }: RecordTaker): Promise<number> {
    const news = [...this.#open.values()]
      .filter((open) => open.emitted < open.rows.size)
      .map((open) => ({ open, rows: open.rows.size, call: callOfRows([...open.rows.values()], this.#rules) }));
    const told = news.filter(({ call }) => call !== null && !isLive(call));
    for (let i = 0; i < told.length; i += batchSize) {
      // Concurrently, so that the store commits them together: after a restart, the last half hour is emitted again.
      const emits = told.slice(i, i + batchSize).map(async ({ open, rows, call }) => {
        if (call !== null) await emit(call);
        open.emitted = rows;
      });
      const failed = (await Promise.allSettled(emits)).find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    for (const { open, rows, call } of news) if (call === null) open.emitted = rows;
    for (const [linkedid, open] of this.#open) {
      const settled = open.emitted === open.rows.size && open.lastEnd < this.#newestEnd - settledAfter;
      if (settled) this.#open.delete(linkedid);
    }
    return told.length;
  }

  async #keepPlace(): Promise<void> {
    if (this.#place === null) return;
    let first: OpenCall | null = null;
    for (const call of this.#open.values()) if (first === null || call.order < first.order) first = call;
    const cursor = first?.place ?? this.#place;
    if (cursor === this.#cursor) return;
    await this.#context.cursor.set(this.#source.cursor, cursor);
    this.#cursor = cursor;
  }
}
