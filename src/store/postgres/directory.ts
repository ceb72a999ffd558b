import type { ClientId } from '../../domain/base/ids.ts';
import {
  type ClientHead,
  type DirectoryReader,
  type IdentifierHit,
  maxCandidates,
  type RememberedChoice,
} from '../../domain/directory/client.ts';
import { ofFirstSource } from '../../domain/directory/first-source.ts';
import type { Identifier, Named } from '../../domain/interaction/interaction.ts';
import type { DirectoryTable } from '../../domain/ports/directory-tables.ts';
import { maxAddresses } from '../shared/domains.ts';
import { kindNumbers } from '../shared/identifiers.ts';
import type { Connection } from './connect.ts';
import { numbered } from './numbered.ts';

interface HitRow {
  readonly n: number;
  readonly head: ClientHead;
  readonly contact: string;
  readonly contact_name: string | null;
}

interface ChoiceRow {
  readonly n: number;
  readonly client: string | null;
  readonly contact: string | null;
  readonly by_id: string;
  readonly by_name: string;
  readonly at: string;
  readonly head: ClientHead | null;
}

const head = `json_build_object('id', c.id, 'name', c.name, 'kind', c.kind, 'responsible', c.responsible, 'segment', c.segment, 'url', c.url)`;

/** Looks up identifiers in the directory, within the transaction that uses the answer. */
async function directoryOf(
  connection: Connection,
  identifiers: readonly Identifier[],
  sources: readonly string[],
): Promise<DirectoryReader> {
  const hits = new Map<string, IdentifierHit[]>();
  const choices = new Map<string, RememberedChoice>();
  const clients = new Map<string, ClientHead>();
  const reader: DirectoryReader = {
    hits: (identifier) => ofFirstSource((hits.get(keyOf(identifier)) ?? []).slice(0, maxCandidates), sources),
    choice: (identifier) => choices.get(keyOf(identifier)) ?? null,
    client: (id) => clients.get(id) ?? null,
  };
  if (identifiers.length === 0) return reader;
  const parameters = [identifiers.map(({ kind }) => kindNumbers[kind]), identifiers.map(({ value }) => value)];
  const name = (n: number) => keyOf(identifiers[n - 1] as Identifier);
  const found = await connection.query<HitRow>({
    name: 'hits',
    text: `SELECT q.n::int AS n, i.contact, i.contact_name, ${head} AS head
      FROM unnest($1::smallint[], $2::text[]) WITH ORDINALITY AS q (kind, value, n)
      CROSS JOIN LATERAL (SELECT * FROM identifiers i WHERE i.kind = q.kind AND i.value = q.value LIMIT ${maxCandidates}) i
      JOIN clients c ON c.id = i.client`,
    values: parameters,
  });
  for (const row of found.rows) {
    const contact = row.contact === '' ? null : { id: row.contact, name: row.contact_name ?? '' };
    const own = hits.get(name(row.n)) ?? [];
    own.push({ client: row.head, contact });
    hits.set(name(row.n), own);
    clients.set(row.head.id, row.head);
  }
  const chosen = await connection.query<ChoiceRow>({
    name: 'choices',
    text: `SELECT q.n::int AS n, h.client, h.contact, h.by_id, h.by_name, h.at, CASE WHEN c.id IS NOT NULL THEN ${head} END AS head
      FROM unnest($1::smallint[], $2::text[]) WITH ORDINALITY AS q (kind, value, n)
      JOIN choices h ON h.kind = q.kind AND h.value = q.value LEFT JOIN clients c ON c.id = h.client`,
    values: parameters,
  });
  for (const row of chosen.rows) {
    choices.set(name(row.n), {
      client: row.client as ClientId | null,
      contact: row.contact,
      by: { id: row.by_id, name: row.by_name },
      at: row.at,
    });
    if (row.head !== null) clients.set(row.head.id, row.head);
  }
  return reader;
}

/** The clients that have an address at a domain; only the first addresses are examined. */
export const selectClientsOfDomain = `SELECT DISTINCT c.id, c.name FROM (SELECT client FROM identifiers
  WHERE kind = 1 AND split_part(value, '@', 2) = ? LIMIT ${maxAddresses}) found JOIN clients c ON c.id = found.client`;

/** The client directory as of the open transaction. */
export class PostgresDirectoryTable implements DirectoryTable {
  readonly #db: Connection;
  readonly #sources: readonly string[];
  /** The prefetched identifiers and the directory data about them. */
  #prefetched: { readonly directory: DirectoryReader; readonly of: ReadonlySet<string> } | null = null;

  constructor(db: Connection, sources: readonly string[]) {
    this.#db = db;
    this.#sources = sources;
  }

  /** Discards prefetched data when the directory changes or a transaction begins. */
  forget(): void {
    this.#prefetched = null;
  }

  /** Looks up many identifiers in two round trips. */
  async prefetch(identifiers: readonly Identifier[]): Promise<void> {
    const distinct = [...new Map(identifiers.map((one) => [keyOf(one), one])).values()];
    this.#prefetched = { directory: await this.#lookUp(distinct), of: new Set(distinct.map(keyOf)) };
  }

  async of(identifiers: readonly Identifier[]): Promise<DirectoryReader> {
    const known = this.#prefetched;
    if (known !== null && identifiers.every((one) => known.of.has(keyOf(one)))) return known.directory;
    return this.#lookUp(identifiers);
  }

  async client(id: ClientId): Promise<ClientHead | null> {
    const { rows } = await this.#db.query<{ head: ClientHead }>(
      `SELECT ${head} AS head FROM clients c WHERE c.id = $1`,
      [id],
    );
    return rows[0]?.head ?? null;
  }

  async ofDomain(domain: string): Promise<readonly Named[]> {
    const text = numbered(selectClientsOfDomain);
    return (await this.#db.query<Named>({ name: 'domain', text, values: [domain] })).rows;
  }

  #lookUp(identifiers: readonly Identifier[]): Promise<DirectoryReader> {
    return directoryOf(this.#db, identifiers, this.#sources);
  }
}

/** Map key of an identifier. */
function keyOf({ kind, value }: Identifier): string {
  return `${kind} ${value}`;
}
