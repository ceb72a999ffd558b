import type { PageQuery } from '../ports/queries.ts';

/**
 * What the audit log knows, in the order people choose from. Reading is written down where personal data leaves the house, not for
 * every list that a desk shows.
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
  'export',
  'change',
  'delete',
  'send',
  'call',
  'administer',
  'mass-reading',
] as const;

/** What was done. */
export type AuditAction = (typeof auditActions)[number];

/** Who did what to what, and when. Holds ids only: names and numbers of clients stay out of it. */
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
  /** Id of the client, interaction, recording, user… it was done to; null where there is not one. */
  readonly subject: string | null;
  /** How many things a list held. */
  readonly count: number | null;
  /** The address the request came from. */
  readonly address: string | null;
}

/** Filters of `GET /audit`; all given ones hold. */
export interface AuditQuery extends PageQuery {
  readonly who?: string;
  readonly action?: AuditAction;
  readonly subject?: string;
  /** Milliseconds since the epoch: at or after, before. */
  readonly since?: number;
  readonly until?: number;
}
