import type { ApiToken, User } from '../../domain/access/access.ts';
import type { NewSession, NewUser } from '../../domain/ports/access-writes.ts';
import type { AccessTable } from '../../domain/ports/tables.ts';
import { selectUsers, type UserRow, userOf } from './access.ts';
import { places, type Sql } from './sql.ts';

/** How many access changes are kept. Running programs have long since seen older ones. */
const changesKept = 1000;

/** Users, tokens, sessions and access changes, in SQL shared by both stores. */
export class SqlAccessTable implements AccessTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async users(): Promise<readonly User[]> {
    return (await this.#sql.all<UserRow>(selectUsers)).map(userOf);
  }

  async putUser({ login, role, manager, scope, disabled, passwordHash }: NewUser): Promise<void> {
    await this.#sql.run(
      `INSERT INTO users (login, role, manager, scope, disabled, password_hash) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (login)
        DO UPDATE SET role = excluded.role, manager = excluded.manager, scope = excluded.scope,
          disabled = excluded.disabled, password_hash = excluded.password_hash`,
      ...[login, role, manager, scope ?? null, disabled === true ? 1 : 0, passwordHash],
    );
  }

  async removeUser(login: string): Promise<void> {
    await this.#sql.run('DELETE FROM users WHERE login = ?', login);
  }

  async putToken({ tokenHash, name, role, createdAt }: ApiToken): Promise<void> {
    await this.#sql.run('DELETE FROM tokens WHERE hash = ? OR name = ?', tokenHash, name);
    const sql = 'INSERT INTO tokens (hash, name, role, created_at) VALUES (?, ?, ?, ?)';
    await this.#sql.run(sql, tokenHash, name, role, createdAt);
  }

  async removeToken(name: string): Promise<boolean> {
    return (await this.#sql.run('DELETE FROM tokens WHERE name = ?', name)) > 0;
  }

  async putSession({ tokenHash, login, expiresAt, createdAt = 0, agent = null }: NewSession): Promise<void> {
    await this.#sql.run(
      `INSERT INTO sessions (hash, login, expires_at, created_at, agent) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET login = excluded.login, expires_at = excluded.expires_at`,
      ...[tokenHash, login, expiresAt, createdAt, agent],
    );
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.#sql.run('DELETE FROM sessions WHERE hash = ?', tokenHash);
  }

  async removeSessionsOf(login: string): Promise<void> {
    await this.#sql.run('DELETE FROM sessions WHERE login = ?', login);
  }

  async dropSessions(before: number): Promise<void> {
    await this.#sql.run('DELETE FROM sessions WHERE expires_at < ?', before);
  }

  async announce(whose: string): Promise<void> {
    await this.#sql.run('INSERT INTO access_changes (whose) VALUES (?)', whose);
    await this.#sql.run(
      `DELETE FROM access_changes WHERE seq <= (SELECT max(seq) FROM access_changes) - ${changesKept}`,
    );
  }

  async addLoginFailure(keys: readonly string[], at: number): Promise<void> {
    // Always in the same order, so that two instances cannot deadlock.
    for (const key of [...keys].sort()) {
      await this.#sql.run(
        `INSERT INTO login_failures (key, failures, at) VALUES (?, 1, ?)
          ON CONFLICT (key) DO UPDATE SET failures = login_failures.failures + 1, at = excluded.at`,
        ...[key, at],
      );
    }
  }

  async removeLoginFailures(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#sql.run(`DELETE FROM login_failures WHERE key IN (${places(keys)})`, ...keys);
  }

  async dropLoginFailures(from: number, until: number): Promise<void> {
    await this.#sql.run('DELETE FROM login_failures WHERE at NOT BETWEEN ? AND ?', from, until);
  }
}
