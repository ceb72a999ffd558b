import type { Quarantined } from '../../domain/interaction/quarantine.ts';
import type { QuarantineWrite } from '../../domain/ports/operation-writes.ts';
import type { Page, PageQuery } from '../../domain/ports/queries.ts';
import { pageOf, readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';

/** A row of the table `quarantine`. PostgreSQL's driver may give its eight-byte numbers as text. */
export interface QuarantineRow {
  readonly id: string;
  readonly connection: string;
  readonly key: string;
  readonly event: string | null;
  readonly source: string | null;
  readonly reason: string;
  readonly version: string;
  readonly at: number | string;
  readonly tried_at: number | string;
  readonly tries: number;
}

export function quarantinedOf(row: QuarantineRow): Quarantined {
  return {
    id: row.id,
    connection: row.connection,
    key: row.key,
    event: row.event === null ? null : JSON.parse(row.event),
    source: row.source === null ? null : JSON.parse(row.source),
    reason: row.reason,
    version: row.version,
    at: Number(row.at),
    triedAt: Number(row.tried_at),
    tries: row.tries,
  };
}

/** Statements with `?` placeholders that both stores understand, to be executed in order. */
export function quarantineStatements(write: QuarantineWrite): readonly SqlQuery[] {
  switch (write.op) {
    case 'quarantine': {
      const { id, connection, key, event, source, reason, version, at, triedAt, tries } = write.entry;
      const blob = source?.blob ?? null;
      const [eventText, sourceText] = [event, source].map((part) => (part === null ? null : JSON.stringify(part)));
      return [
        {
          // Only the latest bytes are kept.
          sql: `INSERT INTO loose_blobs SELECT blob FROM quarantine WHERE connection = ? AND key = ? AND blob <> ? ON CONFLICT DO NOTHING`,
          values: [connection, key, blob ?? ''],
        },
        {
          sql: `INSERT INTO quarantine (id, connection, key, event, source, blob, reason, version, at, tried_at, tries)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connection, key) DO UPDATE SET event = excluded.event,
            source = coalesce(excluded.source, quarantine.source), blob = coalesce(excluded.blob, quarantine.blob),
            reason = excluded.reason, version = excluded.version, tried_at = excluded.tried_at, tries = quarantine.tries + 1`,
          values: [id, connection, key, eventText, sourceText, blob, reason, version, at, triedAt, tries],
        },
      ];
    }
    case 'quarantine-retry':
      return write.id === null
        ? [{ sql: "UPDATE quarantine SET version = ''", values: [] }]
        : [{ sql: "UPDATE quarantine SET version = '' WHERE id = ?", values: [write.id] }];
    case 'quarantine-remove': {
      const which = write.tries === null ? 'id = ?' : 'id = ? AND tries = ?';
      const values = write.tries === null ? [write.id] : [write.id, write.tries];
      return [
        {
          sql: `INSERT INTO loose_blobs SELECT blob FROM quarantine WHERE ${which} AND blob IS NOT NULL ON CONFLICT DO NOTHING`,
          values,
        },
        { sql: `DELETE FROM quarantine WHERE ${which}`, values },
      ];
    }
  }
}

/** Selects quarantine entries, oldest first. */
export function selectQuarantine({ limit, cursor }: PageQuery): SqlQuery {
  const after = readCursor(cursor)?.[0];
  return after === undefined
    ? { sql: 'SELECT * FROM quarantine ORDER BY id LIMIT ?', values: [limit + 1] }
    : { sql: 'SELECT * FROM quarantine WHERE id > ? ORDER BY id LIMIT ?', values: [after, limit + 1] };
}

export function quarantinePage({ limit }: PageQuery, rows: readonly QuarantineRow[]): Page<Quarantined> {
  return pageOf(rows.map(quarantinedOf), limit, ({ id }) => [id]);
}
