import type { Database, Statement } from 'better-sqlite3';
import { lowestId } from '../../domain/base/ids.ts';
import { managersOf } from '../../domain/interaction/managers.ts';
import { parseInteraction } from '../shared/interaction-body.ts';
import { keptFromName } from '../shared/kept.ts';
import { isForgotten } from '../shared/undeliverable.ts';
import type { ViewerTable } from './viewers.ts';
import type { ForgetWrite } from './writer-protocol.ts';

/** Tables whose rows belong to one interaction, and the indexed column that references it. */
const belongings = {
  ...{ interactions: 'id', history: 'interaction', interaction_deals: 'interaction', live_calls: 'interaction' },
  ...{ reply_handles: 'interaction', outbound: 'id', interaction_participants: 'interaction', awaited: 'interaction' },
  conversations: 'latest',
  ...{ search_texts: 'interaction', search_waiting: 'interaction', transcripts: 'interaction' },
} as const;

/**
 * Lists the few distinct values of the first index column, so that deleting from `owed` and `desk_log` can use their
 * indexes.
 */
const distinct = (table: string, column: string) =>
  `WITH RECURSIVE each (name) AS (SELECT min(${column}) FROM ${table}
     UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > each.name) FROM each WHERE each.name IS NOT NULL)`;

/**
 * Removes contacts stored before a given time. Small transactions let live calls be written in between. Event keys
 * are kept.
 */
export class Forgetting {
  readonly #viewers: ViewerTable;
  readonly #oldest: Statement<[string, number], { id: string; body: string }>;
  readonly #dropManager: Statement;
  readonly #dropRecordings: Statement;
  readonly #dropHeard: Statement;
  readonly #looseRecordings: Statement;
  /** Each takes the ids as JSON. */
  readonly #drop: readonly Statement<[string]>[];
  /** Each takes the lowest id that is kept. */
  readonly #dropRest: readonly Statement<[string]>[];
  readonly #dropMarks: Statement<[number]>;
  readonly #dropQuarantined: readonly Statement<[number]>[];
  readonly #note: Statement;

  constructor(db: Database, viewers: ViewerTable) {
    this.#viewers = viewers;
    const among = '(SELECT value FROM json_each(?))';
    this.#oldest = db.prepare('SELECT id, body FROM interactions WHERE id < ? ORDER BY id LIMIT ?');
    this.#dropManager = db.prepare(
      'DELETE FROM interaction_managers WHERE manager = ? AND started_at = ? AND interaction = ?',
    );
    this.#dropHeard = db.prepare(`DELETE FROM recordings_heard WHERE recording IN ${among}`);
    this.#looseRecordings = db.prepare(
      `INSERT OR IGNORE INTO loose_blobs SELECT blob FROM recordings WHERE blob IS NOT NULL AND id IN ${among}`,
    );
    this.#dropRecordings = db.prepare(`DELETE FROM recordings WHERE id IN ${among}`);
    this.#drop = [
      `INSERT OR IGNORE INTO loose_blobs SELECT blob FROM attachments WHERE interaction IN ${among}`,
      `INSERT OR IGNORE INTO loose_blobs SELECT body ->> '$.blob' FROM letter_bodies WHERE interaction IN ${among}`,
      `DELETE FROM attachments WHERE interaction IN ${among}`,
      `DELETE FROM letter_bodies WHERE interaction IN ${among}`,
      `${distinct('owed', 'destination')} DELETE FROM owed
         WHERE destination IN (SELECT name FROM each) AND kind = 'interaction' AND subject IN ${among}`,
      `DELETE FROM ledger WHERE kind = 'interaction' AND subject IN ${among}`,
      `DELETE FROM search_words WHERE rowid IN (SELECT rid FROM search_texts WHERE interaction IN ${among})`,
      ...Object.entries(belongings).map(([table, column]) => `DELETE FROM ${table} WHERE ${column} IN ${among}`),
    ].map((sql) => db.prepare(sql));
    this.#dropRest = [
      `${distinct('desk_log', 'manager')} DELETE FROM desk_log WHERE manager IN (SELECT name FROM each) AND interaction < ?`,
      // A task that a person wrote down stays until it is done, even if its contact is removed.
      `DELETE FROM tasks WHERE id < ? AND (state = 'done' OR body ->> '$.interaction' IS NOT NULL)`,
      // Commands to calls have no interaction of their own.
      `DELETE FROM outbound WHERE channel = 'command' AND id < ?`,
      `WITH kept (id) AS (VALUES (?)) DELETE FROM leads WHERE id < (SELECT id FROM kept) AND body ->> '$.latest' < (SELECT id FROM kept)`,
      ...(['task', 'lead'] as const).flatMap((kind) => [
        `${distinct('owed', 'destination')} DELETE FROM owed WHERE destination IN (SELECT name FROM each) AND kind = '${kind}'
           AND subject < ? AND NOT EXISTS (SELECT 1 FROM ${kind}s t WHERE t.id = subject)`,
        `DELETE FROM ledger WHERE kind = '${kind}' AND subject < ? AND NOT EXISTS (SELECT 1 FROM ${kind}s t WHERE t.id = subject)`,
      ]),
    ].map((sql) => db.prepare(sql));
    this.#dropMarks = db.prepare(`DELETE FROM undeliverable WHERE max(since, cleared) < ? AND ${isForgotten}`);
    this.#dropQuarantined = [
      'INSERT OR IGNORE INTO loose_blobs SELECT blob FROM quarantine WHERE at < ? AND blob IS NOT NULL',
      'DELETE FROM quarantine WHERE at < ?',
    ].map((sql) => db.prepare(sql));
    this.#note = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  }

  carryOut({ before, limit }: ForgetWrite): void {
    const place = lowestId(before);
    const rows = this.#oldest.all(place, limit);
    if (rows.length === 0) {
      for (const statement of this.#dropRest) statement.run(place);
      this.#dropMarks.run(before);
      for (const statement of this.#dropQuarantined) statement.run(before);
      this.#note.run(keptFromName, String(before));
      return;
    }
    const bodies = rows.map(({ body }) => parseInteraction(body));
    for (const one of bodies) {
      for (const manager of managersOf(one)) this.#dropManager.run(manager, one.startedAt, one.id);
      this.#viewers.forget(one);
    }
    const recordings = bodies.flatMap((one) => one.recordings.map(({ id }) => id));
    if (recordings.length > 0) {
      this.#dropHeard.run(JSON.stringify(recordings));
      this.#looseRecordings.run(JSON.stringify(recordings));
      this.#dropRecordings.run(JSON.stringify(recordings));
    }
    const ids = JSON.stringify(rows.map(({ id }) => id));
    for (const statement of this.#drop) statement.run(ids);
  }
}
