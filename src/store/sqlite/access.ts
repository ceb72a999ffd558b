import type { Database, Statement } from 'better-sqlite3';
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

/** Writes of one row that touch no interaction: who may come in, what was done, connectors' places, who listened. */
export class AccessTable {
  readonly #db: Database;
  readonly #audit: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#audit = db.prepare(
      `INSERT OR IGNORE INTO audit (${auditColumns.join(', ')}) VALUES (${auditColumns.map(() => '?').join(', ')})`,
    );
  }

  /** Carries one out; answers why it is refused, or null. */
  write(write: AccessWrite, now: number): Refusal | null {
    switch (write.op) {
      case 'put-user':
        // A new password ends what was opened with the old one.
        this.#putUser(write.user);
        return null;
      case 'change-user':
      case 'remove-user':
        return this.#changeUser(write);
      case 'put-token': {
        const { tokenHash, name, role, createdAt } = write.token;
        this.#run('INSERT OR REPLACE INTO tokens (hash, name, role, created_at) VALUES (?, ?, ?, ?)', [
          tokenHash,
          name,
          role,
          createdAt,
        ]);
        this.#tell(`token:${name}`);
        return null;
      }
      case 'remove-token':
        if (this.#run('DELETE FROM tokens WHERE name = ?', [write.name]) === 0)
          return refuse('not_found', `no token ${write.name}`);
        this.#tell(`token:${write.name}`);
        return null;
      case 'open-session': {
        const { tokenHash, login, expiresAt, createdAt = 0, agent = null } = write.session;
        this.#run('DELETE FROM sessions WHERE expires_at < ?', [now]);
        this.#run(
          'INSERT OR REPLACE INTO sessions (hash, login, expires_at, created_at, agent) VALUES (?, ?, ?, ?, ?)',
          [tokenHash, login, expiresAt, createdAt, agent],
        );
        return null;
      }
      case 'close-session':
        this.#run('DELETE FROM sessions WHERE hash = ?', [write.tokenHash]);
        this.#tell(write.tokenHash);
        return null;
      case 'close-sessions':
        this.#endSessions(write.login);
        return null;
      case 'login-failed':
        this.#run('DELETE FROM login_failures WHERE at NOT BETWEEN ? AND ?', [now - failuresKept, now + failuresKept]);
        this.#run(
          `INSERT INTO login_failures (key, failures, at) SELECT value, 1, ? FROM json_each(?) WHERE true
           ON CONFLICT (key) DO UPDATE SET failures = failures + 1, at = excluded.at`,
          [write.at, JSON.stringify(write.keys)],
        );
        return null;
      case 'login-forgiven':
        this.#run('DELETE FROM login_failures WHERE key IN (SELECT value FROM json_each(?))', [
          JSON.stringify(write.keys),
        ]);
        return null;
      case 'audit':
        this.#audit.run(auditColumns.map((column) => write.entry[column]));
        return null;
      case 'forget-audit':
        this.#run('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < ? ORDER BY id LIMIT ?)', [
          lowestId(write.before),
          write.limit,
        ]);
        return null;
      case 'cursor':
        this.#run('INSERT OR REPLACE INTO cursors (connection, name, value) VALUES (?, ?, ?)', [
          write.connection,
          write.name,
          write.value,
        ]);
        return null;
      case 'blobs-removed':
        this.#run('DELETE FROM loose_blobs WHERE blob IN (SELECT value FROM json_each(?))', [
          JSON.stringify(write.blobs),
        ]);
        return null;
      case 'recording-heard':
        this.#run('INSERT INTO recordings_heard (recording, by, at) VALUES (?, ?, ?)', [
          write.recording,
          write.by,
          write.at,
        ]);
        return null;
    }
  }

  #putUser(user: NewUser): void {
    this.#run(
      'INSERT OR REPLACE INTO users (login, role, manager, scope, disabled, password_hash) VALUES (?, ?, ?, ?, ?, ?)',
      userColumns(user),
    );
    this.#endSessions(user.login);
  }

  #changeUser(write: Extract<AccessWrite, { op: 'change-user' | 'remove-user' }>): Refusal | null {
    const users = (this.#db.prepare(selectUsers).all() as UserRow[]).map(userOf);
    const before = users.find(({ login }) => login === write.login);
    if (before === undefined) return refuse('not_found', `no user ${write.login}`);
    const after = write.op === 'remove-user' ? null : changedUser(before, write);
    if (isLastAdmin(users, write.login, after)) return refuse('conflict', lastAdmin);
    if (after !== null) this.#putUser(after);
    else {
      this.#run('DELETE FROM users WHERE login = ?', [write.login]);
      this.#endSessions(write.login);
    }
    return null;
  }

  #endSessions(login: string): void {
    this.#run('DELETE FROM sessions WHERE login = ?', [login]);
    this.#tell(login);
  }

  #tell(whose: string): void {
    this.#run('INSERT INTO access_changes (whose) VALUES (?)', [whose]);
    this.#run('DELETE FROM access_changes WHERE seq <= (SELECT max(seq) FROM access_changes) - ?', [changesKept]);
  }

  #run(sql: string, values: readonly unknown[]): number {
    return this.#db.prepare(sql).run(...values).changes;
  }
}
