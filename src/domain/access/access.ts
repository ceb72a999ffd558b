/** What a user or token may do. `integration` is a program: all of the REST API except users and settings. */
export type Role = 'operator' | 'supervisor' | 'admin' | 'integration';

/** The roles, in the order people choose from. */
export const roles: readonly Role[] = ['operator', 'supervisor', 'admin', 'integration'];

/** Which contacts and clients a user sees: their own, the department's, or all. See `view.ts`. */
export type Scope = 'own' | 'department' | 'company';

/** The scopes, from the narrowest to the widest. */
export const scopes: readonly Scope[] = ['own', 'department', 'company'];

/** A person who logs in with a password. */
export interface User {
  readonly login: string;
  readonly role: Role;
  /** The manager this user is, or null (an administrator need not be one). */
  readonly manager: string | null;
  /** Null: what the configuration says for the role (`access.scopes`). Administrators and programs always see everything. */
  readonly scope: Scope | null;
  /** A disabled user cannot log in. Existing notes keep their name. */
  readonly disabled: boolean;
  /** A scrypt hash that contains its parameters and salt. */
  readonly passwordHash: string;
}

/** What an administrator changes about a user; an absent key leaves it as it is. */
export type UserChange = Partial<Pick<User, 'role' | 'manager' | 'scope' | 'disabled'>>;

/** A program's bearer token; only its SHA-256 is kept. */
export interface ApiToken {
  readonly name: string;
  readonly role: Role;
  readonly tokenHash: string;
  readonly createdAt: number;
}

/** A browser's session; only the SHA-256 of its cookie is kept. */
export interface Session {
  readonly tokenHash: string;
  readonly login: string;
  readonly expiresAt: number;
  /** When the user logged in, milliseconds since the epoch. 0 for sessions of versions that did not record it. */
  readonly createdAt: number;
  /** The `User-Agent` of the browser, truncated. */
  readonly agent: string | null;
}

/** The id of a session for administrators: a prefix of its hash, which does not grant access. */
export function sessionId({ tokenHash }: Pick<Session, 'tokenHash'>): string {
  return tokenHash.slice(0, 24);
}

/** The scopes of roles, for users without a scope of their own. */
export type DefaultScopes = Readonly<Record<'operator' | 'supervisor', Scope>>;

/** The scope that applies: the user's own, else the manager's in the configuration, else the role's. Only operators and supervisors can be narrowed. */
export function scopeOf(
  { role, scope }: Pick<User, 'role' | 'scope'>,
  manager: { readonly scope?: Scope } | undefined,
  defaults: DefaultScopes,
): Scope {
  return role === 'operator' || role === 'supervisor' ? (scope ?? manager?.scope ?? defaults[role]) : 'company';
}

/** The configuration's `access`. */
export interface AccessSettings {
  readonly scopes: DefaultScopes;
  /** Different clients and contacts that one user may read within an hour: above `alarm` raises an alarm, above `limit` is refused. */
  readonly reads: { readonly alarm: number; readonly limit: number };
  /** Which recordings operators may hear: those of their own calls, or of all calls that they see. */
  readonly recordings: 'own' | 'scope';
  /** Months that the audit log is kept. */
  readonly auditMonths: number;
}
