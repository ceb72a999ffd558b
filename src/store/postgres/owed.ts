import type { ClientId } from '../../domain/base/ids.ts';
import { afterAttempt } from '../../domain/delivery/after-attempt.ts';
import type { Owed, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { LedgerSubject } from '../../domain/delivery/ledger.ts';
import type { DeliveredWrite, DestinationsWrite } from '../../domain/ports/operation-writes.ts';
import type { Store } from '../../domain/ports/store.ts';
import type { OwedTable } from '../../domain/ports/tables.ts';
import { failureColumns, isUrgent, isUsual, type OwedRow, owedOf, wantsText } from '../shared/owed.ts';
import type { Connection } from './connect.ts';

const wake = "UPDATE owed SET state = 'due', attempts = 0, next_at = $1, updated_at = $1 WHERE";

/**
 * The statement that makes a subject due at every destination that wants its kind. `revision`, `at` and
 * `urgent` (see {@link urgentUntil}) are SQL expressions.
 */
export function oweSql(
  kind: SubjectKind,
  {
    subject,
    revision,
    at,
    urgent = '0',
  }: Readonly<Record<'subject' | 'revision' | 'at', string>> & {
    readonly urgent?: string;
  },
): string {
  return `INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at, urgent_until)
    SELECT name, '${kind}', ${subject}, ${revision}, 'due', ${at}, ${at}, ${urgent} FROM destinations
      WHERE '${kind}' = ANY (string_to_array(wants, ',')) ORDER BY name
    ON CONFLICT (destination, kind, subject) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at,
      urgent_until = CASE WHEN owed.state = 'due' THEN greatest(owed.urgent_until, excluded.urgent_until) ELSE excluded.urgent_until END,
      attempts = CASE WHEN owed.state = 'due' THEN owed.attempts ELSE 0 END,
      next_at = CASE WHEN owed.state = 'due' AND owed.attempts > 0 THEN owed.next_at ELSE excluded.next_at END, state = 'due'`;
}

/** Client erasures have no revisions, so each one counts as the next. */
const nextErasure = `coalesce((SELECT revision FROM owed o
  WHERE o.destination = name AND o.kind = 'client_erasure' AND o.subject = $1), 0) + 1`;
const oweErasure = oweSql('client_erasure', { subject: '$1', revision: nextErasure, at: '$2::bigint' });

/** Deliveries to destinations. */
export class PostgresOwedTable implements OwedTable {
  readonly #db: Connection;
  readonly #instance: string;

  constructor(db: Connection, instance: string) {
    this.#db = db;
    this.#instance = instance;
  }

  async setDestinations({ names, wants }: DestinationsWrite): Promise<void> {
    await this.#db.query('DELETE FROM destinations WHERE name <> ALL ($1::text[])', [names]);
    await this.#db.query(
      `INSERT INTO destinations (name, wants) SELECT DISTINCT ON (n) n, w FROM unnest($1::text[], $2::text[]) AS u (n, w)
       ON CONFLICT (name) DO UPDATE SET wants = excluded.wants`,
      [names, names.map((name) => wantsText(wants, name))],
    );
  }

  async oweErasure(client: ClientId, at: number): Promise<void> {
    await this.#db.query(oweErasure, [client, at]);
  }

  /**
   * Also releases the delivery's claim. If another instance has claimed the delivery since, its claim stays, and only
   * a success is recorded, because a success is true whoever reports it.
   */
  async finish({ destination, kind, subject, revision, outcome, at }: DeliveredWrite): Promise<boolean> {
    const { rows } = await this.#db.query<OwedRow & { readonly claimed_by: string | null }>(
      'SELECT * FROM owed WHERE destination = $1 AND kind = $2 AND subject = $3 FOR UPDATE',
      [destination, kind, subject],
    );
    const [row] = rows;
    if (row === undefined) return false;
    const own = row.claimed_by === null || row.claimed_by === this.#instance;
    if (!own && outcome.kind !== 'done') return true;
    const after = afterAttempt(row, revision, outcome, at);
    const [error, reason] = failureColumns(after.reason);
    await this.#db.query(
      `UPDATE owed SET delivered = $1, state = $2, attempts = $3, next_at = $4, error = $5, reason = $9, updated_at = $6,
         claimed_until = CASE WHEN $8 THEN 0 ELSE claimed_until END, claimed_by = CASE WHEN $8 THEN NULL ELSE claimed_by END WHERE rid = $7`,
      [after.delivered, after.state, after.attempts, after.nextAt, error, at, row.rid, own, reason],
    );
    return true;
  }

  async wake(id: string, at: number): Promise<boolean> {
    const rid = ridOf(id);
    if (rid === null) return false;
    return ((await this.#db.query(`${wake} rid = $2 AND state <> 'done'`, [at, rid])).rowCount ?? 0) > 0;
  }

  async wakeParked(destination: string, at: number): Promise<boolean> {
    const { rowCount } = await this.#db.query(`${wake} destination = $2 AND state = 'parked'`, [at, destination]);
    return (rowCount ?? 0) > 0;
  }

  async wakeSkipped({ destination, kind, subject }: LedgerSubject, at: number): Promise<void> {
    const where = "destination = $2 AND kind = $3 AND subject = $4 AND state = 'skipped'";
    await this.#db.query(`${wake} ${where}`, [at, destination, kind, subject]);
  }

  async state(id: string): Promise<OwedState | null> {
    const rid = ridOf(id);
    if (rid === null) return null;
    const { rows } = await this.#db.query<{ state: OwedState }>('SELECT state FROM owed WHERE rid = $1', [rid]);
    return rows[0]?.state ?? null;
  }

  async again({ destination, kind, subject }: LedgerSubject, at: number): Promise<OwedState | null> {
    const { rows } = await this.#db.query<Pick<OwedRow, 'rid' | 'state'>>(
      'SELECT rid, state FROM owed WHERE destination = $1 AND kind = $2 AND subject = $3 FOR UPDATE',
      [destination, kind, subject],
    );
    const [row] = rows;
    if (row?.state === 'done') await this.#db.query(`${wake} rid = $2`, [at, row.rid]);
    return row?.state ?? null;
  }
}

/** The server rejects values that are not integers. */
function ridOf(id: string): number | null {
  const rid = Number(id);
  return Number.isSafeInteger(rid) ? rid : null;
}

type Claim = Parameters<Store['claimOwed']>[0];

/**
 * Claims due deliveries of a destination for one instance. No other instance gets the same rows before the claim
 * expires by the database's clock. Rows that another instance is claiming right now are skipped. The `delivered`
 * write releases a claim.
 */
export async function claimOwed(db: Connection, claim: Claim, instance: string): Promise<readonly Owed[]> {
  const { only } = claim;
  const { name, which, order, before } = selectionOf(claim);
  const { rows } = await db.query<OwedRow>({
    name,
    text: `WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now),
      free AS (SELECT rid FROM owed, clock WHERE destination = $1 AND state = 'due' AND next_at <= $3 AND claimed_until <= clock.now
        AND ${which} ORDER BY ${order} LIMIT $5 FOR UPDATE OF owed SKIP LOCKED)
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
  return rows.sort(before).map(owedOf);
}

/** Which due deliveries a claim is for, and their order: in the query, and in its result, which has none. */
interface Selection {
  readonly name: string;
  readonly which: string;
  readonly order: string;
  readonly before: (a: OwedRow, b: OwedRow) => number;
}

const oldestFirst = { order: 'next_at', before: (a: OwedRow, b: OwedRow) => a.next_at - b.next_at };
const latestFirst = {
  order: 'urgent_until DESC',
  before: (a: OwedRow, b: OwedRow) => b.urgent_until - a.urgent_until,
};

function selectionOf({ only, urgent }: Claim): Selection {
  if (only !== undefined) return { name: 'claim one', which: 'rid = $6', ...oldestFirst };
  if (urgent === true) return { name: 'claim urgent', which: isUrgent('$3::bigint'), ...latestFirst };
  return { name: 'claim', which: isUsual('$3::bigint'), ...oldestFirst };
}

/** Releases claims of this instance. */
export async function releaseOwed(db: Connection, ids: readonly string[], instance: string): Promise<void> {
  await db.query(
    'UPDATE owed SET claimed_until = 0, claimed_by = NULL WHERE rid = ANY ($1::bigint[]) AND claimed_by = $2',
    [ids, instance],
  );
}
