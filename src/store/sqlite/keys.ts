import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { FoundKey, KeyTable } from '../../domain/ports/contact-tables.ts';
import { keyHash } from '../shared/interactions.ts';

/** Number of hashes kept. Each change of a call brings the same keys, and few calls are longer than this many others. */
const maxHashes = 2000;

/** Maps outside keys to interactions. */
export class SqliteKeyTable implements KeyTable {
  readonly #secret: Buffer;
  readonly #get: Statement<[Buffer], { interaction: InteractionId }>;
  readonly #put: Statement;
  readonly #hashes = new Map<EventKey, Buffer>();

  constructor(db: Database) {
    this.#secret = keySecret(db);
    this.#get = db.prepare('SELECT interaction FROM event_keys WHERE hash = ?');
    this.#put = db.prepare(
      'INSERT INTO event_keys (hash, interaction) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET interaction = excluded.interaction',
    );
  }

  /** The hash that a key is stored under. */
  readonly hash = (key: EventKey): Buffer => {
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const hash = keyHash(this.#secret, key);
    if (this.#hashes.size >= maxHashes) this.#hashes.clear();
    this.#hashes.set(key, hash);
    return hash;
  };

  find(keys: readonly EventKey[]): readonly FoundKey[] {
    return keys.map((key) => {
      const hash = this.hash(key);
      return { key, hash, interaction: this.#get.get(hash)?.interaction ?? null };
    });
  }

  put(keys: readonly FoundKey[], interaction: InteractionId): void {
    for (const key of keys) if (key.interaction !== interaction) this.#put.run(key.hash, interaction);
  }

  share(keys: readonly EventKey[], interaction: InteractionId): void {
    this.put(
      this.find(keys).filter((key) => key.interaction === null),
      interaction,
    );
  }
}

/** The secret that keys are hashed with. It is created once and kept as long as the database. */
function keySecret(db: Database): Buffer {
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('key_secret', ?)").run(randomBytes(32));
  const row = db.prepare("SELECT value FROM meta WHERE name = 'key_secret'").get() as { value: Buffer };
  return row.value;
}
