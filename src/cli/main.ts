import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { programVersion } from '../runtime/program-version.ts';
import { type CommonOptions, UsageError } from './command.ts';
import { printPbxConfig } from './pbx-config-command.ts';

// Each command's module is loaded when the command is given: all of them together take longer than most commands.

/** An error in words for who typed the command. */
function plainly(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port, path } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `${address}:${port} is taken by another program, or Patchbay runs already; stop that one, or set another port`;
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine: put 127.0.0.1 or 0.0.0.0 as the host`;
  if (code === 'EACCES' && port !== undefined)
    return `${address}:${port} may not be listened on by this user: take a port from 1024 up`;
  if (code === 'ECONNREFUSED')
    return `nothing answers at ${address}:${port}; does the database run, and is store.url right?`;
  if (code === 'ENOTFOUND') return `there is no host of the name ${(error as { hostname?: string }).hostname}`;
  if (code === 'ENOENT' && path !== undefined) return `there is no file ${path}`;
  return error.message;
}

const program = new Command('patchbay')
  .description('A telephony and communications gateway for sales departments')
  .version(programVersion())
  .option('--config <file>', 'also before the command')
  .option('--json', 'also before the command')
  .exitOverride();
// Where people write the two before the command, they mean the same.
program.hook('preAction', (_program, action) => {
  for (const [name, value] of Object.entries(program.opts<CommonOptions>()))
    if (action.getOptionValue(name) === undefined) action.setOptionValue(name, value);
});

/** A command with what all have: where the configuration lies, and output for programs. */
function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--config <file>', 'configuration; else PATCHBAY_CONFIG, else config/patchbay.yaml')
    .option('--json', 'output for programs');
}

command(program, 'start', 'run the gateway').action(async (options) => (await import('./start.ts')).start(options));
command(program, 'demo', 'run a simulated office: calls, managers, a CRM')
  .option('--speed <n>', 'how many times faster than life', '10')
  .option('--port <n>', 'of the page', '8080')
  .action(async (options) => (await import('./demo/demo.ts')).demo(options));
command(program, 'check', 'check the configuration').action(async (options) =>
  (await import('./configuration.ts')).check(options),
);
command(program, 'schema', "print the configuration's JSON Schema, for editors (config/patchbay.schema.json)").action(
  async () => (await import('./configuration.ts')).printSchema(),
);
command(program, 'doctor', 'look for what keeps the gateway from working').action(async (options) =>
  (await import('./doctor/doctor.ts')).doctor(options),
);
command(program, 'migrate', "bring the store's schema up to date")
  .option('--plan', 'print what would be done, and do nothing')
  .option('--contract', 'PostgreSQL: also take away what only older versions need, once none of them runs')
  .action(async (options) => (await import('./migrate.ts')).migrate(options));
command(program, 'move-store', 'copy a SQLite store into PostgreSQL and compare; go on where an earlier run stopped')
  .requiredOption('--from <url>', 'sqlite:PATH, with the gateway stopped')
  .requiredOption('--to <url>', 'postgres://…, an empty database')
  .action(async (options) => (await import('./move-store.ts')).move(options));
command(program, 'backup <directory>', 'copy the SQLite database, also while the gateway runs').action(
  async (directory, options) => (await import('./backup.ts')).backUp(directory, options),
);

command(program, 'repair', 'salvage a damaged SQLite database into a new file, with the gateway stopped').action(
  async (options) => (await import('./repair.ts')).repair(options),
);

const user = program.command('user').description('people who log in');
command(user, 'add <login>', 'make a user, or give one a new password')
  .requiredOption('--role <role>', 'operator, supervisor, admin or integration')
  .option('--manager <id>', 'which manager this user is')
  .option('--scope <scope>', 'what the user sees: own, department or company')
  .option('--password-stdin', 'read the password from standard input')
  .action(async (login, options) => (await import('./people.ts')).addUser(login, options));

const access = () => import('./access.ts');
command(user, 'list', 'who may log in').action(async (options) => (await access()).listUsers(options));
command(user, 'set <login>', 'give a user another role, manager or scope')
  .option('--role <role>', 'operator, supervisor, admin or integration')
  .option('--manager <id>', 'which manager this user is, or none')
  .option('--scope <scope>', 'own, department, company, or role (what the configuration says)')
  .action(async (login, options) => (await access()).setUser(login, options));
command(user, 'disable <login>', 'let a user in no more, at once').action(async (login, options) =>
  (await access()).disableUser(login, true, options),
);
command(user, 'enable <login>', 'let a disabled user in again').action(async (login, options) =>
  (await access()).disableUser(login, false, options),
);
command(user, 'remove <login>', 'remove a user, at once').action(async (login, options) =>
  (await access()).removeUser(login, options),
);
command(user, 'logout <login>', 'end all sessions of a user').action(async (login, options) =>
  (await access()).logOut(login, options),
);

const session = program.command('session').description('browsers that are logged in');
command(session, 'list', 'who is logged in').action(async (options) => (await access()).listSessions(options));
command(session, 'end <id>', 'end one of them').action(async (id, options) => (await access()).endSession(id, options));
command(program, 'audit', 'who read, changed and deleted what, newest first')
  .option('--who <login>', 'a login, or token:NAME')
  .option('--subject <id>', 'id of a client, interaction, recording or user')
  .option('--limit <n>', 'rows', '50')
  .action(async (options) => (await access()).showAudit(options));

const token = program.command('token').description('tokens for programs');
command(token, 'add <name>', 'make a token and print it, once')
  .requiredOption('--role <role>', 'usually integration')
  .action(async (name, options) => (await import('./people.ts')).addToken(name, options));

command(token, 'list', 'which programs have one').action(async (options) => (await access()).listTokens(options));
command(token, 'revoke <name>', 'take a token back, at once').action(async (name, options) =>
  (await access()).revokeToken(name, options),
);

const imports = program.command('import').description('take data in');
command(imports, 'clients <file>', 'NDJSON or CSV of clients').action(async (file, options) =>
  (await import('./directory.ts')).importFile(file, options),
);

command(program, 'explain <phone>', 'where a call would go, and why')
  .option('--line <line>', 'DID or line id')
  .option('--at <time>', 'like 2026-12-31T10:00, in the company’s zone, or RFC 3339')
  .action(async (phone, options) => (await import('./directory.ts')).explain(phone, options));

const deliveries = program.command('deliveries').description('what CRMs are owed');
command(deliveries, 'list', 'what is owed and what is stuck')
  .option('--state <state>', 'due, parked or done')
  .option('--limit <n>', 'rows', '50')
  .action(async (options) => (await import('./deliveries.ts')).listDeliveries(options));
command(deliveries, 'retry <id>', 'make one row (or destination:NAME) due now').action(async (id, options) =>
  (await import('./deliveries.ts')).retryDelivery(id, options),
);

const quarantine = program.command('quarantine').description('what came in and could not be taken');
command(quarantine, 'list', 'what is in quarantine and why')
  .option('--limit <n>', 'rows', '50')
  .action(async (options) => (await import('./quarantine.ts')).listQuarantine(options));
command(quarantine, 'show <id>', 'one entry with its contents').action(async (id, options) =>
  (await import('./quarantine.ts')).showQuarantined(id, options),
);
command(quarantine, 'retry <id>', 'have the gateway try one entry (or all) again').action(async (id, options) =>
  (await import('./quarantine.ts')).retryQuarantined(id, options),
);

const mail = program.command('mail').description('mailboxes');
command(mail, 'reconcile', 'compare mailboxes with what is held, and take in what is missing')
  .option('--mailbox <name...>', 'connections to compare; else all mailboxes')
  .option('--since <day>', 'letters from this day on, like 2026-12-31; else from where reading began')
  .option('--dry-run', 'only tell what is missing')
  .option('--subjects', 'show the subjects of what is missing')
  .action(async (options) => (await import('./mail.ts')).reconcileMail(options));

printPbxConfig(command(program, 'pbx-config', 'print what to paste into the PBX'));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    if (error instanceof ConfigError && process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ ok: false, file: error.file, problems: error.problems })}\n`);
    process.stderr.write(`${plainly(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
