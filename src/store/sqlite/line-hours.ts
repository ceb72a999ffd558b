import type { Database, Statement } from 'better-sqlite3';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { countChange } from '../shared/interactions.ts';

/** Counts the contacts of each line per hour as they arrive. The alarm for quiet lines reads weeks of these counts. */
export class LineHourTable {
  readonly #add: Statement<[string, string, string, number]>;

  constructor(db: Database) {
    this.#add = db.prepare(
      `INSERT INTO line_hours (hour, line, connection, count) VALUES (?, ?, ?, ?)
        ON CONFLICT (hour, line, connection) DO UPDATE SET count = count + excluded.count`,
    );
  }

  follow(before: Interaction | null, after: Interaction): void {
    const { was, is } = countChange(before, after);
    if (was !== null) this.#add.run(was.hour, was.line, was.connection, -1);
    if (is !== null) this.#add.run(is.hour, is.line, is.connection, 1);
  }
}
