import { type EventKey, eventKey } from '../../../domain/base/ids.ts';
import type { CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../../contract.ts';
import { callOfRows, recordingsOf } from './calls.ts';
import { joined } from './cel/joined.ts';
import type { CelTeller, CelTold } from './cel/teller.ts';
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
  /** How often it waited for the rest of its `cel` rows. */
  waits: number;
  lastEnd: number;
}

/** How often a call waits for the rest of its `cel` rows: it is told when the table is written late, but not for good. */
const maxWaits = 5;

/** A call with new rows, and what is told of it. */
interface News {
  readonly open: OpenCall;
  readonly rows: number;
  readonly calls: readonly CallSnapshot[];
}

/** What to do with the calls of the record. */
export interface RecordTaker {
  emit(call: CallSnapshot): Promise<void>;
  /** Whether a call is still tracked live. It is then held back. */
  isLive(call: CallSnapshot): boolean;
  /** Whether a call with these keys needs nothing from the record, since its end was seen. */
  isSeen(keys: readonly EventKey[]): boolean;
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
  readonly #cel: CelTeller | null;
  readonly #open = new Map<string, OpenCall>();
  #place: string | null = null;
  #cursor = '';
  #newestEnd = 0;
  #reading: Promise<unknown> = Promise.resolve();

  /** With `cel`, calls are told from there as far as it has them. */
  constructor(
    source: RecordSource,
    rules: CallRules,
    context: Pick<ConnectorContext, 'cursor' | 'log'>,
    cel: CelTeller | null = null,
  ) {
    this.#cel = cel;
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
      this.#add(portion, taker);
      count += await this.#emit(taker);
      await this.#keepPlace();
    }
    await this.#keepPlace();
    return count;
  }

  #add({ rows, place, unreadable }: Portion, taker: RecordTaker): void {
    for (const row of rows) if (!this.#isSeen(row, taker)) this.#addRow(row);
    this.#place = place;
    if (unreadable > 0) this.#context.log.warn({ rows: unreadable }, this.#source.advice);
  }

  /** Whether a row can be passed over. With `cel`, the rows of several calls may belong together. */
  #isSeen({ row }: PlacedRow, { isSeen }: RecordTaker): boolean {
    if (this.#cel !== null || this.#open.has(row.linkedid)) return false;
    this.#newestEnd = Math.max(this.#newestEnd, row.end);
    return isSeen([row.linkedid, row.uniqueid].map((id) => eventKey(this.#rules.connection, id)));
  }

  #addRow({ row, place, order }: PlacedRow): void {
    const call = this.#open.get(row.linkedid) ?? { rows: new Map(), place, order, emitted: 0, waits: 0, lastEnd: 0 };
    call.rows.set(row.id, row);
    call.lastEnd = Math.max(call.lastEnd, row.end);
    this.#open.set(row.linkedid, call);
    this.#newestEnd = Math.max(this.#newestEnd, row.end);
  }

  async #emit({ emit, isLive }: RecordTaker): Promise<number> {
    const news = await this.#news();
    const told = news.filter(({ calls }) => calls.length > 0 && !calls.some(isLive));
    for (let i = 0; i < told.length; i += batchSize) {
      // Concurrently, so that the store commits them together: after a restart, the last half hour is emitted again.
      const emits = told.slice(i, i + batchSize).map(async ({ open, rows, calls }) => {
        for (const call of calls) await emit(call);
        open.emitted = rows;
      });
      const failed = (await Promise.allSettled(emits)).find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    for (const { open, rows, calls } of news) if (calls.length === 0) open.emitted = rows;
    for (const [linkedid, open] of this.#open) {
      const settled = open.emitted === open.rows.size && open.lastEnd < this.#newestEnd - settledAfter;
      if (settled) this.#open.delete(linkedid);
    }
    return told.length;
  }

  /** The calls with new rows, except those that wait for the rest of their `cel` rows. */
  async #news(): Promise<readonly News[]> {
    const fresh = [...this.#open].filter(([, open]) => open.emitted < open.rows.size);
    const byCel = await this.#cel?.tell(fresh.map(([linkedid]) => linkedid));
    const news = fresh.map(([linkedid, open]): News | null => {
      const call = callOfRows([...open.rows.values()], this.#rules);
      const cel = byCel?.get(linkedid);
      if (cel?.isWhole === false && open.waits < maxWaits) {
        open.waits += 1;
        return null;
      }
      return { open, rows: open.rows.size, calls: joined(call, cel, this.#recordings(cel)) };
    });
    return news.filter((one) => one !== null);
  }

  /** The recordings of all rows of a call that has several linkedids. */
  #recordings(cel: CelTold | undefined): readonly CallRecording[] {
    return recordingsOf([...(cel?.linkedids ?? [])].flatMap((id) => [...(this.#open.get(id)?.rows.values() ?? [])]));
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
