import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Connection } from './connect.ts';

/** The last snapshots of calls that have not ended, as a transaction leaves them: written at its end, all in one trip or two. */
export class LiveCalls {
  readonly #db: Connection;
  /** By interaction; null: it is over. */
  readonly #changed = new Map<string, CallSnapshot | null>();

  constructor(db: Connection) {
    this.#db = db;
  }

  keep(interaction: string, call: CallSnapshot): void {
    this.#changed.set(interaction, call);
  }

  drop(interaction: string): void {
    this.#changed.set(interaction, null);
  }

  /** What was to be written was undone with the rest. */
  forget(): void {
    this.#changed.clear();
  }

  async write(): Promise<void> {
    const all = [...this.#changed];
    this.#changed.clear();
    const kept = all.flatMap(([id, call]) => (call === null ? [] : [{ id, call }]));
    const over = all.flatMap(([id, call]) => (call === null ? [id] : []));
    if (kept.length > 0) {
      await this.#db.query({
        name: 'put-live',
        text: `INSERT INTO live_calls (interaction, connection, snapshot) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
          ON CONFLICT (interaction) DO UPDATE SET connection = excluded.connection, snapshot = excluded.snapshot`,
        values: [
          kept.map(({ id }) => id),
          kept.map(({ call }) => call.connection),
          kept.map(({ call }) => JSON.stringify(call)),
        ],
      });
    }
    if (over.length > 0) {
      await this.#db.query({
        name: 'drop-live',
        text: 'DELETE FROM live_calls WHERE interaction = ANY ($1)',
        values: [over],
      });
    }
  }
}
