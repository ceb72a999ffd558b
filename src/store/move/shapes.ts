/**
 * Type of a column: `json` is text that must parse, `number` is an integer, `flag` is 0 or 1 in SQLite and a boolean
 * in PostgreSQL, `bytes` is a BLOB and a bytea.
 */
export type ColumnKind = 'text' | 'json' | 'number' | 'flag' | 'bytes';

/** A table to be moved. Both stores have it under this name, with these columns. */
export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** SQLite's FROM clause, if it is more than the table. */
  readonly from?: string;
  /** SQLite's expressions for columns that it stores differently. */
  readonly select?: Readonly<Record<string, string>>;
  /** SQLite's expressions to order the rows by; together they are unique. */
  readonly order: readonly string[];
}

const text = 'text';
const json = 'json';
const number = 'number';
const flag = 'flag';
const bytes = 'bytes';

/**
 * Every table with data in SQLite, except `meta` and the search indexes, which are rebuilt. Tables that only running
 * programs need (leases, instances, change logs) start empty.
 */
export const tableShapes: readonly TableShape[] = [
  {
    name: 'interactions',
    columns: {
      ...{ id: text, revision: number, channel: text, direction: text, state: text, started_at: text, phone: text },
      ...{ email: text, client: text, line: text, connection: text, live: flag, auto: flag, thread: text },
      ...{ account: text, body: json },
    },
    order: ['id'],
  },
  {
    name: 'interaction_managers',
    columns: { manager: text, started_at: text, interaction: text },
    order: ['manager', 'started_at', 'interaction'],
  },
  {
    name: 'interaction_viewers',
    columns: { viewer: text, started_at: text, interaction: text },
    order: ['viewer', 'started_at', 'interaction'],
  },
  {
    name: 'conversations',
    columns: { id: text, latest: text, at: text, since: text, owner: text, channel: text, line: text, closed: number },
    order: ['id'],
  },
  {
    name: 'history',
    columns: { interaction: text, revision: number, at: number, by: text, what: text },
    order: ['interaction', 'revision'],
  },
  { name: 'event_keys', columns: { hash: bytes, interaction: text }, order: ['hash'] },
  { name: 'live_calls', columns: { interaction: text, connection: text, snapshot: json }, order: ['interaction'] },
  { name: 'pending_routes', columns: { call: text, at: number, body: json }, order: ['call'] },
  { name: 'pending_reports', columns: { key: text, at: number, body: json }, order: ['key'] },
  { name: 'turns', columns: { grp: text, manager: text }, order: ['grp'] },
  { name: 'recordings', columns: { id: text, interaction: text, path: text, blob: text, mime: text }, order: ['id'] },
  { name: 'recordings_heard', columns: { recording: text, by: text, at: number }, order: ['rowid'] },
  { name: 'transcripts', columns: { recording: text, interaction: text, body: json }, order: ['recording'] },
  {
    name: 'attachments',
    columns: { id: text, interaction: text, blob: text, name: text, mime: text },
    order: ['id'],
  },
  {
    name: 'interaction_participants',
    columns: { interaction: text, email: text },
    order: ['interaction', 'email'],
  },
  {
    name: 'awaited',
    columns: { interaction: text, rank: number, key: bytes, arrived_at: number },
    order: ['interaction', 'rank'],
  },
  { name: 'loose_blobs', columns: { blob: text }, order: ['blob'] },
  { name: 'letter_bodies', columns: { interaction: text, body: json }, order: ['interaction'] },
  { name: 'reply_handles', columns: { interaction: text, connection: text, handle: json }, order: ['interaction'] },
  {
    name: 'outbound',
    columns: {
      ...{ id: text, connection: text, channel: text, state: text, attempts: number, next_at: number },
      ...{ expires_at: number, content: json },
    },
    order: ['id'],
  },
  {
    name: 'clients',
    columns: {
      ...{ id: text, name: text, folded: text, kind: text, responsible: text, segment: text, url: text, body: json },
    },
    // In order of creation: a resumed run must not read a row twice, and ids do not reflect that order.
    order: ['rid'],
  },
  {
    name: 'identifiers',
    columns: { kind: number, value: text, client: text, contact: text, contact_name: text },
    // SQLite references the client by row id. A missing client becomes null, which is reported as an error.
    from: 'identifiers n LEFT JOIN clients c ON c.rid = n.client',
    select: { kind: 'n.kind', client: 'c.id' },
    order: ['n.kind', 'n.value', 'n.client', 'n.contact'],
  },
  {
    name: 'choices',
    columns: { kind: number, value: text, client: text, contact: text, by_id: text, by_name: text, at: text },
    order: ['kind', 'value'],
  },
  { name: 'account_links', columns: { account: text, kind: number, value: text }, order: ['account'] },
  {
    name: 'undeliverable',
    columns: { email: text, since: number, status: text, why: text, cleared: number },
    order: ['email'],
  },
  { name: 'deals', columns: { id: text, client: text }, order: ['id', 'client'] },
  { name: 'contact_persons', columns: { id: text, client: text }, order: ['id', 'client'] },
  { name: 'interaction_deals', columns: { interaction: text, deal: text }, order: ['interaction', 'deal'] },
  {
    name: 'relinks',
    columns: { kind: number, value: text, started_at: text, interaction: text },
    order: ['kind', 'value'],
  },
  { name: 'leads', columns: { id: text, rkey: text, state: text, at: text, body: json }, order: ['id'] },
  {
    name: 'tasks',
    columns: { id: text, manager: text, state: text, phone: text, at: text, body: json },
    order: ['id'],
  },
  {
    name: 'number_holds',
    columns: { number: text, from_at: number, until_at: number, visit: text, marks: json },
    order: ['number', 'from_at'],
  },
  { name: 'destinations', columns: { name: text, wants: text }, order: ['name'] },
  {
    name: 'ledger',
    columns: { kind: text, subject: text, destination: text, step: text, state: text, remote: text, at: number },
    order: ['kind', 'subject', 'destination', 'step'],
  },
  { name: 'vault', columns: { owner: text, name: text, sealed: text }, order: ['owner', 'name'] },
  {
    name: 'owed',
    columns: {
      ...{ rid: number, destination: text, kind: text, subject: text, revision: number, delivered: number },
      ...{ state: text, attempts: number, next_at: number, error: text, reason: json, updated_at: number },
      urgent_until: number,
    },
    order: ['rid'],
  },
  { name: 'desk_seq', columns: { manager: text, seq: number }, order: ['manager'] },
  {
    name: 'desk_log',
    columns: { manager: text, interaction: text, seq: number },
    order: ['manager', 'interaction'],
  },
  {
    name: 'quarantine',
    columns: {
      ...{ id: text, connection: text, key: text, event: json, source: json, blob: text, reason: text, version: text },
      ...{ at: number, tried_at: number, tries: number, fault: json },
    },
    order: ['id'],
  },
  {
    name: 'line_hours',
    columns: { hour: text, line: text, connection: text, count: number },
    order: ['hour', 'line', 'connection'],
  },
  { name: 'cursors', columns: { connection: text, name: text, value: text }, order: ['connection', 'name'] },
  {
    name: 'users',
    columns: { login: text, role: text, manager: text, scope: text, disabled: number, password_hash: text },
    order: ['login'],
  },
  { name: 'tokens', columns: { hash: text, name: text, role: text, created_at: number }, order: ['hash'] },
  {
    name: 'sessions',
    columns: { hash: text, login: text, expires_at: number, created_at: number, agent: text },
    order: ['hash'],
  },
  {
    name: 'audit',
    columns: {
      ...{ id: text, at: number, who: text, action: text, what: text, subject: text, count: number, address: text },
    },
    order: ['id'],
  },
];
