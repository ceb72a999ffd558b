import type { RelinkPlace } from '../../domain/directory/rematch.ts';
import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';
import type { RelinkTable } from '../../domain/ports/directory-tables.ts';
import { kindNumbers, kindOf } from '../shared/identifiers.ts';
import { parseInteraction } from '../shared/interaction-body.ts';
import type { Connection } from './connect.ts';

/** Interactions whose identifiers must be matched again, and the progress of that work. */
export class PostgresRelinkTable implements RelinkTable {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Most identifiers of an import have no interaction. One query per kind finds those that have. */
  async withAutomaticMatches(identifiers: readonly Identifier[]): Promise<readonly Identifier[]> {
    const found: Identifier[] = [];
    for (const kind of ['phone', 'email', 'account'] as const) {
      const values = identifiers.filter((one) => one.kind === kind).map(({ value }) => value);
      if (values.length === 0) continue;
      const { rows } = await this.#db.query<{ value: string }>(
        `SELECT v AS value FROM unnest($1::text[]) v WHERE EXISTS (SELECT 1 FROM interactions WHERE ${kind} = v AND auto)`,
        [values],
      );
      found.push(...rows.map(({ value }) => ({ kind, value })));
    }
    return found;
  }

  async matchedByMachine({ kind, value }: Identifier, from: RelinkPlace, limit: number) {
    // Fetching one row more shows whether there are others.
    const { rows } = await this.#db.query<{ body: string }>(
      `SELECT body FROM interactions WHERE ${kind} = $1 AND auto AND (started_at, id) < ($2, $3)
       ORDER BY started_at DESC, id DESC LIMIT $4`,
      [value, from.startedAt, from.id, limit + 1],
    );
    const found = rows.slice(0, limit).map(({ body }) => parseInteraction(body));
    return { found, more: rows.length > limit };
  }

  async decidedByHuman({ kind, value }: Identifier, limit: number): Promise<readonly Interaction[]> {
    const { rows } = await this.#db.query<{ body: string }>(
      `SELECT body FROM interactions WHERE ${kind} = $1 AND NOT auto ORDER BY started_at DESC, id DESC LIMIT $2`,
      [value, limit],
    );
    return rows.map(({ body }) => parseInteraction(body));
  }

  async postpone({ kind, value }: Identifier, { startedAt, id }: RelinkPlace): Promise<void> {
    await this.#db.query(
      `INSERT INTO relinks (kind, value, started_at, interaction) VALUES ($1, $2, $3, $4)
       ON CONFLICT (kind, value) DO UPDATE SET started_at = excluded.started_at, interaction = excluded.interaction`,
      [kindNumbers[kind], value, startedAt, id],
    );
  }

  async takePostponed() {
    const { rows } = await this.#db.query<{ kind: number; value: string; startedAt: string; id: string }>(
      `DELETE FROM relinks WHERE (kind, value) = (SELECT kind, value FROM relinks LIMIT 1)
       RETURNING kind, value, started_at AS "startedAt", interaction AS id`,
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { kind, value, ...from } = row;
    return { identifier: { kind: kindOf(kind), value }, from };
  }
}
