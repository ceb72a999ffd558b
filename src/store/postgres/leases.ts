import type pg from 'pg';
import { type Leases, StoreUnavailableError } from '../../domain/ports/store.ts';
import type { Fence } from '../../domain/ports/writes.ts';
import { type Connection, connectionPool, connectionSettings, isServerTrouble } from './connect.ts';

/** Time limit for lease queries in milliseconds. Leases themselves last only seconds. */
const patience = 3000;
/** How long to wait for a transaction of the lease holder, in milliseconds. */
const lockPatience = 1000;
/** SQLSTATE lock_not_available: waiting for a lock timed out. */
const lockNotAvailable = '55P03';

/** Separate connections for leases, so that busy readers never cost an instance its lease. */
export function leasePool(url: string): pg.Pool {
  const settings = { ...connectionSettings(url, patience), connectionTimeoutMillis: patience };
  return connectionPool({ ...settings, lock_timeout: lockPatience, max: 2 });
}

/** Leases as rows: holder, epoch, and expiry by the database's clock. */
export function postgresLeases(db: Connection, instance: string): Leases {
  const epochOf = async (text: string, values: readonly unknown[]) =>
    (await db.query<{ epoch: number }>(text, [...values])).rows[0]?.epoch ?? null;
  const queryLease = async (text: string, values: readonly unknown[]) => {
    try {
      return await epochOf(text, values).catch((error: unknown) => {
        if (!isLocked(error)) throw error;
        // A transaction of the holder is running, or was left open by a holder that is cut off. Either way the lease
        // is not free.
        return epochOf('SELECT epoch FROM leases WHERE name = $1 AND holder = $2', values.slice(0, 2));
      });
    } catch (error) {
      if (!isServerTrouble(error)) throw error;
      throw new StoreUnavailableError('the store did not answer a lease query', { cause: error });
    }
  };
  return {
    take: (name, life, onlyOwn) =>
      queryLease(
        `INSERT INTO leases (name, holder, epoch, expires_at) VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
           epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE leases.holder = excluded.holder OR leases.holder IS NULL OR (NOT $4 AND leases.expires_at < clock_timestamp())
         RETURNING epoch`,
        [name, instance, life, onlyOwn],
      ),
    release: async (name, epoch) =>
      void (await queryLease('UPDATE leases SET holder = NULL WHERE name = $1 AND holder = $2 AND epoch = $3', [
        name,
        instance,
        epoch,
      ])),
  };
}

/**
 * Whether a write comes from an instance that has lost its lease. The row stays locked until the transaction ends.
 * The next holder waits for it, and so sees everything that the old one wrote.
 */
export async function isStale(db: Connection, { lease, epoch }: Fence): Promise<boolean> {
  const { rows } = await db.query<{ epoch: number }>({
    name: 'fence',
    text: 'SELECT epoch FROM leases WHERE name = $1 FOR SHARE',
    values: [lease],
  });
  return rows[0]?.epoch !== epoch;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === lockNotAvailable;
}
