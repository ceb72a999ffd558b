import { createHash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { type Role, roles } from '../domain/access/access.ts';
import { hashPassword } from '../runtime/password.ts';
import { passwordProblem } from '../runtime/password-rules.ts';
import { scopeOption } from './access.ts';
import { CommandError, type CommonOptions, print, UsageError } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay user add`: creates a user, or sets a new password and role. */
export async function addUser(
  login: string,
  options: CommonOptions & {
    readonly role: string;
    readonly manager?: string;
    readonly scope?: string;
    readonly passwordStdin?: boolean;
  },
): Promise<void> {
  const role = roleOf(options.role);
  const config = configOf(options);
  if (options.manager !== undefined && !config.managers.some((manager) => manager.id === options.manager)) {
    throw new CommandError(`--manager: no manager "${options.manager}" in the configuration`);
  }
  const password = await readPassword(options.passwordStdin === true);
  const problem = passwordProblem(password, login);
  if (problem !== null) throw new CommandError(`the password ${problem}`);
  const manager = options.manager ?? config.managers.find((one) => one.user === login)?.id ?? null;
  const passwordHash = await hashPassword(password);
  const scope = options.scope === undefined ? undefined : scopeOption(options.scope);
  await withStore(config, async (store) => {
    // Setting a new password must not widen what the user may see.
    const kept = (await store.read.user(login))?.scope ?? null;
    const user = { login, role, manager, scope: scope === undefined ? kept : scope, passwordHash };
    await store.apply([{ op: 'put-user', user }]);
  });
  print(options, { login, role, manager }, [
    `${login} can log in as ${role}${manager === null ? '' : `, manager ${manager}`}`,
  ]);
}

/** `patchbay token add`: creates a token for a program and prints it. It can't be shown again. */
export async function addToken(name: string, options: CommonOptions & { readonly role: string }): Promise<void> {
  const role = roleOf(options.role);
  const token = `pb_${randomBytes(24).toString('base64url')}`;
  const tokenHash = createHash('sha256').update(token).digest('hex');
  await withStore(configOf(options), (store) =>
    store.apply([{ op: 'put-token', token: { name, role, tokenHash, createdAt: Date.now() } }]),
  );
  print(options, { name, role, token }, [token]);
}

function roleOf(text: string): Role {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new UsageError(`--role: expected one of ${roles.join(', ')}, got "${text}"`);
  return role;
}

async function readPassword(fromStdin: boolean): Promise<string> {
  if (!fromStdin && !process.stdin.isTTY)
    throw new CommandError('no terminal to ask for the password; pass it with --password-stdin');
  const lines = createInterface({
    input: process.stdin,
    output: fromStdin ? undefined : process.stderr,
    terminal: false,
  });
  try {
    if (!fromStdin) process.stderr.write('Password: ');
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
