import type { Command } from 'commander';
import { type AsteriskConfig, agiPeersOf } from '../connectors/asterisk/schema.ts';
import { CommandError, type CommonOptions, print, UsageError } from './command.ts';
import { ownAddressTowards } from './own-address.ts';
import { pbxConfig, printPbxConfig as textOf } from './pbx-config.ts';
import { defaultFallbackTarget } from './pbx-dialplan.ts';
import type { PbxConfigOptions, PbxFlavor } from './pbx-options.ts';

interface PbxOptions extends CommonOptions {
  readonly flavor: string;
  readonly way: string;
  readonly connection?: string;
  readonly host?: string;
  readonly permit?: string;
  readonly fallback?: string;
  readonly record: boolean;
}

/** Addresses that can be listened on but not connected to. */
const wildcardAddresses: readonly string[] = ['0.0.0.0', '::'];

const flavors: readonly PbxFlavor[] = ['asterisk', 'freepbx', 'mikopbx'];

/** Adds the options of `patchbay pbx-config`, which prints manager.conf, cdr.conf and the dialplan, ready to paste. */
export function printPbxConfig(command: Command): void {
  command
    .requiredOption('--flavor <flavor>', flavors.join(', '))
    .option('--way <way>', 'agi (full answer) or curl (dial string only, but bounded even if the gateway hangs)', 'agi')
    .option('--connection <name>', 'name of the connection (default: the first one of kind asterisk)')
    .option(
      '--host <address>',
      'address of this machine for the PBX (default: agi.host, or the address by which the PBX sees this machine)',
    )
    .option(
      '--permit <address>',
      'address Patchbay connects from (default: the address by which the PBX sees this machine)',
    )
    .option(
      '--fallback <place>',
      'context,extension,priority for calls that nobody takes, or "return" to continue after a Gosub ' +
        `(default: ${defaultFallbackTarget}, for mikopbx return)`,
    )
    .option('--no-record', 'do not record calls')
    .action(async (options: PbxOptions) => {
      const wanted = await pbxOptions(options);
      print(options, options.json === true ? pbxConfig(wanted) : null, [
        textOf(wanted),
        ...(await allowedPeersNote(options)),
      ]);
    });
}

/** A comment below the dialplan that lists the peers that FastAGI answers. */
async function allowedPeersNote(options: PbxOptions): Promise<readonly string[]> {
  const { settings } = await connectionOf(options);
  if (options.way !== 'agi' || settings?.agi === undefined) return [];
  const peers = agiPeersOf(settings).join(', ');
  return [
    `; Patchbay answers FastAGI only from ${peers}; if the PBX connects from another address, add it to agi.allow.`,
  ];
}

/** The connection named by the options, else the first of kind asterisk; undefined if there is none yet. */
async function connectionOf(options: PbxOptions) {
  const { configOf } = await import('./context.ts');
  const config = configOf(options);
  const found = Object.entries(config.connectors).find(
    ([name, settings]) =>
      settings.kind === 'asterisk' && (options.connection === undefined || name === options.connection),
  );
  if (found === undefined && options.connection !== undefined)
    throw new CommandError(`--connection: no asterisk connection "${options.connection}" in the configuration`);
  return { config, name: found?.[0], settings: found?.[1] as AsteriskConfig | undefined };
}

async function pbxOptions(options: PbxOptions): Promise<PbxConfigOptions> {
  const flavor = flavors.find((one) => one === options.flavor);
  if (flavor === undefined)
    throw new UsageError(`--flavor: expected one of ${flavors.join(', ')}, got "${options.flavor}"`);
  if (options.way !== 'agi' && options.way !== 'curl')
    throw new UsageError(`--way: expected agi or curl, got "${options.way}"`);
  const { config, name, settings } = await connectionOf(options);
  const own = await ownAddressTowards(settings?.ami.host ?? '127.0.0.1');
  const listened = settings?.agi?.host ?? '0.0.0.0';
  const host = options.host ?? (wildcardAddresses.includes(listened) ? own : listened);
  const permit = options.permit ?? own;
  if (host === null || permit === null)
    throw new CommandError(
      `no route to ${settings?.ami.host}: give the address of this machine with --host and --permit`,
    );
  const everyone = config.managers.flatMap((manager) => manager.extensions.slice(0, 1));
  const dial = settings?.dial ?? 'PJSIP/{extension}';
  return {
    flavor,
    way: options.way,
    agi: { host, port: settings?.agi?.port ?? 4573 },
    apiUrl: `http://${host}:${config.http.port}`,
    apiToken: null,
    connection: name ?? 'pbx',
    ami: { username: settings?.ami.username ?? 'patchbay', secret: null, permit },
    fallback: options.fallback ?? (flavor === 'mikopbx' ? 'return' : defaultFallbackTarget),
    everyone: everyone.map((extension) => dial.replaceAll('{extension}', extension)).join('&'),
    record: options.record && flavor === 'asterisk',
  };
}
