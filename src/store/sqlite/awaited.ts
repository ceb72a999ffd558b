import type { Database, Statement } from 'better-sqlite3';
import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { EarlyAnswer } from '../../domain/written/early-answers.ts';
import type { InteractionTable } from './interactions.ts';

interface Row {
  readonly interaction: InteractionId;
  readonly rank: number;
  readonly arrived_at: number;
}

/** What letters answer that has not come yet. */
export class AwaitedTable {
  readonly #interactions: InteractionTable;
  readonly #put: Statement;
  readonly #of: Statement<[Buffer], Row>;
  readonly #drop: Statement;

  constructor(db: Database, interactions: InteractionTable) {
    this.#interactions = interactions;
    this.#put = db.prepare('INSERT OR IGNORE INTO awaited (interaction, rank, key, arrived_at) VALUES (?, ?, ?, ?)');
    this.#of = db.prepare('SELECT interaction, rank, arrived_at FROM awaited WHERE key = ? ORDER BY interaction, rank');
    this.#drop = db.prepare('DELETE FROM awaited WHERE interaction = ? AND rank >= ?');
  }

  /** A letter waits for what has these names, the nearest first. */
  await(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): void {
    for (const [rank, name] of names.entries())
      this.#put.run(interaction, rank, this.#interactions.keyed(name).hash, arrivedAt);
  }

  /** The letters that wait for what has one of these names. */
  answers(names: readonly EventKey[]): readonly EarlyAnswer[] {
    const found = new Map<InteractionId, EarlyAnswer>();
    for (const row of names.flatMap((name) => this.#of.all(this.#interactions.keyed(name).hash))) {
      const answer = this.#interactions.get(row.interaction);
      const rank = Math.min(row.rank, found.get(row.interaction)?.rank ?? row.rank);
      if (answer !== null) found.set(row.interaction, { answer, rank, arrivedAt: row.arrived_at });
    }
    return [...found.values()];
  }

  /** What it waited for has come: it waits for what is nearer alone. */
  drop(interaction: InteractionId, rank: number): void {
    this.#drop.run(interaction, rank);
  }
}
