import type pg from 'pg';
import { type Leases, StoreUnavailableError } from '../../domain/ports/store.ts';
import type { Fence } from '../../domain/ports/writes.ts';
import { type Connection, connectionPool, connectionSettings, isServerTrouble } from './connect.ts';

/** How long the server may take to say who holds a lease, in milliseconds: a lease lives for seconds. */
const patience = 3000;
/** How long a question waits for a transaction of the lease's holder, in milliseconds. */
const lockPatience = 1000;
/** SQLSTATE lock_not_available: the wait for a lock was given up. */
const lockNotAvailable = '55P03';

/** Connections that only leases are asked on: readers that keep all others busy cost nobody a lease. */
export function leasePool(url: string): pg.Pool {
  const settings = { ...connectionSettings(url, patience), connectionTimeoutMillis: patience };
  return connectionPool({ ...settings, lock_timeout: lockPatience, max: 2 });
}

/** Leases as rows: whose, under which epoch, until when by the database's clock. */
export function postgresLeases(db: Connection, instance: string): Leases {
  const epochOf = async (text: string, values: readonly unknown[]) =>
    (await db.query<{ epoch: number }>(text, [...values])).rows[0]?.epoch ?? null;
  const ask = async (text: string, values: readonly unknown[]) => {
    try {
      return await epochOf(text, values).catch((error: unknown) => {
        if (!isLocked(error)) throw error;
        // A transaction of its holder is under way, or was left open by one that is cut off. Either way it is not free.
        return epochOf('SELECT epoch FROM leases WHERE name = $1 AND holder = $2', values.slice(0, 2));
      });
    } catch (error) {
      if (!isServerTrouble(error)) throw error;
      throw new StoreUnavailableError('the store could not be asked for a lease', { cause: error });
    }
  };
  return {
    take: (name, life, onlyOwn) =>
      ask(
        `INSERT INTO leases (name, holder, epoch, expires_at) VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
           epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE leases.holder = excluded.holder OR leases.holder IS NULL OR (NOT $4 AND leases.expires_at < clock_timestamp())
         RETURNING epoch`,
        [name, instance, life, onlyOwn],
      ),
    release: async (name, epoch) =>
      void (await ask('UPDATE leases SET holder = NULL WHERE name = $1 AND holder = $2 AND epoch = $3', [
        name,
        instance,
        epoch,
      ])),
  };
}

/**
 * Whether a write comes from somebody who lost the lease. The row stays locked until the transaction ends: whoever takes the
 * lease over waits for it, so that everything of the old holder is there when the new one begins.
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
