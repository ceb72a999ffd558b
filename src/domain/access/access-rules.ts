import type { Write } from '../ports/writes.ts';
import type { User } from './access.ts';

/** The user after a change. */
export function changedUser(before: User, { change }: Extract<Write, { op: 'change-user' }>): User {
  return { ...before, ...change };
}

/** Whether no administrator would be left. */
export function isLastAdmin(users: readonly User[], login: string, after: User | null): boolean {
  const able = (user: User) => user.role === 'admin' && !user.disabled;
  const before = users.filter(able);
  return before.length === 1 && before[0]?.login === login && (after === null || !able(after));
}

/** The refusal to remove, disable or demote the last administrator. */
export const lastAdmin = 'this is the last administrator who can log in: make another one first';
