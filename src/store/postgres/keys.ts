import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { FoundKey, KeyTable } from '../../domain/ports/contact-tables.ts';
import { keyHash } from '../shared/interactions.ts';
import type { Connection } from './connect.ts';

/** Maps outside keys to interactions. */
export class PostgresKeyTable implements KeyTable {
  readonly #db: Connection;
  readonly #secret: Buffer;
  /** Keys read or written in this transaction. Nobody else can write meanwhile. */
  readonly #found = new Map<EventKey, FoundKey>();

  constructor(db: Connection, secret: Buffer) {
    this.#db = db;
    this.#secret = secret;
  }

  /** The hash that a key is stored under. */
  readonly hash = (key: EventKey): Buffer => keyHash(this.#secret, key);

  /** Discards cached state when a transaction begins or is partly rolled back. */
  forget(): void {
    this.#found.clear();
  }

  async find(keys: readonly EventKey[]): Promise<readonly FoundKey[]> {
    await this.prefetch(keys.filter((key) => !this.#found.has(key)));
    return keys.flatMap((key) => this.#found.get(key) ?? []);
  }

  /** Reads many keys in one round trip, for the lookups that follow. */
  async prefetch(keys: readonly EventKey[]): Promise<void> {
    if (keys.length === 0) return;
    const hashes = new Map(keys.map((key) => [key, this.hash(key)]));
    const { rows } = await this.#db.query<{ hash: string; interaction: InteractionId }>({
      name: 'keys',
      text: "SELECT encode(hash, 'hex') AS hash, interaction FROM event_keys WHERE hash = ANY ($1::bytea[])",
      values: [[...hashes.values()]],
    });
    const owners = new Map(rows.map(({ hash, interaction }) => [hash, interaction]));
    for (const [key, hash] of hashes)
      this.#found.set(key, { key, hash, interaction: owners.get(hash.toString('hex')) ?? null });
  }

  async put(keys: readonly FoundKey[], interaction: InteractionId): Promise<void> {
    const others = keys.filter((key) => key.interaction !== interaction);
    if (others.length === 0) return;
    for (const key of others) this.#found.set(key.key, { ...key, interaction });
    await this.#db.query({
      name: 'put-keys',
      text: `INSERT INTO event_keys (hash, interaction) SELECT DISTINCT h, $2 FROM unnest($1::bytea[]) h
        ON CONFLICT (hash) DO UPDATE SET interaction = excluded.interaction WHERE event_keys.interaction <> excluded.interaction`,
      values: [others.map(({ hash }) => hash), interaction],
    });
  }

  async share(keys: readonly EventKey[], interaction: InteractionId): Promise<void> {
    if (keys.length === 0) return;
    for (const key of keys) this.#found.delete(key);
    await this.#db.query({
      name: 'share-keys',
      text: 'INSERT INTO event_keys (hash, interaction) SELECT DISTINCT h, $2 FROM unnest($1::bytea[]) h ON CONFLICT (hash) DO NOTHING',
      values: [keys.map((key) => this.hash(key)), interaction],
    });
  }
}
