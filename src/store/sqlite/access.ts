import type { Database } from 'better-sqlite3';
import type { ApiToken, Session, User } from '../../domain/access.ts';
import type { Write } from '../../domain/writes.ts';

type PlainWrite = Extract<
  Write,
  { op: 'put-user' | 'put-token' | 'open-session' | 'close-session' | 'cursor' | 'recording-heard' | 'blobs-removed' }
>;

/** Writes of one row that touch no interaction: who may come in, connectors' places, who listened. */
export class AccessTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  write(write: PlainWrite, now: number): void {
    switch (write.op) {
      case 'put-user': {
        const { login, role, manager, passwordHash } = write.user;
        this.#db
          .prepare('INSERT OR REPLACE INTO users (login, role, manager, password_hash) VALUES (?, ?, ?, ?)')
          .run(login, role, manager, passwordHash);
        // A new password ends what was opened with the old one.
        this.#db.prepare('DELETE FROM sessions WHERE login = ?').run(login);
        return;
      }
      case 'put-token': {
        const { tokenHash, name, role, createdAt } = write.token;
        this.#db
          .prepare('INSERT OR REPLACE INTO tokens (hash, name, role, created_at) VALUES (?, ?, ?, ?)')
          .run(tokenHash, name, role, createdAt);
        return;
      }
      case 'open-session': {
        const { tokenHash, login, expiresAt } = write.session;
        this.#db.prepare('DELETE FROM sessions WHERE expires_at < ?').run(now);
        this.#db
          .prepare('INSERT OR REPLACE INTO sessions (hash, login, expires_at) VALUES (?, ?, ?)')
          .run(tokenHash, login, expiresAt);
        return;
      }
      case 'close-session':
        this.#db.prepare('DELETE FROM sessions WHERE hash = ?').run(write.tokenHash);
        return;
      case 'cursor':
        this.#db
          .prepare('INSERT OR REPLACE INTO cursors (connection, name, value) VALUES (?, ?, ?)')
          .run(write.connection, write.name, write.value);
        return;
      case 'blobs-removed':
        this.#db
          .prepare('DELETE FROM loose_blobs WHERE blob IN (SELECT value FROM json_each(?))')
          .run(JSON.stringify(write.blobs));
        return;
      case 'recording-heard':
        this.#db
          .prepare('INSERT INTO recordings_heard (recording, by, at) VALUES (?, ?, ?)')
          .run(write.recording, write.by, write.at);
    }
  }
}

/** Questions about who may come in. */
export class AccessReader {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  user(login: string): User | null {
    const row = this.#db
      .prepare('SELECT login, role, manager, password_hash AS passwordHash FROM users WHERE login = ?')
      .get(login) as User | undefined;
    return row ?? null;
  }

  userCount(): number {
    return (this.#db.prepare('SELECT count(*) AS n FROM users').get() as { n: number }).n;
  }

  token(tokenHash: string): ApiToken | null {
    const row = this.#db
      .prepare('SELECT hash AS tokenHash, name, role, created_at AS createdAt FROM tokens WHERE hash = ?')
      .get(tokenHash) as ApiToken | undefined;
    return row ?? null;
  }

  session(tokenHash: string): Session | null {
    const row = this.#db
      .prepare('SELECT hash AS tokenHash, login, expires_at AS expiresAt FROM sessions WHERE hash = ?')
      .get(tokenHash) as Session | undefined;
    return row ?? null;
  }
}
