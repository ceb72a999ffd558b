import { roles, type Scope, scopes, sessionId, type UserChange } from '../domain/access/access.ts';
import type { AuditEntry } from '../domain/access/audit.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write } from '../domain/ports/writes.ts';
import { commandEntry } from './audit-entry.ts';
import { CommandError, type CommonOptions, limitOf, print, UsageError } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay user list`. */
export async function listUsers(options: CommonOptions): Promise<void> {
  await withStore(configOf(options), async ({ read }) => {
    const users = (await read.users()).map(({ login, role, manager, scope, disabled }) => ({
      ...{ login, role, manager, scope, disabled },
    }));
    const line = (one: (typeof users)[number]) =>
      `${one.login}  ${one.role}${one.scope === null ? '' : ` (${one.scope})`}  ${one.manager ?? '-'}${one.disabled ? '  disabled' : ''}`;
    print(options, users, users.map(line));
  });
}

/** `patchbay user set`: changes the role, manager or scope of a user; the password stays. */
export async function setUser(
  login: string,
  options: CommonOptions & { readonly role?: string; readonly manager?: string; readonly scope?: string },
): Promise<void> {
  const role = roles.find((one) => one === options.role);
  if (options.role !== undefined && role === undefined)
    throw new UsageError(`--role: expected one of ${roles.join(', ')}, got "${options.role}"`);
  const config = configOf(options);
  const { manager } = options;
  if (manager !== undefined && manager !== 'none' && !config.managers.some(({ id }) => id === manager))
    throw new CommandError(`--manager: no manager "${manager}" in the configuration`);
  const change: UserChange = {
    ...(role !== undefined && { role }),
    ...(manager !== undefined && { manager: manager === 'none' ? null : manager }),
    ...(options.scope !== undefined && { scope: scopeOption(options.scope) }),
  };
  if (Object.keys(change).length === 0)
    throw new UsageError('nothing to change: expected at least one of --role, --manager, --scope');
  await applyAudited(options, { op: 'change-user', login, change }, 'user set', login);
}

/** Parses a `--scope` option. `role` removes the user's own scope, so that the scope of the role applies. */
export function scopeOption(text: string): Scope | null {
  if (text === 'role') return null;
  const scope = scopes.find((one) => one === text);
  if (scope === undefined) throw new UsageError(`--scope: expected one of ${scopes.join(', ')} or role, got "${text}"`);
  return scope;
}

/** `patchbay user disable` and `user enable`. */
export function disableUser(login: string, disabled: boolean, options: CommonOptions): Promise<void> {
  const what = disabled ? 'user disable' : 'user enable';
  return applyAudited(options, { op: 'change-user', login, change: { disabled } }, what, login);
}

/** `patchbay user remove`. */
export function removeUser(login: string, options: CommonOptions): Promise<void> {
  return applyAudited(options, { op: 'remove-user', login }, 'user remove', login);
}

/** `patchbay user logout`: ends all sessions of a user. */
export function logOut(login: string, options: CommonOptions): Promise<void> {
  return applyAudited(options, { op: 'close-sessions', login }, 'user logout', login);
}

/** `patchbay token list`. */
export async function listTokens(options: CommonOptions): Promise<void> {
  await withStore(configOf(options), async ({ read }) => {
    const tokens = (await read.tokens()).map(({ name, role, createdAt }) => ({
      name,
      role,
      createdAt: timeOf(createdAt),
    }));
    print(
      options,
      tokens,
      tokens.map(({ name, role, createdAt }) => `${name}  ${role}  since ${createdAt}`),
    );
  });
}

/** `patchbay token revoke`. */
export function revokeToken(name: string, options: CommonOptions): Promise<void> {
  return applyAudited(options, { op: 'remove-token', name }, 'token revoke', name);
}

/** `patchbay session list`: lists the sessions of logged-in browsers. */
export async function listSessions(options: CommonOptions): Promise<void> {
  await withStore(configOf(options), async ({ read }) => {
    const sessions = (await read.sessions(Date.now())).map((one) => ({
      id: sessionId(one),
      login: one.login,
      createdAt: one.createdAt === 0 ? null : timeOf(one.createdAt),
      expiresAt: timeOf(one.expiresAt),
      agent: one.agent,
    }));
    const line = (one: (typeof sessions)[number]) =>
      `${one.id}  ${one.login}  since ${one.createdAt ?? 'unknown'}  until ${one.expiresAt}  ${one.agent ?? ''}`;
    print(options, sessions, sessions.map(line));
  });
}

/** `patchbay session end`. */
export async function endSession(id: string, options: CommonOptions): Promise<void> {
  await withStore(configOf(options), async (store) => {
    const session = (await store.read.sessions(Date.now())).find((one) => sessionId(one) === id);
    if (session === undefined) throw new CommandError(`no session ${id}; "patchbay session list" shows all sessions`);
    await write(store, { op: 'close-session', tokenHash: session.tokenHash }, 'session end', session.login);
  });
  print(options, { id }, ['done']);
}

/** `patchbay audit`: prints the audit log, newest entry first. */
export async function showAudit(
  options: CommonOptions & { readonly who?: string; readonly subject?: string; readonly limit: string },
): Promise<void> {
  await withStore(configOf(options), async ({ read }) => {
    const { who, subject } = options;
    const query = { limit: limitOf(options.limit), cursor: null, ...(who && { who }), ...(subject && { subject }) };
    const { items } = await read.audit(query);
    const line = (one: AuditEntry) =>
      [timeOf(one.at), one.who, one.action, one.what, one.subject ?? '', one.address ?? ''].join('  ').trimEnd();
    print(options, items, items.map(line));
  });
}

async function applyAudited(options: CommonOptions, act: Write, what: string, subject: string): Promise<void> {
  await withStore(configOf(options), (store) => write(store, act, what, subject));
  print(options, { [what.split(' ', 1)[0] ?? 'done']: subject }, ['done']);
}

/** Applies a write together with its audit log entry in one batch. */
async function write(store: Pick<Store, 'apply'>, act: Write, what: string, subject: string): Promise<void> {
  const [result] = await store.apply([act, { op: 'audit', entry: commandEntry('administer', what, subject) }]);
  if (result?.ok === false) throw new CommandError(result.message);
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
