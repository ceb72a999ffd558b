import type pg from 'pg';
import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import { connect, connectUnhurried } from './connect.ts';
import { applicationName, migrate, pendingMigrations, writeLock } from './migrate.ts';
import type { PostgresMigration } from './migrations.ts';
import { isUnfinished } from './move-state.ts';
import { Writer } from './writer.ts';

/** Who writes, and how. */
export interface SessionSettings extends WriteSettings {
  /** `postgres://…`. */
  readonly url: string;
  /** A name for this instance, so that it does not hear its own changes from the store. */
  readonly instance: string;
  readonly carryOut: CarryOut;
  /** The schema's steps that the program knows; its own by default. */
  readonly migrations?: readonly PostgresMigration[];
}

/** The one connection that this instance commits on, with what it knows of the database. */
export interface Session {
  readonly client: pg.Client;
  readonly writer: Writer;
}

/** Makes the writing connection, again after each loss; the schema is brought up to date before the first use. */
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

  /** The connection, made where there is none. Rejects with what keeps it from being made. */
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
      // Also after an outage: meanwhile a newer program may have taken away what this one needs.
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

  /** Begins a transaction that nobody else commits beside; answers the managers and lines as they stand in it. */
  async begin({ client, writer }: Session): Promise<StaffIndex> {
    writer.begin();
    // One trip. Each statement sees what was committed when it began: the staff is read after the lock.
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

  /** Lets go of a connection that failed in the middle of something. */
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
 * Brings the schema up to date; answers the secret that outside keys are hashed under. Rejects for a store that is not whole yet.
 * Only where there is something to do it is done on a connection that may take its time: that one would also wait for a dead link.
 */
async function prepared(client: pg.Client, url: string, list?: readonly PostgresMigration[]): Promise<Buffer> {
  if ((await pendingMigrations(client, list)).length > 0) {
    const unhurried = await connectUnhurried(url);
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
    throw new Error('a store is being moved into this database: run "patchbay move-store" to its end first');
  return Buffer.from(meta.get('key_secret') ?? '', 'base64');
}
