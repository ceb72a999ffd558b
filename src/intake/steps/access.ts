import { changedUser, isLastAdmin, lastAdmin } from '../../domain/access/access-rules.ts';
import { failuresKept } from '../../domain/access/login-failures.ts';
import type { AccessWrite, NewUser } from '../../domain/ports/access-writes.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { AccessTable } from '../../domain/ports/tables.ts';
import type { Work } from './work.ts';

/** Carries out changes of users, tokens, sessions and login failures. */
export async function changeAccess({ tables: { access }, now }: Work, write: AccessWrite): Promise<Outcome> {
  switch (write.op) {
    case 'put-user':
      await putUser(access, write.user);
      return [];
    case 'change-user':
    case 'remove-user':
      return changeUser(access, write);
    case 'put-token':
      await access.putToken(write.token);
      await access.announce(`token:${write.token.name}`);
      return [];
    case 'remove-token':
      if (!(await access.removeToken(write.name))) return refuse('not_found', `no token ${write.name}`);
      await access.announce(`token:${write.name}`);
      return [];
    case 'open-session':
      await access.dropSessions(now);
      await access.putSession(write.session);
      return [];
    case 'close-session':
      await access.removeSession(write.tokenHash);
      await access.announce(write.tokenHash);
      return [];
    case 'close-sessions':
      await endSessions(access, write.login);
      return [];
    case 'login-failed':
      await access.dropLoginFailures(now - failuresKept, now + failuresKept);
      await access.addLoginFailure(write.keys, write.at);
      return [];
    case 'login-forgiven':
      await access.removeLoginFailures(write.keys);
      return [];
  }
}

async function changeUser(
  access: AccessTable,
  write: Extract<AccessWrite, { op: 'change-user' | 'remove-user' }>,
): Promise<Outcome> {
  const users = await access.users();
  const before = users.find(({ login }) => login === write.login);
  if (before === undefined) return refuse('not_found', `no user ${write.login}`);
  const after = write.op === 'remove-user' ? null : changedUser(before, write);
  if (isLastAdmin(users, write.login, after)) return refuse('conflict', lastAdmin);
  if (after !== null) {
    await putUser(access, after);
    return [];
  }
  await access.removeUser(write.login);
  await endSessions(access, write.login);
  return [];
}

/** Stores a user. A new password ends the sessions opened with the old one. */
async function putUser(access: AccessTable, user: NewUser): Promise<void> {
  await access.putUser(user);
  await endSessions(access, user.login);
}

async function endSessions(access: AccessTable, login: string): Promise<void> {
  await access.removeSessionsOf(login);
  await access.announce(login);
}
