/** What a user or token may do. `integration` is a program: all of the REST API but users and settings. */
export type Role = 'operator' | 'supervisor' | 'admin' | 'integration';

/** The roles, in the order people choose from. */
export const roles: readonly Role[] = ['operator', 'supervisor', 'admin', 'integration'];

/** Somebody who logs in with a password. */
export interface User {
  readonly login: string;
  readonly role: Role;
  /** The manager this user is, or null (an administrator need not be one). */
  readonly manager: string | null;
  /** scrypt, with its parameters and salt inside. */
  readonly passwordHash: string;
}

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
}
