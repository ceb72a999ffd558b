import type { Row } from './store/values.ts';

/** What a user may do with an object. */
export type Right = 'none' | 'read' | 'write';

/** A user of the infobase who may log in over HTTP. */
export interface OnecUser {
  readonly name: string;
  readonly password: string;
  /** By entity set; `*` for all others. Default: everything may be written. */
  readonly rights?: Readonly<Record<string, Right>>;
  /** Rows that restrictions at record level hide from the user. */
  readonly hides?: (set: string, row: Row) => boolean;
}

/** The user of an `Authorization: Basic` header; null if name or password are wrong. */
export function userOf(users: readonly OnecUser[], header: string | undefined): OnecUser | null {
  const [, credentials = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return users.find((user) => user.name === name && user.password === password) ?? null;
}

/** Whether a user may read or write a set. */
export function may({ rights }: OnecUser, wanted: 'read' | 'write', set: string): boolean {
  const right = rights?.[set] ?? rights?.['*'] ?? 'write';
  return right === 'write' || right === wanted;
}
