import type { Database, Statement } from 'better-sqlite3';
import { timeText } from '../../domain/base/time-text.ts';
import type { Caller } from '../../domain/directory/client.ts';

interface TalkRow {
  readonly at: string;
  readonly manager: string | null;
}

/**
 * How many contacts of a number are searched for a talk, and how many numbers of a client. A number that calls all day
 * must not keep the others waiting.
 */
const limits = { contacts: 200, numbers: 50 };

/**
 * Finds who last talked with a caller. The store is read through the index of telephone numbers; the routing snapshot has the
 * same table, which contains only the last talk of each number.
 */
export class LastTalks {
  readonly #numbers: Statement<[{ client: string }], { phone: string }>;
  readonly #calls: Statement<[string, string], TalkRow>;

  constructor(db: Database) {
    this.#numbers = db.prepare(
      `SELECT j.value ->> 'value' AS phone FROM clients c, json_each(c.body, '$.identifiers') j
         WHERE c.id = @client AND j.value ->> 'kind' = 'phone'
       UNION SELECT k.value ->> 'value' FROM clients c, json_each(c.body, '$.contacts') p, json_each(p.value, '$.identifiers') k
         WHERE c.id = @client AND k.value ->> 'kind' = 'phone' LIMIT ${limits.numbers}`,
    );
    this.#calls = db.prepare(
      `SELECT started_at AS at, body ->> '$.handledBy.id' AS manager FROM interactions
       WHERE phone = ? AND started_at >= ? AND channel = 'call' ORDER BY started_at DESC LIMIT ${limits.contacts}`,
    );
  }

  /** The id of the manager who last talked with the caller since a time (milliseconds since the epoch), or null. */
  of({ phone, client }: Caller, since: number): string | null {
    const numbers = new Set(client === null ? [] : this.#numbers.all({ client }).map((row) => row.phone));
    if (phone !== null) numbers.add(phone);
    let latest: TalkRow | null = null;
    for (const number of numbers) {
      const talk = this.#talk(number, timeText(since));
      if (talk !== null && (latest === null || talk.at > latest.at)) latest = talk;
    }
    return latest?.manager ?? null;
  }

  #talk(phone: string, since: string): TalkRow | null {
    for (const row of this.#calls.iterate(phone, since)) if (row.manager !== null) return row;
    return null;
  }
}
