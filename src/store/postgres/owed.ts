import type { Owed, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { Store } from '../../domain/ports/store.ts';
import type { Write } from '../../domain/ports/writes.ts';
import type { Refusal } from '../shared/decisions.ts';
import { afterAttempt, type DestinationsWrite, notRetried, type OwedRow, owedOf, wantsText } from '../shared/owed.ts';
import type { Connection } from './connect.ts';

/** The statement that makes a subject due at every destination that wants its kind; `revision` and `at` are SQL, too. */
export function oweSql(
  kind: SubjectKind,
  { subject, revision, at }: Readonly<Record<'subject' | 'revision' | 'at', string>>,
): string {
  return `INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at)
    SELECT name, '${kind}', ${subject}, ${revision}, 'due', ${at}, ${at} FROM destinations
      WHERE '${kind}' = ANY (string_to_array(wants, ',')) ORDER BY name
    ON CONFLICT (destination, kind, subject) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at,
      attempts = CASE WHEN owed.state = 'due' THEN owed.attempts ELSE 0 END,
      next_at = CASE WHEN owed.state = 'due' AND owed.attempts > 0 THEN owed.next_at ELSE excluded.next_at END, state = 'due'`;
}

/** Makes the erasure of a client due; each time counts as the next revision. */
export async function oweErasure(db: Connection, client: string, at: number): Promise<void> {
  const last = `coalesce((SELECT revision FROM owed o WHERE o.destination = name AND o.kind = 'client_erasure' AND o.subject = $1), 0)`;
  await db.query(oweSql('client_erasure', { subject: '$1', revision: `${last} + 1`, at: '$2::bigint' }), [client, at]);
}

/** Sets who is owed what from now on. */
export async function setDestinations(db: Connection, { names, wants }: DestinationsWrite): Promise<void> {
  await db.query('DELETE FROM destinations WHERE name <> ALL ($1::text[])', [names]);
  await db.query(
    `INSERT INTO destinations (name, wants) SELECT DISTINCT ON (n) n, w FROM unnest($1::text[], $2::text[]) AS u (n, w)
     ON CONFLICT (name) DO UPDATE SET wants = excluded.wants`,
    [names, names.map((name) => wantsText(wants, name))],
  );
}

/**
 * Notes how a delivery ended, and lets go of its claim. False when nothing of the kind is owed. Where another instance has
 * claimed it since, its claim stays, and only that the destination has the revision is kept: that is true whoever says it.
 */
export async function finishDelivery(
  db: Connection,
  write: Extract<Write, { op: 'delivered' }>,
  instance: string,
): Promise<boolean> {
  const { destination, kind, subject, revision, outcome, at } = write;
  const { rows } = await db.query<OwedRow & { readonly claimed_by: string | null }>(
    'SELECT * FROM owed WHERE destination = $1 AND kind = $2 AND subject = $3 FOR UPDATE',
    [destination, kind, subject],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const own = row.claimed_by === null || row.claimed_by === instance;
  if (!own && outcome.kind !== 'done') return true;
  const after = afterAttempt(row, revision, outcome, at);
  await db.query(
    `UPDATE owed SET delivered = $1, state = $2, attempts = $3, next_at = $4, error = $5, updated_at = $6,
       claimed_until = CASE WHEN $8 THEN 0 ELSE claimed_until END, claimed_by = CASE WHEN $8 THEN NULL ELSE claimed_by END WHERE rid = $7`,
    [after.delivered, after.state, after.attempts, after.nextAt, after.error, at, row.rid, own],
  );
  return true;
}

/** Makes one row due now, or (`destination:NAME`) all parked rows of a destination. Null when that was done. */
export async function retryDelivery(db: Connection, id: string, at: number): Promise<Refusal | null> {
  const all = /^destination:(.+)$/.exec(id)?.[1];
  const update = "UPDATE owed SET state = 'due', attempts = 0, next_at = $1, updated_at = $1 WHERE";
  if (all !== undefined) {
    const { rowCount } = await db.query(`${update} destination = $2 AND state = 'parked'`, [at, all]);
    return rowCount ? null : notRetried(id, null);
  }
  const rid = Number(id);
  if (!Number.isSafeInteger(rid)) return notRetried(id, null);
  const { rowCount } = await db.query(`${update} rid = $2 AND state <> 'done'`, [at, rid]);
  if (rowCount) return null;
  const { rows } = await db.query<{ state: OwedState }>('SELECT state FROM owed WHERE rid = $1', [rid]);
  return notRetried(id, rows[0]?.state ?? null);
}

/**
 * Takes what is due at a destination for one instance: nobody else is given the same rows before the time is up by the
 * database's clock, and rows that another claims right now are passed over rather than waited for. `delivered` lets go.
 */
export async function claimOwed(
  db: Connection,
  claim: Parameters<Store['claimOwed']>[0],
  instance: string,
): Promise<readonly Owed[]> {
  const { only } = claim;
  const { rows } = await db.query<OwedRow>({
    name: only === undefined ? 'claim' : 'claim one',
    text: `WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now),
      free AS (SELECT rid FROM owed, clock WHERE destination = $1 AND state = 'due' AND next_at <= $3 AND claimed_until <= clock.now
        ${only === undefined ? '' : 'AND rid = $6'} ORDER BY next_at LIMIT $5 FOR UPDATE OF owed SKIP LOCKED)
      UPDATE owed SET claimed_until = clock.now + $4, claimed_by = $2 FROM free, clock WHERE owed.rid = free.rid RETURNING owed.*`,
    values: [
      claim.destination,
      instance,
      claim.now,
      claim.life,
      claim.room,
      ...(only === undefined ? [] : [Number(only)]),
    ],
  });
  return rows.map(owedOf).sort((a, b) => a.nextAt - b.nextAt);
}

/** Lets go of claims of this instance. */
export async function releaseOwed(db: Connection, ids: readonly string[], instance: string): Promise<void> {
  await db.query(
    'UPDATE owed SET claimed_until = 0, claimed_by = NULL WHERE rid = ANY ($1::bigint[]) AND claimed_by = $2',
    [ids, instance],
  );
}
