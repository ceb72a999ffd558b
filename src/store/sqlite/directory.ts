import type { Database, Statement } from 'better-sqlite3';
import type { ClientId } from '../../domain/base/ids.ts';
import {
  type Caller,
  type ClientHead,
  type IdentifierHit,
  maxCandidates,
  type RememberedChoice,
  type RoutingReader,
} from '../../domain/directory/client.ts';
import { ofFirstSource } from '../../domain/directory/first-source.ts';
import type { Identifier, Named } from '../../domain/interaction/interaction.ts';
import { maxAddresses } from '../shared/domains.ts';
import { kindNumbers } from '../shared/identifiers.ts';
import { openForReading } from './connect.ts';
import { LastTalks } from './last-talks.ts';

interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly responsible: string | null;
  readonly segment: string | null;
  readonly url: string | null;
}

interface HitRow extends ClientRow {
  readonly contact: string;
  readonly contact_name: string | null;
}

interface ChoiceRow {
  readonly client: string | null;
  readonly contact: string | null;
  readonly by_id: string;
  readonly by_name: string;
  readonly at: string;
}

/** The client directory and the last talks on an open SQLite connection. */
export class SqliteDirectory implements RoutingReader {
  readonly #sources: readonly string[];
  readonly #hits: Statement<[number, string], HitRow>;
  readonly #choice: Statement<[number, string], ChoiceRow>;
  readonly #client: Statement<[string], ClientRow>;
  readonly #ofDomain: Statement<[string], { id: string; name: string }>;
  readonly #lastTalks: LastTalks;

  /** `sources` lists directory sources in order of precedence. */
  constructor(db: Database, sources: readonly string[] = []) {
    this.#sources = sources;
    // The limit is part of the text: as a parameter it would make SQLite plan the query on each call, which takes
    // thirty times as long. A bare `kind = ?` would triple the time, because SQLite would consider the partial index
    // of domains; the unary plus rules that index out.
    this.#hits = db.prepare(
      `SELECT c.id, c.name, c.kind, c.responsible, c.segment, c.url, i.contact, i.contact_name
         FROM identifiers i JOIN clients c ON c.rid = i.client WHERE i.kind = +? AND i.value = ? LIMIT ${maxCandidates}`,
    );
    this.#choice = db.prepare('SELECT client, contact, by_id, by_name, at FROM choices WHERE kind = ? AND value = ?');
    this.#ofDomain = db.prepare(selectClientsOfDomain);
    this.#client = db.prepare('SELECT id, name, kind, responsible, segment, url FROM clients WHERE id = ?');
    this.#lastTalks = new LastTalks(db);
  }

  hits(identifier: Identifier): readonly IdentifierHit[] {
    const hits = this.#hits.all(kindNumbers[identifier.kind], identifier.value).map((row) => ({
      client: headOf(row),
      contact: row.contact === '' ? null : { id: row.contact, name: row.contact_name ?? '' },
    }));
    return ofFirstSource(hits, this.#sources);
  }

  choice(identifier: Identifier): RememberedChoice | null {
    const row = this.#choice.get(kindNumbers[identifier.kind], identifier.value);
    if (row === undefined) return null;
    return {
      client: row.client as ClientId | null,
      contact: row.contact,
      by: { id: row.by_id, name: row.by_name },
      at: row.at,
    };
  }

  /** The clients that have an address at a domain; only the first addresses are examined. */
  ofDomain(domain: string): readonly Named[] {
    return this.#ofDomain.all(domain);
  }

  client(id: ClientId): ClientHead | null {
    const row = this.#client.get(id);
    return row === undefined ? null : headOf(row);
  }

  lastTalker(caller: Caller, since: number): string | null {
    return this.#lastTalks.of(caller, since);
  }
}

function headOf(row: ClientRow): ClientHead {
  return {
    id: row.id as ClientId,
    name: row.name,
    kind: row.kind as ClientHead['kind'],
    responsible: row.responsible,
    segment: row.segment,
    url: row.url,
  };
}

/** The clients that have an address at a domain; only the first addresses are examined. */
export const selectClientsOfDomain = `SELECT DISTINCT c.id, c.name FROM (SELECT client FROM identifiers
  WHERE kind = 1 AND substr(value, instr(value, '@') + 1) = ? LIMIT ${maxAddresses}) found JOIN clients c ON c.rid = found.client`;

/** Opens a directory on its own read-only connection, for the answering thread. */
export function openDirectory(
  path: string,
  sources?: readonly string[],
): { directory: RoutingReader; close: () => void } {
  const db = openForReading(path);
  return { directory: new SqliteDirectory(db, sources), close: () => void db.close() };
}
