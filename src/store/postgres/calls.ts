import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { PendingRoute } from '../../domain/call/call-route.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { CallTable } from '../../domain/ports/contact-tables.ts';
import type { RecordingFile } from '../../domain/ports/readers.ts';
import { Sweeps } from '../shared/sweeps.ts';
import type { Connection } from './connect.ts';

/**
 * Live calls, recordings and pending routes. Changes of live calls are collected and written at the end of the
 * transaction, in one or two statements.
 */
export class PostgresCallTable implements CallTable {
  readonly #db: Connection;
  readonly #sweeps = new Sweeps();
  /** Live calls changed in this transaction, by interaction. Null means the call is over. */
  readonly #live = new Map<InteractionId, CallSnapshot | null>();
  /** The prefetched keys, and those among them that a decision is pending for. */
  #routes: { readonly waiting: Set<EventKey>; readonly of: ReadonlySet<EventKey> } | null = null;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Discards cached state when a transaction begins or is partly rolled back. */
  forget(): void {
    this.#live.clear();
    this.#routes = null;
  }

  /** Finds out in one round trip which of many calls have a pending decision. */
  async prefetch(keys: readonly EventKey[]): Promise<void> {
    const { rows } = await this.#db.query<{ call: EventKey }>({
      name: 'pending',
      text: 'SELECT call FROM pending_routes WHERE call = ANY ($1)',
      values: [keys],
    });
    this.#routes = { waiting: new Set(rows.map(({ call }) => call)), of: new Set(keys) };
  }

  keepLive(interaction: InteractionId, call: CallSnapshot): void {
    this.#live.set(interaction, call);
  }

  dropLive(interaction: InteractionId): void {
    this.#live.set(interaction, null);
  }

  async live(interaction: InteractionId): Promise<CallSnapshot | null> {
    const changed = this.#live.get(interaction);
    if (changed !== undefined) return changed;
    const { rows } = await this.#db.query<{ snapshot: string }>(
      'SELECT snapshot FROM live_calls WHERE interaction = $1',
      [interaction],
    );
    return rows[0] === undefined ? null : (JSON.parse(rows[0].snapshot) as CallSnapshot);
  }

  async keepRecording({ id, interaction, path, blob, mime }: RecordingFile): Promise<void> {
    await this.#db.query(
      `INSERT INTO recordings (id, interaction, path, blob, mime) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET path = coalesce(excluded.path, recordings.path),
         blob = coalesce(excluded.blob, recordings.blob), mime = coalesce(excluded.mime, recordings.mime)`,
      [id, interaction, path, blob, mime],
    );
  }

  async eraseRecording(id: string): Promise<void> {
    await this.#db.query(
      'INSERT INTO loose_blobs SELECT blob FROM recordings WHERE id = $1 AND blob IS NOT NULL ON CONFLICT DO NOTHING',
      [id],
    );
    await this.#db.query('UPDATE recordings SET path = NULL, blob = NULL WHERE id = $1', [id]);
  }

  async keepRoute(call: EventKey, route: PendingRoute, at: number): Promise<void> {
    await this.#db.query(
      `INSERT INTO pending_routes (call, at, body) VALUES ($1, $2, $3)
       ON CONFLICT (call) DO UPDATE SET at = excluded.at, body = excluded.body`,
      [call, at, JSON.stringify(route)],
    );
    this.#routes?.waiting.add(call);
  }

  async takeRoute(names: readonly EventKey[]): Promise<PendingRoute | null> {
    for (const name of names) {
      const route = await this.#takeRoute(name);
      if (route !== null) return route;
    }
    return null;
  }

  async #takeRoute(call: EventKey): Promise<PendingRoute | null> {
    if (this.#routes?.of.has(call) && !this.#routes.waiting.has(call)) return null;
    const { rows } = await this.#db.query<{ body: string }>({
      name: 'take-pending',
      text: 'DELETE FROM pending_routes WHERE call = $1 RETURNING body',
      values: [call],
    });
    return rows[0] === undefined ? null : (JSON.parse(rows[0].body) as PendingRoute);
  }

  async dropRoutes(before: number): Promise<void> {
    if (this.#sweeps.due(before)) await this.#db.query('DELETE FROM pending_routes WHERE at < $1', [before]);
  }

  /** Writes the collected changes of live calls. */
  async finish(): Promise<void> {
    const all = [...this.#live];
    this.#live.clear();
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
