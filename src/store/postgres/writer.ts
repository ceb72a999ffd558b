import { StaffIndex } from '../../domain/directory/staff-index.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { Write, WriteResult } from '../../domain/ports/writes.ts';
import { refuseFailed } from '../shared/failed-write.ts';
import { type Connection, isServerTrouble } from './connect.ts';
import { isStale } from './leases.ts';
import { ensurePartition, partitionName } from './partitions.ts';
import { PostgresTables, type TableSettings } from './tables.ts';
import { ViewerTable } from './viewers.ts';

/** Writes that may change what the directory knows about somebody. */
export const directoryWrites: ReadonlySet<Write['op']> = new Set(['put-clients', 'delete-client', 'decide', 'lead']);

/** Settings of a writer. `instance` is the id of this instance, so that it can skip its own changes. */
export interface WriterSettings extends TableSettings {
  readonly country: string;
  readonly carryOut: CarryOut;
}

/** Passes writes to their steps, with the tables of the open transaction on its connection. */
export class Writer {
  readonly #db: Connection;
  readonly #settings: WriterSettings;
  readonly #tables: PostgresTables;
  /** Managers and lines as of this transaction. */
  #staff: StaffIndex;
  readonly #months = new Set<string>();
  /** Which fences are stale in this transaction. */
  readonly #fences = new Map<string, boolean>();

  constructor(db: Connection, settings: WriterSettings) {
    this.#db = db;
    this.#settings = settings;
    this.#tables = new PostgresTables(db, settings, new ViewerTable(db, (line) => this.#staff.knowsLine(line)));
    this.#staff = new StaffIndex({ managers: [], lines: [] }, settings.country);
  }

  /**
   * Carries out one write, within its own savepoint if `alone`. Returns null if the write was refused or failed
   * without one; then everything must be rolled back.
   */
  async write(write: Write, now: number, staff: StaffIndex, alone: boolean): Promise<WriteResult | null> {
    this.#staff = staff;
    if (alone) await this.#db.query('SAVEPOINT one');
    let outcome: Outcome;
    try {
      outcome = await this.#carryOut(write, now, staff);
      if (alone) await this.#tables.calls.finish();
    } catch (error) {
      if (isServerTrouble(error)) throw error;
      outcome = refuseFailed(error);
    }
    const refused = 'ok' in outcome;
    const followUps = this.#tables.followUps.takeChanged();
    if (refused && !alone) return null;
    if (alone) await this.#db.query(refused ? 'ROLLBACK TO one; RELEASE one' : 'RELEASE one');
    if (refused) this.#tables.forget();
    if (directoryWrites.has(write.op)) this.#tables.directory.forget();
    return 'ok' in outcome ? outcome : { ok: true, changes: outcome, followUps };
  }

  /** Resets cached state at the start of a transaction. */
  begin(): void {
    this.#fences.clear();
    this.#tables.forget();
  }

  /** Writes what was collected for the end of the transaction. */
  finish(): Promise<void> {
    return this.#tables.calls.finish();
  }

  /** Prefetches what the calls among many writes will read one by one. */
  async prefetch(writes: readonly Write[]): Promise<void> {
    const calls = writes.flatMap((write) =>
      write.op === 'contact' && write.event.kind === 'call' ? [write.event] : [],
    );
    if (calls.length > 1) await this.#tables.prefetch(calls, this.#staff);
  }

  /** Creates the month's partition before anything is written to it. */
  async prepare(now: number): Promise<void> {
    const month = partitionName(now);
    if (this.#months.has(month)) return;
    await ensurePartition(this.#db, now);
    this.#months.add(month);
  }

  /** Resets state after a rollback, which also undid new partitions. */
  forget(): void {
    this.#months.clear();
    this.#tables.followUps.takeChanged();
  }

  async #carryOut(write: Write, now: number, staff: StaffIndex): Promise<Outcome> {
    if (await this.#isFenced(write)) return refuse('fenced', `another instance holds ${write.fence?.lease} now`);
    // These writes create interactions with ids of the given time, which may lie in another month.
    if (write.op === 'record' || write.op === 'send') await this.prepare(write.at);
    return this.#settings.carryOut(write, this.#tables, staff, now);
  }

  async #isFenced({ fence }: Write): Promise<boolean> {
    if (fence === undefined) return false;
    const key = `${fence.epoch} ${fence.lease}`;
    const known = this.#fences.get(key) ?? (await isStale(this.#db, fence));
    this.#fences.set(key, known);
    return known;
  }
}
