import type { PageQuery } from '../ports/queries.ts';

/**
 * The actions in the audit log, in display order. Reads are recorded where personal data leaves the system, but not for every
 * list on a desk.
 */
export const auditActions = [
  'login',
  'login-refused',
  'logout',
  'read-client',
  'list-clients',
  'read-interaction',
  'read-letter',
  'read-attachment',
  'hear-recording',
  'read-transcript',
  'listen',
  'export',
  'change',
  'delete',
  'send',
  'call',
  'administer',
  'mass-reading',
] as const;

/** An action in the audit log. */
export type AuditAction = (typeof auditActions)[number];

/** One recorded action. It contains ids only, never names or numbers of clients. */
export interface AuditEntry {
  /** A UUIDv7: entries are ordered by it. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The login, `token:NAME`, or `command` for what was done at the server's command line. */
  readonly who: string;
  readonly action: AuditAction;
  /** The route (`PATCH /interactions/:id`), the desk's message (`desk choose`) or the command (`user disable`). */
  readonly what: string;
  /** Id of the client, interaction, recording or user concerned; null if there is not exactly one. */
  readonly subject: string | null;
  /** The number of entries in a list. */
  readonly count: number | null;
  /** The address the request came from. */
  readonly address: string | null;
}

/** Filters of `GET /audit`. An entry must match all that are given. */
export interface AuditQuery extends PageQuery {
  readonly who?: string;
  readonly action?: AuditAction;
  readonly subject?: string;
  /** Milliseconds since the epoch: at or after, before. */
  readonly since?: number;
  readonly until?: number;
}
