import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { editorSchema } from '../config/editor-schema.ts';
import { ConfigError } from '../config/load.ts';
import { backUp } from './backup.ts';
import { type CommonOptions, configOf, moduleSchemas, print, UsageError } from './context.ts';
import { listDeliveries, retryDelivery } from './deliveries.ts';
import { demo } from './demo/demo.ts';
import { explain, importFile } from './directory.ts';
import { doctor } from './doctor/doctor.ts';
import { reconcileMail } from './mail.ts';
import { migrateStore } from './migrate.ts';
import { moveStoreCommand } from './move-store.ts';
import { printPbxConfig } from './pbx-config-command.ts';
import { addToken, addUser } from './people.ts';
import { start } from './start.ts';

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}

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
  .version(packageVersion())
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

command(program, 'start', 'run the gateway').action(start);
command(program, 'demo', 'run a simulated office: calls, managers, a CRM')
  .option('--speed <n>', 'how many times faster than life', '10')
  .option('--port <n>', 'of the page', '8080')
  .action(demo);
command(program, 'check', 'check the configuration').action((options: CommonOptions) => {
  const config = configOf(options);
  const { managers, lines, connectors, destinations } = config;
  const counts = {
    managers: managers.length,
    lines: lines.length,
    connectors: Object.keys(connectors),
    destinations: Object.keys(destinations),
  };
  print(options, { ok: true, ...counts }, [
    `The configuration is right: ${managers.length} managers, ${lines.length} lines, ` +
      `connectors: ${counts.connectors.join(', ') || 'none'}, destinations: ${counts.destinations.join(', ') || 'none'}`,
  ]);
});
command(program, 'schema', "print the configuration's JSON Schema, for editors (config/patchbay.schema.json)").action(
  () => {
    process.stdout.write(`${JSON.stringify(editorSchema(moduleSchemas), null, 2)}\n`);
  },
);
command(program, 'doctor', 'look for what keeps the gateway from working').action(doctor);
command(program, 'migrate', "bring the store's schema up to date")
  .option('--plan', 'print what would be done, and do nothing')
  .option('--contract', 'PostgreSQL: also take away what only older versions need, once none of them runs')
  .action(migrateStore);

command(program, 'backup <directory>', 'copy the SQLite database, also while the gateway runs').action(backUp);

command(program, 'move-store', 'copy a SQLite store into PostgreSQL and compare; go on where an earlier run stopped')
  .requiredOption('--from <url>', 'sqlite:PATH, with the gateway stopped')
  .requiredOption('--to <url>', 'postgres://…, an empty database')
  .action(moveStoreCommand);

const user = program.command('user').description('people who log in');
command(user, 'add <login>', 'make a user, or give one a new password')
  .requiredOption('--role <role>', 'operator, supervisor, admin or integration')
  .option('--manager <id>', 'which manager this user is')
  .option('--password-stdin', 'read the password from standard input')
  .action(addUser);

const token = program.command('token').description('tokens for programs');
command(token, 'add <name>', 'make a token and print it, once')
  .requiredOption('--role <role>', 'usually integration')
  .action(addToken);

const imports = program.command('import').description('take data in');
command(imports, 'clients <file>', 'NDJSON or CSV of clients').action(importFile);

command(program, 'explain <phone>', 'where a call would go, and why')
  .option('--line <line>', 'DID or line id')
  .option('--at <time>', 'RFC 3339')
  .action(explain);

const deliveries = program.command('deliveries').description('what CRMs are owed');
command(deliveries, 'list', 'what is owed and what is stuck')
  .option('--state <state>', 'due, parked or done')
  .option('--limit <n>', 'rows', '50')
  .action(listDeliveries);
command(deliveries, 'retry <id>', 'make one row (or destination:NAME) due now').action(retryDelivery);

const mail = program.command('mail').description('mailboxes');
command(mail, 'reconcile', 'compare mailboxes with what is held, and take in what is missing')
  .option('--mailbox <name...>', 'connections to compare; else all mailboxes')
  .option('--since <day>', 'letters from this day on, like 2026-12-31; else from where reading began')
  .option('--dry-run', 'only tell what is missing')
  .option('--subjects', 'show the subjects of what is missing')
  .action(reconcileMail);

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
