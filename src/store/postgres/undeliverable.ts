import { timeText } from '../../domain/call/call-facts.ts';
import type { FailedAddress } from '../../domain/written/undeliverable.ts';
import type { Connection } from './connect.ts';

/** A letter to an address came back, written at `at` (milliseconds). */
export async function markUndeliverable(db: Connection, failed: FailedAddress, at: number): Promise<void> {
  const { email, status, why } = failed;
  // Read out of order, a letter from the address may be here already, and it was written later than the one that came back.
  await db.query(
    `INSERT INTO undeliverable AS u (email, since, status, why, cleared)
     SELECT $1, $2::bigint, $3, $4, 0 WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE email = $1
       AND started_at > $5 AND channel = 'email' AND direction = 'inbound' AND body::json ->> 'automatic' IS NULL)
     ON CONFLICT (email) DO UPDATE SET status = excluded.status, why = excluded.why,
       since = CASE WHEN u.since > u.cleared THEN least(u.since, excluded.since) ELSE excluded.since END
       WHERE excluded.since > u.cleared`,
    [email, at, status, why, timeText(at)],
  );
}

/** A letter came from an address that was written at `at`. */
export async function shownAlive(db: Connection, email: string, at: number): Promise<void> {
  await db.query(
    'UPDATE undeliverable SET cleared = greatest(cleared, $2::bigint) WHERE email = $1 AND since < $2::bigint',
    [email, at],
  );
}

/** A human clears an address; false where nothing is marked. */
export async function clearUndeliverable(db: Connection, email: string, at: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE undeliverable SET cleared = greatest(since, $2::bigint) WHERE email = $1 AND since > cleared',
    [email, at],
  );
  return rowCount === 1;
}
