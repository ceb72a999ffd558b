import type { Write } from '../../domain/writes.ts';
import type { Connection } from './connect.ts';

type PlainWrite = Extract<
  Write,
  { op: 'put-user' | 'put-token' | 'open-session' | 'close-session' | 'cursor' | 'recording-heard' | 'blobs-removed' }
>;

/** Writes of one row that touch no interaction: who may come in, connectors' places, who listened. */
export async function writeAccess(db: Connection, write: PlainWrite, now: number): Promise<void> {
  switch (write.op) {
    case 'put-user': {
      const { login, role, manager, passwordHash } = write.user;
      await db.query(
        `INSERT INTO users (login, role, manager, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (login)
         DO UPDATE SET role = excluded.role, manager = excluded.manager, password_hash = excluded.password_hash`,
        [login, role, manager, passwordHash],
      );
      // A new password ends what was opened with the old one.
      await db.query('DELETE FROM sessions WHERE login = $1', [login]);
      return;
    }
    case 'put-token': {
      const { tokenHash, name, role, createdAt } = write.token;
      await db.query('DELETE FROM tokens WHERE hash = $1 OR name = $2', [tokenHash, name]);
      await db.query('INSERT INTO tokens (hash, name, role, created_at) VALUES ($1, $2, $3, $4)', [
        tokenHash,
        name,
        role,
        createdAt,
      ]);
      return;
    }
    case 'open-session': {
      const { tokenHash, login, expiresAt } = write.session;
      await db.query('DELETE FROM sessions WHERE expires_at < $1', [now]);
      await db.query(
        `INSERT INTO sessions (hash, login, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (hash) DO UPDATE SET login = excluded.login, expires_at = excluded.expires_at`,
        [tokenHash, login, expiresAt],
      );
      return;
    }
    case 'close-session':
      await db.query('DELETE FROM sessions WHERE hash = $1', [write.tokenHash]);
      return;
    case 'cursor':
      await db.query(
        `INSERT INTO cursors (connection, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value`,
        [write.connection, write.name, write.value],
      );
      return;
    case 'blobs-removed':
      await db.query('DELETE FROM loose_blobs WHERE blob = ANY ($1::text[])', [write.blobs]);
      return;
    case 'recording-heard':
      await db.query('INSERT INTO recordings_heard (recording, by, at) VALUES ($1, $2, $3)', [
        write.recording,
        write.by,
        write.at,
      ]);
  }
}
