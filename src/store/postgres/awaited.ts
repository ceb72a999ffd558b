import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { EarlyAnswer } from '../../domain/written/early-answers.ts';
import type { Connection } from './connect.ts';
import type { InteractionTable } from './interactions.ts';

interface Row {
  readonly interaction: InteractionId;
  readonly rank: number;
  readonly arrived_at: string;
}

/** What letters answer that has not come yet. */
export class AwaitedTable {
  readonly #db: Connection;
  readonly #interactions: InteractionTable;

  constructor(db: Connection, interactions: InteractionTable) {
    this.#db = db;
    this.#interactions = interactions;
  }

  /** A letter waits for what has these names, the nearest first. */
  async await(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): Promise<void> {
    if (names.length === 0) return;
    await this.#db.query(
      `INSERT INTO awaited (interaction, rank, key, arrived_at)
       SELECT $1, n - 1, decode(key, 'hex'), $3 FROM unnest($2::text[]) WITH ORDINALITY AS k (key, n) ON CONFLICT DO NOTHING`,
      [interaction, this.#hashes(names), arrivedAt],
    );
  }

  /** The letters that wait for what has one of these names. */
  async answers(names: readonly EventKey[]): Promise<readonly EarlyAnswer[]> {
    if (names.length === 0) return [];
    const { rows } = await this.#db.query<Row>({
      name: 'awaited',
      text: `SELECT interaction, min(rank) AS rank, min(arrived_at) AS arrived_at FROM awaited
        WHERE key IN (SELECT decode(k, 'hex') FROM unnest($1::text[]) k) GROUP BY interaction ORDER BY interaction`,
      values: [this.#hashes(names)],
    });
    const found: EarlyAnswer[] = [];
    for (const { interaction, rank, arrived_at } of rows) {
      const answer = await this.#interactions.get(interaction);
      if (answer !== null) found.push({ answer, rank, arrivedAt: Number(arrived_at) });
    }
    return found;
  }

  /** What it waited for has come: it waits for what is nearer alone. */
  async drop(interaction: InteractionId, rank: number): Promise<void> {
    await this.#db.query('DELETE FROM awaited WHERE interaction = $1 AND rank >= $2', [interaction, rank]);
  }

  #hashes(names: readonly EventKey[]): readonly string[] {
    return names.map((name) => this.#interactions.hashOf(name));
  }
}
