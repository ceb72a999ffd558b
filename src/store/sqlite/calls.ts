import type { Database, Statement } from 'better-sqlite3';
import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { PendingRoute } from '../../domain/call/call-route.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { CallTable } from '../../domain/ports/contact-tables.ts';
import type { RecordingFile } from '../../domain/ports/readers.ts';
import { Sweeps } from '../shared/sweeps.ts';

/** Live calls, recordings and pending routes. */
export class SqliteCallTable implements CallTable {
  readonly #putLive: Statement;
  readonly #dropLive: Statement;
  readonly #live: Statement<[string], { snapshot: string }>;
  readonly #putRecording: Statement;
  readonly #looseBlob: Statement;
  readonly #eraseRecording: Statement;
  readonly #route: Statement<[string], { body: string }>;
  readonly #dropRoute: Statement;
  readonly #putRoute: Statement;
  readonly #dropRoutes: Statement;
  readonly #sweeps = new Sweeps();

  constructor(db: Database) {
    this.#putLive = db.prepare(
      `INSERT INTO live_calls (interaction, connection, snapshot) VALUES (?, ?, ?)
        ON CONFLICT (interaction) DO UPDATE SET connection = excluded.connection, snapshot = excluded.snapshot`,
    );
    this.#dropLive = db.prepare('DELETE FROM live_calls WHERE interaction = ?');
    this.#live = db.prepare('SELECT snapshot FROM live_calls WHERE interaction = ?');
    this.#putRecording = db.prepare(
      `INSERT INTO recordings (id, interaction, path, blob, mime) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET path = coalesce(excluded.path, path), blob = coalesce(excluded.blob, blob),
          mime = coalesce(excluded.mime, mime)`,
    );
    this.#looseBlob = db.prepare(
      'INSERT OR IGNORE INTO loose_blobs SELECT blob FROM recordings WHERE id = ? AND blob IS NOT NULL',
    );
    this.#eraseRecording = db.prepare('UPDATE recordings SET path = NULL, blob = NULL WHERE id = ?');
    this.#route = db.prepare('SELECT body FROM pending_routes WHERE call = ?');
    this.#dropRoute = db.prepare('DELETE FROM pending_routes WHERE call = ?');
    this.#putRoute = db.prepare('INSERT OR REPLACE INTO pending_routes (call, at, body) VALUES (?, ?, ?)');
    this.#dropRoutes = db.prepare('DELETE FROM pending_routes WHERE at < ?');
  }

  keepLive(interaction: InteractionId, call: CallSnapshot): void {
    this.#putLive.run(interaction, call.connection, JSON.stringify(call));
  }

  dropLive(interaction: InteractionId): void {
    this.#dropLive.run(interaction);
  }

  live(interaction: InteractionId): CallSnapshot | null {
    const row = this.#live.get(interaction);
    return row === undefined ? null : (JSON.parse(row.snapshot) as CallSnapshot);
  }

  keepRecording({ id, interaction, path, blob, mime }: RecordingFile): void {
    this.#putRecording.run(id, interaction, path, blob, mime);
  }

  eraseRecording(id: string): void {
    this.#looseBlob.run(id);
    this.#eraseRecording.run(id);
  }

  keepRoute(call: EventKey, route: PendingRoute, at: number): void {
    this.#putRoute.run(call, at, JSON.stringify(route));
  }

  takeRoute(names: readonly EventKey[]): PendingRoute | null {
    for (const name of names) {
      const row = this.#route.get(name);
      if (row === undefined) continue;
      this.#dropRoute.run(name);
      return JSON.parse(row.body) as PendingRoute;
    }
    return null;
  }

  dropRoutes(before: number): void {
    if (this.#sweeps.due(before)) this.#dropRoutes.run(before);
  }
}
