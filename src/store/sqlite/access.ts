import type { Database } from 'better-sqlite3';
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
