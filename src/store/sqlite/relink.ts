import type { Database, Statement } from 'better-sqlite3';
import { most, newest, placeOf, type RelinkPlace, rematched } from '../../domain/directory/rematch.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Identifier, Interaction, Suggestion } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { cameBy } from '../../domain/written/settle-suggestion.ts';
import { kindNumbers, kindOf } from '../shared/identifiers.ts';
import { AccountLinkTable } from './account-links.ts';
import type { CallWriter } from './calls.ts';
import type { InteractionTable } from './interactions.ts';

type Batch = Statement<[string, string, string], { body: string }>;

/** Gives interactions to clients that appear, change or vanish later. What a human decided stays. */
export class Relinker {
  readonly #table: InteractionTable;
  readonly #calls: CallWriter;
  readonly #links: AccountLinkTable;
  readonly #byKind: Readonly<Record<Identifier['kind'], Batch>>;
  readonly #decided: Readonly<Record<Identifier['kind'], Statement<[string], { body: string }>>>;
  readonly #any: Statement<[], { one: number }>;
  readonly #waiting: Statement<[], RelinkPlace & { kind: number; value: string }>;
  readonly #wait: Statement;
  readonly #done: Statement;

  constructor(db: Database, table: InteractionTable, calls: CallWriter) {
    this.#table = table;
    this.#calls = calls;
    this.#links = new AccountLinkTable(db);
    // One row more than is taken tells whether there are others.
    const query = (column: string) =>
      `SELECT body FROM interactions WHERE ${column} = ? AND auto = 1 AND (started_at, id) < (?, ?)
       ORDER BY started_at DESC, id DESC LIMIT ${most + 1}`;
    this.#byKind = {
      phone: db.prepare(query('phone')),
      email: db.prepare(query('email')),
      account: db.prepare(query('account')),
    };
    const humans = (column: string) =>
      `SELECT body FROM interactions WHERE ${column} = ? AND auto = 0 ORDER BY started_at DESC, id DESC LIMIT ${most}`;
    this.#decided = {
      phone: db.prepare(humans('phone')),
      email: db.prepare(humans('email')),
      account: db.prepare(humans('account')),
    };
    this.#any = db.prepare('SELECT 1 AS one FROM interactions LIMIT 1');
    this.#waiting = db.prepare('SELECT * FROM relinks LIMIT 1');
    this.#wait = db.prepare(
      'INSERT OR REPLACE INTO relinks (kind, value, started_at, interaction) VALUES (?, ?, ?, ?)',
    );
    this.#done = db.prepare('DELETE FROM relinks WHERE kind = ? AND value = ?');
  }

  /** Matches the interactions of these identifiers again: at once those that one write may hold up, the others later. */
  relink(identifiers: readonly Identifier[], staff: StaffIndex, now: number): readonly Change[] {
    // Importing the directory before the first call costs nothing.
    if (this.#any.get() === undefined) return [];
    const changes: Change[] = [];
    let left = most;
    for (const identifier of [...identifiers, ...this.#links.accountsOf(identifiers)])
      left -= this.#batch(identifier, newest, left, changes, staff, now);
    return changes;
  }

  /** Matches again what was given to a client by a suggestion that is taken back, the newest of each identifier. */
  release(identifier: Identifier, suggestion: Suggestion, staff: StaffIndex, now: number): readonly Change[] {
    const identifiers = [identifier, ...this.#links.accountsOf([identifier])];
    const rows = identifiers.flatMap(({ kind, value }) => this.#decided[kind].all(value));
    return rows
      .map(({ body }) => JSON.parse(body) as Interaction)
      .filter((one) => one.mergedInto === null && cameBy(one, suggestion))
      .flatMap((one) => this.#again(one, staff, now));
  }

  /** Goes on with one identifier that had more. */
  resume(staff: StaffIndex, now: number): readonly Change[] {
    const place = this.#waiting.get();
    if (place === undefined) return [];
    const changes: Change[] = [];
    this.#done.run(place.kind, place.value);
    this.#batch({ kind: kindOf(place.kind), value: place.value }, place, most, changes, staff, now);
    return changes;
  }

  /** Up to `limit` interactions behind a place; answers how many it took. */
  #batch(
    { kind, value }: Identifier,
    from: RelinkPlace,
    limit: number,
    changes: Change[],
    staff: StaffIndex,
    now: number,
  ): number {
    const found: Interaction[] = [];
    const rows = this.#byKind[kind].iterate(value, from.started_at, from.interaction);
    let more = false;
    for (const { body } of rows) {
      more = found.length === limit;
      if (more) break;
      found.push(JSON.parse(body) as Interaction);
    }
    for (const one of found) if (one.mergedInto === null) changes.push(...this.#again(one, staff, now));
    if (more) {
      const last = found.at(-1);
      const { started_at, interaction } = last === undefined ? from : placeOf(last);
      this.#wait.run(kindNumbers[kind], value, started_at, interaction);
    }
    return found.length;
  }

  #again(before: Interaction, staff: StaffIndex, now: number): readonly Change[] {
    const after = rematched(before, this.#calls.match(before.party), staff, now);
    return after === null ? [] : [this.#table.save(before, after, now, 'auto', 'match')];
  }
}
