import type { User } from '../../domain/access/access.ts';
import type { AuditQuery } from '../../domain/access/audit.ts';
import { lowestId } from '../../domain/base/ids.ts';
import { readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';

/** A user's row; `disabled` is 0 or 1 in both stores. */
export type UserRow = Omit<User, 'disabled'> & { readonly disabled: number };

export const selectUsers = 'SELECT login, role, manager, scope, disabled, password_hash AS "passwordHash" FROM users';
export const selectTokens = 'SELECT hash AS "tokenHash", name, role, created_at AS "createdAt" FROM tokens';
export const selectSessions =
  'SELECT hash AS "tokenHash", login, expires_at AS "expiresAt", created_at AS "createdAt", agent FROM sessions';

export function userOf(row: UserRow): User {
  return { ...row, disabled: row.disabled === 1 };
}

/** The columns of an audit entry, in table order. */
export const auditColumns = ['id', 'at', 'who', 'action', 'what', 'subject', 'count', 'address'] as const;

/** Selects audit entries, newest first. Their ids begin with their time, so ordering by id is enough. */
export function selectAudit(query: AuditQuery): SqlQuery {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: string, value: unknown) => {
    conditions.push(condition);
    values.push(value);
  };
  for (const key of ['who', 'action', 'subject'] as const) {
    if (query[key] !== undefined) where(`${key} = ?`, query[key]);
  }
  if (query.since !== undefined) where('id >= ?', lowestId(query.since));
  if (query.until !== undefined) where('id < ?', lowestId(query.until));
  const after = readCursor(query.cursor);
  if (after !== null) where('id < ?', after[0]);
  const all = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT ${auditColumns.join(', ')} FROM audit ${all} ORDER BY id DESC LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}
