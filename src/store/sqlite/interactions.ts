import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { type DeskEntry, deskAudience } from '../../domain/desk-message.ts';
import type { EventKey, InteractionId } from '../../domain/ids.ts';
import type { Interaction } from '../../domain/interaction.ts';
import type { Change } from '../../domain/writes.ts';
import { deskWindow, keyHash, managersOf, rowOf } from '../shared/interactions.ts';
import type { OwedTable } from './owed.ts';

/** The interactions, their keys, their history, and everything that one more revision brings with it. */
export class InteractionTable {
  readonly #owed: OwedTable;
  readonly #secret: Buffer;
  readonly #get: Statement<[string], { body: string }>;
  readonly #put: Statement;
  readonly #setBody: Statement;
  readonly #history: Statement;
  readonly #byKey: Statement<[Buffer], { interaction: string }>;
  readonly #putKey: Statement;
  readonly #putManager: Statement;
  readonly #nextSeq: Statement<[string], { seq: number }>;
  readonly #log: Statement;
  readonly #trim: Statement;

  constructor(db: Database, owed: OwedTable) {
    this.#owed = owed;
    this.#secret = keySecret(db);
    this.#get = db.prepare('SELECT body FROM interactions WHERE id = ?');
    this.#put = db.prepare(`INSERT OR REPLACE INTO interactions
      (id, revision, channel, direction, state, started_at, phone, email, client, line, connection, live, auto, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#setBody = db.prepare('UPDATE interactions SET body = ? WHERE id = ?');
    this.#history = db.prepare(
      'INSERT OR REPLACE INTO history (interaction, revision, at, by, what) VALUES (?, ?, ?, ?, ?)',
    );
    this.#byKey = db.prepare('SELECT interaction FROM event_keys WHERE hash = ?');
    this.#putKey = db.prepare('INSERT OR REPLACE INTO event_keys (hash, interaction) VALUES (?, ?)');
    this.#putManager = db.prepare(
      'INSERT OR IGNORE INTO interaction_managers (manager, started_at, interaction) VALUES (?, ?, ?)',
    );
    this.#nextSeq = db.prepare(
      'INSERT INTO desk_seq (manager, seq) VALUES (?, 1) ON CONFLICT (manager) DO UPDATE SET seq = seq + 1 RETURNING seq',
    );
    this.#log = db.prepare('INSERT OR REPLACE INTO desk_log (manager, interaction, seq) VALUES (?, ?, ?)');
    this.#trim = db.prepare('DELETE FROM desk_log WHERE manager = ? AND seq <= ?');
  }

  get(id: string): Interaction | null {
    const row = this.#get.get(id);
    return row === undefined ? null : (JSON.parse(row.body) as Interaction);
  }

  /** The interaction an outside key belongs to, or null. */
  idOfKey(key: EventKey): InteractionId | null {
    return (this.#byKey.get(keyHash(this.#secret, key))?.interaction as InteractionId | undefined) ?? null;
  }

  putKey(key: EventKey, interaction: InteractionId): void {
    this.#putKey.run(keyHash(this.#secret, key), interaction);
  }

  /** Writes a revision: the row, its history, what destinations are owed, and the desks' sequence numbers. */
  save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): Change {
    this.#put.run(...rowOf(after).map((value) => (typeof value === 'boolean' ? Number(value) : value)));
    this.#history.run(after.id, after.revision, at, by, what);
    this.#owed.owe('interaction', after.id, after.revision, at);
    for (const manager of managersOf(after)) this.#putManager.run(manager, after.startedAt, after.id);
    return { interaction: after, desk: this.#tellDesks(before, after) };
  }

  /** Keeps links without a revision of their own. */
  setLinks(interaction: Interaction, links: Interaction['links']): void {
    this.#setBody.run(JSON.stringify({ ...interaction, links }), interaction.id);
  }

  #tellDesks(before: Interaction | null, after: Interaction): readonly DeskEntry[] {
    return deskAudience(before, after).map(({ manager, kind }) => {
      const seq = this.#nextSeq.get(manager)?.seq ?? 0;
      this.#log.run(manager, after.id, seq);
      if (seq % 100 === 0) this.#trim.run(manager, seq - deskWindow);
      return { manager, kind, seq };
    });
  }
}

/** The secret under which keys are hashed: made once, kept as long as the database. */
function keySecret(db: Database): Buffer {
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('key_secret', ?)").run(randomBytes(32));
  const row = db.prepare("SELECT value FROM meta WHERE name = 'key_secret'").get() as { value: Buffer };
  return row.value;
}
