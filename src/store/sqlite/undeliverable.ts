import type { Database, Statement } from 'better-sqlite3';
import { timeText } from '../../domain/call/call-facts.ts';
import type { FailedAddress } from '../../domain/written/undeliverable.ts';
import { isMarked } from '../shared/undeliverable.ts';

/** Which addresses letters come back from. */
export class UndeliverableTable {
  readonly #mark: Statement;
  readonly #alive: Statement;
  readonly #clear: Statement;

  constructor(db: Database) {
    // Read out of order, a letter from the address may be here already, and it was written later than the one that came back.
    this.#mark = db.prepare(`INSERT INTO undeliverable (email, since, status, why, cleared)
      SELECT @email, @at, @status, @why, 0 WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE email = @email
        AND started_at > @atText AND channel = 'email' AND direction = 'inbound' AND body ->> '$.automatic' IS NULL)
      ON CONFLICT (email) DO UPDATE SET status = excluded.status, why = excluded.why,
        since = CASE WHEN ${isMarked} THEN min(since, excluded.since) ELSE excluded.since END
        WHERE excluded.since > cleared`);
    this.#alive = db.prepare(
      'UPDATE undeliverable SET cleared = max(cleared, @at) WHERE email = @email AND since < @at',
    );
    this.#clear = db.prepare(`UPDATE undeliverable SET cleared = max(since, @at) WHERE email = @email AND ${isMarked}`);
  }

  /** A letter to it came back, written at `at` (milliseconds). */
  mark({ email, status, why }: FailedAddress, at: number): void {
    this.#mark.run({ email, status, why, at, atText: timeText(at) });
  }

  /** A letter came from it that was written at `at`. */
  alive(email: string, at: number): void {
    this.#alive.run({ email, at });
  }

  /** A human clears it; false where nothing is marked. */
  clear(email: string, at: number): boolean {
    return this.#clear.run({ email, at }).changes > 0;
  }
}
