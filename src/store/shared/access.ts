import type { User } from '../../domain/access/access.ts';
import type { AuditQuery } from '../../domain/access/audit.ts';
import { lowestId } from '../../domain/base/ids.ts';
import type { NewUser, Write } from '../../domain/ports/writes.ts';
import { readCursor } from './paging.ts';
import type { Question } from './question.ts';

/** Writes of one row that touch no interaction: who may come in, what was done, connectors' places, who listened. */
export type AccessWrite = Extract<
  Write,
  {
    op:
      | 'put-user'
      | 'change-user'
      | 'remove-user'
      | 'put-token'
      | 'remove-token'
      | 'open-session'
      | 'close-session'
      | 'close-sessions'
      | 'login-failed'
      | 'login-forgiven'
      | 'audit'
      | 'forget-audit'
      | 'cursor'
      | 'recording-heard'
      | 'blobs-removed';
  }
>;

/** Changes of rights that are told to running programs; older ones have been heard long since. */
export const changesKept = 1000;

/** A user's row; `disabled` is 0 or 1 in both stores. */
export type UserRow = Omit<User, 'disabled'> & { readonly disabled: number };

export const selectUsers = 'SELECT login, role, manager, scope, disabled, password_hash AS "passwordHash" FROM users';
export const selectTokens = 'SELECT hash AS "tokenHash", name, role, created_at AS "createdAt" FROM tokens';
export const selectSessions =
  'SELECT hash AS "tokenHash", login, expires_at AS "expiresAt", created_at AS "createdAt", agent FROM sessions';

export function userOf(row: UserRow): User {
  return { ...row, disabled: row.disabled === 1 };
}

/** The columns of a user: login, role, manager, scope, disabled, password hash. */
export function userColumns({ login, role, manager, scope, disabled, passwordHash }: NewUser) {
  return [login, role, manager, scope ?? null, disabled === true ? 1 : 0, passwordHash] as const;
}

/** The user after a change. */
export function changedUser(before: User, { change }: Extract<Write, { op: 'change-user' }>): User {
  return { ...before, ...change };
}

/** Whether somebody who may administer would be gone: what is done to the last one is refused. */
export function isLastAdmin(users: readonly User[], login: string, after: User | null): boolean {
  const able = (user: User) => user.role === 'admin' && !user.disabled;
  const before = users.filter(able);
  return before.length === 1 && before[0]?.login === login && (after === null || !able(after));
}

/** Why the last administrator is neither removed nor disabled nor given another role. */
export const lastAdmin = 'this is the last administrator who can log in: make another one first';

/** The columns of an audit entry, in their order. */
export const auditColumns = ['id', 'at', 'who', 'action', 'what', 'subject', 'count', 'address'] as const;

/** Newest first: entries are ordered by their ids, which begin with their time. */
export function askAudit(query: AuditQuery): Question {
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
