import type pg from 'pg';
import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import { connect, connectWithoutTimeLimits } from './connect.ts';
import { applicationName, migrate, pendingMigrations, writeLock } from './migrate.ts';
import type { PostgresMigration } from './migrations.ts';
import { isUnfinished } from './move-state.ts';
import { Writer } from './writer.ts';

/** Settings of the writing connection. */
export interface SessionSettings extends WriteSettings {
  /** `postgres://…`. */
  readonly url: string;
  /** Id of this instance, so that it can skip its own changes. */
  readonly instance: string;
  readonly carryOut: CarryOut;
  /** The migrations that the program knows; the built-in ones by default. */
  readonly migrations?: readonly PostgresMigration[];
}

/** The one connection that this instance commits on, with its writer. */
export interface Session {
  readonly client: pg.Client;
  readonly writer: Writer;
}

/** Opens the writing connection, and reopens it after each loss. The schema is migrated before the first use. */
export class Sessions {
  readonly #settings: SessionSettings;
  #current: (Session & { readonly state: { lost: boolean } }) | null = null;
  #opening: Promise<Session> | null = null;
  #keySecret: Buffer | null = null;
  #staff: { readonly seq: string; readonly index: StaffIndex };

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#staff = { seq: '', index: new StaffIndex({ managers: [], lines: [] }, settings.country) };
  }

  /** Returns the connection and opens it if necessary. Rejects if that is impossible. */
  open(): Promise<Session> {
    if (this.#current !== null && !this.#current.state.lost) return Promise.resolve(this.#current);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<Session> {
    const state = { lost: false };
    const { url, migrations } = this.#settings;
    const onLost = () => {
      state.lost = true;
    };
    const client = await connect(url, onLost, undefined, applicationName(migrations));
    try {
      // Check after an outage too: meanwhile a newer program may have removed what this one needs.
      if (this.#keySecret !== null) await pendingMigrations(client, migrations);
      const keySecret = this.#keySecret ?? (await prepared(client, url, migrations));
      this.#keySecret = keySecret;
      this.#current = { client, writer: new Writer(client, { ...this.#settings, keySecret }), state };
      return this.#current;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Begins a transaction under the write lock. Returns the managers and lines as of that transaction. */
  async begin({ client, writer }: Session): Promise<StaffIndex> {
    writer.begin();
    // One round trip. Each statement sees what was committed when it started, so the staff is read after the lock.
    const answers = (await client.query(
      `BEGIN; SELECT pg_advisory_xact_lock(${writeLock}); SELECT value FROM meta WHERE name = 'staff_seq'`,
    )) as unknown as readonly pg.QueryResult<{ value: string }>[];
    const seq = answers[2]?.rows[0]?.value ?? '';
    if (seq !== this.#staff.seq) {
      const { rows } = await client.query<{ value: string }>("SELECT value FROM meta WHERE name = 'staff'");
      const staff = JSON.parse(rows[0]?.value ?? '{"managers":[],"lines":[]}') as Staff;
      this.#staff = { seq, index: new StaffIndex(staff, this.#settings.country) };
    }
    return this.#staff.index;
  }

  /** Discards a connection that failed halfway. */
  drop(): void {
    const { client } = this.#current ?? {};
    this.#current = null;
    void client?.end().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#current?.client.end();
  }
}

/**
 * Migrates the schema and returns the secret that outside keys are hashed with. Rejects while a move into this store
 * is unfinished. A connection without time limits would also wait for a dead link, so one is opened only if there is
 * something to migrate.
 */
async function prepared(client: pg.Client, url: string, list?: readonly PostgresMigration[]): Promise<Buffer> {
  if ((await pendingMigrations(client, list)).length > 0) {
    const unhurried = await connectWithoutTimeLimits(url);
    try {
      await migrate(unhurried, { ...(list !== undefined && { list }) });
    } finally {
      void unhurried.end().catch(() => undefined);
    }
  }
  const { rows } = await client.query<{ name: string; value: string }>(
    "SELECT name, value FROM meta WHERE name IN ('key_secret', 'move')",
  );
  const meta = new Map(rows.map(({ name, value }) => [name, value]));
  if (isUnfinished(meta.get('move')))
    throw new Error('a store is being moved into this database: run "patchbay move-store" until it has finished');
  return Buffer.from(meta.get('key_secret') ?? '', 'base64');
}
