import { failuresKept } from '../../domain/access/login-failures.ts';
import { lowestId } from '../../domain/base/ids.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { NewUser } from '../../domain/ports/writes.ts';
import {
  type AccessWrite,
  auditColumns,
  changedUser,
  changesKept,
  isLastAdmin,
  lastAdmin,
  selectUsers,
  type UserRow,
  userColumns,
  userOf,
} from '../shared/access.ts';
import type { Connection } from './connect.ts';

const putAudit = {
  name: 'audit',
  text: `INSERT INTO audit (${auditColumns.join(', ')}) VALUES (${auditColumns.map((_, i) => `$${i + 1}`).join(', ')})
    ON CONFLICT DO NOTHING`,
};

/**
 * Writes of one row that touch no interaction: who may come in, what was done, connectors' places, who listened. Answers why it
 * is refused, or null.
 */
export async function writeAccess(db: Connection, write: AccessWrite, now: number): Promise<Refusal | null> {
  switch (write.op) {
    case 'put-user':
      await putUser(db, write.user);
      return null;
    case 'change-user':
    case 'remove-user':
      return changeUser(db, write);
    case 'put-token': {
      const { tokenHash, name, role, createdAt } = write.token;
      await db.query('DELETE FROM tokens WHERE hash = $1 OR name = $2', [tokenHash, name]);
      await db.query('INSERT INTO tokens (hash, name, role, created_at) VALUES ($1, $2, $3, $4)', [
        tokenHash,
        name,
        role,
        createdAt,
      ]);
      await tell(db, `token:${name}`);
      return null;
    }
    case 'remove-token': {
      const { rowCount } = await db.query('DELETE FROM tokens WHERE name = $1', [write.name]);
      if (rowCount === 0) return refuse('not_found', `no token ${write.name}`);
      await tell(db, `token:${write.name}`);
      return null;
    }
    case 'open-session': {
      const { tokenHash, login, expiresAt, createdAt = 0, agent = null } = write.session;
      await db.query('DELETE FROM sessions WHERE expires_at < $1', [now]);
      await db.query(
        `INSERT INTO sessions (hash, login, expires_at, created_at, agent) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (hash) DO UPDATE SET login = excluded.login, expires_at = excluded.expires_at`,
        [tokenHash, login, expiresAt, createdAt, agent],
      );
      return null;
    }
    case 'close-session':
      await db.query('DELETE FROM sessions WHERE hash = $1', [write.tokenHash]);
      await tell(db, write.tokenHash);
      return null;
    case 'close-sessions':
      await endSessions(db, write.login);
      return null;
    case 'login-failed':
      await db.query('DELETE FROM login_failures WHERE at NOT BETWEEN $1 AND $2', [
        now - failuresKept,
        now + failuresKept,
      ]);
      await db.query(
        `INSERT INTO login_failures (key, failures, at) SELECT unnest($2::text[]), 1, $1
         ON CONFLICT (key) DO UPDATE SET failures = login_failures.failures + 1, at = excluded.at`,
        [write.at, [...write.keys].sort()],
      );
      return null;
    case 'login-forgiven':
      await db.query('DELETE FROM login_failures WHERE key = ANY ($1::text[])', [write.keys]);
      return null;
    case 'audit':
      await db.query({ ...putAudit, values: auditColumns.map((column) => write.entry[column]) });
      return null;
    case 'forget-audit':
      await db.query('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < $1 ORDER BY id LIMIT $2)', [
        lowestId(write.before),
        write.limit,
      ]);
      return null;
    case 'cursor':
      await db.query(
        `INSERT INTO cursors (connection, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value`,
        [write.connection, write.name, write.value],
      );
      return null;
    case 'blobs-removed':
      await db.query('DELETE FROM loose_blobs WHERE blob = ANY ($1::text[])', [write.blobs]);
      return null;
    case 'recording-heard':
      await db.query('INSERT INTO recordings_heard (recording, by, at) VALUES ($1, $2, $3)', [
        write.recording,
        write.by,
        write.at,
      ]);
      return null;
  }
}

async function putUser(db: Connection, user: NewUser): Promise<void> {
  await db.query(
    `INSERT INTO users (login, role, manager, scope, disabled, password_hash) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login)
     DO UPDATE SET role = excluded.role, manager = excluded.manager, scope = excluded.scope, disabled = excluded.disabled,
       password_hash = excluded.password_hash`,
    [...userColumns(user)],
  );
  // A new password ends what was opened with the old one.
  await endSessions(db, user.login);
}

async function changeUser(
  db: Connection,
  write: Extract<AccessWrite, { op: 'change-user' | 'remove-user' }>,
): Promise<Refusal | null> {
  const users = (await db.query<UserRow & { login: string }>(selectUsers)).rows.map(userOf);
  const before = users.find(({ login }) => login === write.login);
  if (before === undefined) return refuse('not_found', `no user ${write.login}`);
  const after = write.op === 'remove-user' ? null : changedUser(before, write);
  if (isLastAdmin(users, write.login, after)) return refuse('conflict', lastAdmin);
  if (after !== null) await putUser(db, after);
  else {
    await db.query('DELETE FROM users WHERE login = $1', [write.login]);
    await endSessions(db, write.login);
  }
  return null;
}

async function endSessions(db: Connection, login: string): Promise<void> {
  await db.query('DELETE FROM sessions WHERE login = $1', [login]);
  await tell(db, login);
}

async function tell(db: Connection, whose: string): Promise<void> {
  await db.query('INSERT INTO access_changes (whose) VALUES ($1)', [whose]);
  await db.query('DELETE FROM access_changes WHERE seq <= (SELECT max(seq) FROM access_changes) - $1', [changesKept]);
}
