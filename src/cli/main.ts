import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { programVersion } from '../runtime/program-version.ts';
import { type CommonOptions, UsageError } from './command.ts';
import { printPbxConfig } from './pbx-config-command.ts';

// Each command's module is loaded on demand: loading all of them takes longer than most commands.

/** Describes an error for the user of the command line. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port, path } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `${address}:${port} is already in use by another program or another Patchbay; stop it, or configure another port`;
  if (code === 'EADDRNOTAVAIL')
    return `${address} is not an address of this machine: set the host to 127.0.0.1 or 0.0.0.0`;
  if (code === 'EACCES' && port !== undefined)
    return `this user may not listen on ${address}:${port}: configure a port from 1024 up`;
  if (code === 'ECONNREFUSED')
    return `connection to ${address}:${port} refused; check that the database runs and store.url is correct`;
  if (code === 'ENOTFOUND') return `host ${(error as { hostname?: string }).hostname} not found`;
  if (code === 'ENOENT' && path !== undefined) return `${path}: no such file or directory`;
  return error.message;
}

const program = new Command('patchbay')
  .description('A telephony and communications gateway for sales departments')
  .version(programVersion())
  .option('--config <file>', 'configuration file; can also follow the command')
  .option('--json', 'output for programs; can also follow the command')
  .exitOverride();
// Both options mean the same before and after the command.
program.hook('preAction', (_program, action) => {
  for (const [name, value] of Object.entries(program.opts<CommonOptions>()))
    if (action.getOptionValue(name) === undefined) action.setOptionValue(name, value);
});

/** Adds a command with the options that all commands have. */
function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--config <file>', 'configuration file (default: PATCHBAY_CONFIG, else config/patchbay.yaml)')
    .option('--json', 'output for programs');
}

command(program, 'start', 'run the gateway').action(async (options) => (await import('./start.ts')).start(options));
command(program, 'demo', 'run a simulated office with calls, managers and a CRM')
  .option('--speed <n>', 'multiple of real time', '10')
  .option('--port <n>', 'port of the web page', '8080')
  .option('--crm <kind>', 'webhook, or bitrix24 for a scripted portal', 'webhook')
  .action(async (options) => (await import('./demo/demo.ts')).demo(options));
command(program, 'check', 'check the configuration').action(async (options) =>
  (await import('./configuration.ts')).check(options),
);
command(program, 'schema', "print the configuration's JSON Schema, for editors (config/patchbay.schema.json)").action(
  async () => (await import('./configuration.ts')).printSchema(),
);
command(program, 'doctor', 'find problems that keep the gateway from working').action(async (options) =>
  (await import('./doctor/doctor.ts')).doctor(options),
);
command(program, 'migrate', 'update the database schema of the store')
  .option('--plan', 'print the pending migrations without running them')
  .option('--contract', 'PostgreSQL: also remove what only older versions need; run it when none of them is running')
  .action(async (options) => (await import('./migrate.ts')).migrate(options));
command(program, 'move-store', 'copy an SQLite store to PostgreSQL and verify it; continues an interrupted run')
  .requiredOption('--from <url>', 'sqlite:PATH; the gateway must be stopped')
  .requiredOption('--to <url>', 'postgres://…, an empty database')
  .action(async (options) => (await import('./move-store.ts')).move(options));
command(program, 'backup <directory>', 'back up the SQLite database; works while the gateway runs').action(
  async (directory, options) => (await import('./backup.ts')).backUp(directory, options),
);

command(program, 'repair', 'salvage a damaged SQLite database; the gateway must be stopped').action(async (options) =>
  (await import('./repair.ts')).repair(options),
);

const user = program.command('user').description('manage users');
command(user, 'add <login>', 'create a user, or set a new password')
  .requiredOption('--role <role>', 'operator, supervisor, admin or integration')
  .option('--manager <id>', 'id of the manager who this user is')
  .option('--scope <scope>', 'whose contacts the user sees: own, department or company')
  .option('--password-stdin', 'read the password from standard input')
  .action(async (login, options) => (await import('./people.ts')).addUser(login, options));

const access = () => import('./access.ts');
command(user, 'list', 'list users').action(async (options) => (await access()).listUsers(options));
command(user, 'set <login>', "change a user's role, manager or scope")
  .option('--role <role>', 'operator, supervisor, admin or integration')
  .option('--manager <id>', 'id of the manager who this user is, or none')
  .option('--scope <scope>', 'own, department, company, or role (the configured scope of the role)')
  .action(async (login, options) => (await access()).setUser(login, options));
command(user, 'disable <login>', 'block a user immediately').action(async (login, options) =>
  (await access()).disableUser(login, true, options),
);
command(user, 'enable <login>', 'unblock a user').action(async (login, options) =>
  (await access()).disableUser(login, false, options),
);
command(user, 'remove <login>', 'remove a user immediately').action(async (login, options) =>
  (await access()).removeUser(login, options),
);
command(user, 'logout <login>', 'end all sessions of a user').action(async (login, options) =>
  (await access()).logOut(login, options),
);

const session = program.command('session').description('manage sessions of logged-in browsers');
command(session, 'list', 'list sessions').action(async (options) => (await access()).listSessions(options));
command(session, 'end <id>', 'end a session').action(async (id, options) => (await access()).endSession(id, options));
command(program, 'audit', 'print the audit log, newest first')
  .option('--who <login>', 'a login, or token:NAME')
  .option('--subject <id>', 'id of a client, interaction, recording or user')
  .option('--limit <n>', 'number of rows', '50')
  .action(async (options) => (await access()).showAudit(options));

const token = program.command('token').description('manage API tokens for programs');
command(token, 'add <name>', 'create a token and print it; it is never shown again')
  .requiredOption('--role <role>', 'usually integration')
  .action(async (name, options) => (await import('./people.ts')).addToken(name, options));

command(token, 'list', 'list tokens').action(async (options) => (await access()).listTokens(options));
command(token, 'revoke <name>', 'revoke a token immediately').action(async (name, options) =>
  (await access()).revokeToken(name, options),
);

const imports = program.command('import').description('import data');
command(imports, 'clients <file>', 'import clients from NDJSON or CSV').action(async (file, options) =>
  (await import('./directory.ts')).importFile(file, options),
);

command(program, 'explain <phone>', 'show where a call would go, and why')
  .option('--line <line>', 'DID or line id')
  .option('--at <time>', "such as 2026-12-31T10:00 in the company's time zone, or RFC 3339")
  .action(async (phone, options) => (await import('./directory.ts')).explain(phone, options));

const deliveries = program.command('deliveries').description('manage deliveries to CRMs');
command(deliveries, 'list', 'list deliveries, and why any are stuck')
  .option('--state <state>', 'due, parked, done or skipped')
  .option('--limit <n>', 'number of rows', '50')
  .action(async (options) => (await import('./deliveries.ts')).listDeliveries(options));
command(deliveries, 'retry <id>', 'retry a delivery, or with destination:NAME all parked ones').action(
  async (id, options) => (await import('./deliveries.ts')).retryDelivery(id, options),
);

const quarantine = program.command('quarantine').description('manage incoming items that could not be processed');
command(quarantine, 'list', 'list items in quarantine, and why they are there')
  .option('--limit <n>', 'number of rows', '50')
  .action(async (options) => (await import('./quarantine.ts')).listQuarantine(options));
command(quarantine, 'show <id>', 'show an item with its content').action(async (id, options) =>
  (await import('./quarantine.ts')).showQuarantined(id, options),
);
command(quarantine, 'retry <id>', 'make the gateway retry an item, or all').action(async (id, options) =>
  (await import('./quarantine.ts')).retryQuarantined(id, options),
);

const mail = program.command('mail').description('manage mailboxes');
command(mail, 'reconcile', 'compare mailboxes with the store, and import missing letters')
  .option('--mailbox <name...>', 'connections to compare (default: all mailboxes)')
  .option('--since <day>', 'compare letters since this day, such as 2026-12-31 (default: since reading began)')
  .option('--dry-run', 'only report missing letters')
  .option('--subjects', 'show the subjects of missing letters')
  .action(async (options) => (await import('./mail.ts')).reconcileMail(options));

const crm = program.command('crm').description('manage CRMs');
command(crm, 'connect <name>', 'show how to connect a destination, wait for it, and check everything it will use')
  .option('--wait <minutes>', 'how long to wait for the installation', '10')
  .action(async (name, options) => (await import('./crm.ts')).connectCrm(name, options));
command(crm, 'compare <name>', 'compare what a destination holds with what it should hold, and repair it')
  .option('--from <time>', 'first day or time, such as 2026-12-31 (default: yesterday)')
  .option('--to <time>', 'last day, or time (default: yesterday)')
  .option('--repair', 'remove what is doubled there, and deliver again what is missing or different')
  .option('--restore', 'with --repair: also what people have deleted there')
  .action(async (name, options) => (await import('./compare/compare.ts')).compareCrm(name, options));

printPbxConfig(command(program, 'pbx-config', 'print configuration to paste into the PBX'));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    if (error instanceof ConfigError && process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ ok: false, file: error.file, problems: error.problems })}\n`);
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
