import type { ApiToken, Session, User } from '../../domain/access/access.ts';
import type { AuditEntry, AuditQuery } from '../../domain/access/audit.ts';
import type { LoginFailures } from '../../domain/access/login-failures.ts';
import type { Quarantined } from '../../domain/interaction/quarantine.ts';
import type { Page, PageQuery } from '../../domain/ports/queries.ts';
import type { AccessChanges, AccessReader, QuarantineReader } from '../../domain/ports/readers.ts';
import { selectAudit, selectSessions, selectTokens, selectUsers, type UserRow, userOf } from './access.ts';
import { pageOf } from './paging.ts';
import { type QuarantineRow, quarantinedOf, quarantinePage, selectQuarantine } from './quarantine.ts';

/** Queries for administration (users, tokens, sessions, audit log, quarantine), in SQL shared by both stores. */
export abstract class AdministrationReader implements AccessReader, QuarantineReader {
  /** Runs a statement with `?` placeholders and returns its rows. */
  protected abstract rows<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]>;
  /** Like `rows`, for statements that may read many rows. */
  protected abstract listed<T extends object>(sql: string, ...values: readonly unknown[]): Promise<readonly T[]>;
  /** The first row of a statement, or undefined. */
  protected async row<T extends object>(sql: string, ...values: readonly unknown[]): Promise<T | undefined> {
    return (await this.rows<T>(sql, ...values))[0];
  }

  async user(login: string): Promise<User | null> {
    const row = await this.row<UserRow>(`${selectUsers} WHERE login = ?`, login);
    return row === undefined ? null : userOf(row);
  }

  async users(): Promise<readonly User[]> {
    return (await this.rows<UserRow>(`${selectUsers} ORDER BY login`)).map(userOf);
  }

  async userCount(): Promise<number> {
    return (await this.row<{ n: number }>('SELECT count(*) AS n FROM users'))?.n ?? 0;
  }

  async token(tokenHash: string): Promise<ApiToken | null> {
    return (await this.row<ApiToken>(`${selectTokens} WHERE hash = ?`, tokenHash)) ?? null;
  }

  tokens(): Promise<readonly ApiToken[]> {
    return this.rows<ApiToken>(`${selectTokens} ORDER BY name`);
  }

  async session(tokenHash: string): Promise<Session | null> {
    return (await this.row<Session>(`${selectSessions} WHERE hash = ?`, tokenHash)) ?? null;
  }

  sessions(now: number): Promise<readonly Session[]> {
    return this.rows<Session>(`${selectSessions} WHERE expires_at > ? ORDER BY created_at DESC, hash`, now);
  }

  async accessChanges(after: number): Promise<AccessChanges> {
    const sql = 'SELECT seq, whose FROM access_changes WHERE seq > ? ORDER BY seq';
    const rows = await this.rows<{ seq: number; whose: string }>(sql, after);
    return { seq: rows.at(-1)?.seq ?? after, whose: rows.map(({ whose }) => whose) };
  }

  loginFailures(keys: readonly string[]): Promise<readonly LoginFailures[]> {
    const places = keys.map(() => '?').join(', ');
    return this.rows<LoginFailures>(`SELECT key, failures, at FROM login_failures WHERE key IN (${places})`, ...keys);
  }

  async audit(query: AuditQuery): Promise<Page<AuditEntry>> {
    const { sql, values } = selectAudit(query);
    return pageOf(await this.listed<AuditEntry>(sql, ...values), query.limit, (last) => [last.id]);
  }

  async quarantine(query: PageQuery): Promise<Page<Quarantined>> {
    const { sql, values } = selectQuarantine(query);
    return quarantinePage(query, await this.listed<QuarantineRow>(sql, ...values));
  }

  async quarantined(id: string): Promise<Quarantined | null> {
    const row = await this.row<QuarantineRow>('SELECT * FROM quarantine WHERE id = ?', id);
    return row === undefined ? null : quarantinedOf(row);
  }

  async quarantineDue(version: string, limit: number): Promise<readonly Quarantined[]> {
    const sql = 'SELECT * FROM quarantine WHERE version <> ? ORDER BY id LIMIT ?';
    return (await this.listed<QuarantineRow>(sql, version, limit)).map(quarantinedOf);
  }

  async quarantineCounts() {
    const sql = 'SELECT connection, count(*) AS count, min(at) AS since FROM quarantine GROUP BY connection';
    const rows = await this.listed<{ connection: string; count: number | string; since: number | string }>(sql);
    return rows.map(({ connection, count, since }) => ({ connection, count: Number(count), since: Number(since) }));
  }
}
