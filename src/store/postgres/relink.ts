import { most, newest, placeOf, type RelinkPlace, rematched } from '../../domain/directory/rematch.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Identifier, Interaction, Suggestion } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { cameBy } from '../../domain/written/settle-suggestion.ts';
import { kindNumbers, kindOf } from '../shared/identifiers.ts';
import { linkedAccounts } from './account-links.ts';
import type { CallWriter } from './calls.ts';
import type { Connection } from './connect.ts';
import type { InteractionTable } from './interactions.ts';

/** Gives interactions to clients that appear, change or vanish later, as SQLite's Relinker. What a human decided stays. */
export class Relinker {
  readonly #db: Connection;
  readonly #table: InteractionTable;
  readonly #calls: CallWriter;

  constructor(db: Connection, table: InteractionTable, calls: CallWriter) {
    this.#db = db;
    this.#table = table;
    this.#calls = calls;
  }

  /** Matches the interactions of these identifiers again: at once those that one write may hold up, the others later. */
  async relink(identifiers: readonly Identifier[], staff: StaffIndex, now: number): Promise<readonly Change[]> {
    const changes: Change[] = [];
    const all = [...identifiers, ...(await linkedAccounts(this.#db, identifiers))];
    let left = most;
    for (const column of ['phone', 'email', 'account'] as const) {
      const values = all.filter(({ kind }) => kind === column).map(({ value }) => value);
      if (values.length === 0) continue;
      // Most identifiers of an import have no interaction: one question for all tells which have.
      const { rows } = await this.#db.query<{ v: string }>(
        `SELECT v FROM unnest($1::text[]) v WHERE EXISTS (SELECT 1 FROM interactions WHERE ${column} = v AND auto)`,
        [values],
      );
      for (const { v } of rows) {
        left -= await this.#batch({ kind: column, value: v }, newest, left, changes, staff, now);
      }
    }
    return changes;
  }

  /** Matches again what was given to a client by a suggestion that is taken back, the newest of each identifier. */
  async release(
    identifier: Identifier,
    suggestion: Suggestion,
    staff: StaffIndex,
    now: number,
  ): Promise<readonly Change[]> {
    const changes: Change[] = [];
    for (const { kind, value } of [identifier, ...(await linkedAccounts(this.#db, [identifier]))]) {
      const { rows } = await this.#db.query<{ body: string }>(
        `SELECT body FROM interactions WHERE ${kind} = $1 AND NOT auto ORDER BY started_at DESC, id DESC LIMIT ${most}`,
        [value],
      );
      for (const before of rows.map((row) => JSON.parse(row.body) as Interaction)) {
        if (before.mergedInto === null && cameBy(before, suggestion))
          changes.push(...(await this.#again(before, staff, now)));
      }
    }
    return changes;
  }

  /** Goes on with one identifier that had more. */
  async resume(staff: StaffIndex, now: number): Promise<readonly Change[]> {
    const { rows } = await this.#db.query<RelinkPlace & { kind: number; value: string }>(
      'DELETE FROM relinks WHERE (kind, value) = (SELECT kind, value FROM relinks LIMIT 1) RETURNING *',
    );
    const [place] = rows;
    const changes: Change[] = [];
    if (place === undefined) return changes;
    await this.#batch({ kind: kindOf(place.kind), value: place.value }, place, most, changes, staff, now);
    return changes;
  }

  /** Up to `limit` interactions behind a place; answers how many it took. */
  async #batch(
    { kind, value }: Identifier,
    from: RelinkPlace,
    limit: number,
    changes: Change[],
    staff: StaffIndex,
    now: number,
  ): Promise<number> {
    const { rows } = await this.#db.query<{ body: string }>(
      `SELECT body FROM interactions WHERE ${kind} = $1 AND auto AND (started_at, id) < ($2, $3)
       ORDER BY started_at DESC, id DESC LIMIT $4`,
      [value, from.started_at, from.interaction, limit + 1],
    );
    const found = rows.slice(0, limit).map((row) => JSON.parse(row.body) as Interaction);
    for (const before of found) {
      if (before.mergedInto !== null) continue;
      changes.push(...(await this.#again(before, staff, now)));
    }
    if (rows.length > limit) {
      const last = found.at(-1);
      const place = last === undefined ? from : placeOf(last);
      await this.#db.query(
        `INSERT INTO relinks (kind, value, started_at, interaction) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, value) DO UPDATE SET started_at = excluded.started_at, interaction = excluded.interaction`,
        [kindNumbers[kind], value, place.started_at, place.interaction],
      );
    }
    return found.length;
  }

  async #again(before: Interaction, staff: StaffIndex, now: number): Promise<readonly Change[]> {
    const after = rematched(before, await this.#calls.match(before.party), staff, now);
    return after === null ? [] : [await this.#table.save(before, after, now, 'auto', 'match')];
  }
}
