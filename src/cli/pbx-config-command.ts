import type { Command } from 'commander';
import { type AsteriskConfig, allowedToAsk } from '../connectors/asterisk/schema.ts';
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

/** Addresses to listen on that are no address to be reached at. */
const everywhere: readonly string[] = ['0.0.0.0', '::'];

const flavors: readonly PbxFlavor[] = ['asterisk', 'freepbx', 'mikopbx'];

/** `patchbay pbx-config`: manager.conf, cdr.conf and the dialplan, ready to paste. */
export function printPbxConfig(command: Command): void {
  command
    .requiredOption('--flavor <flavor>', flavors.join(', '))
    .option('--way <way>', 'agi (full answer) or curl (bounded also when the gateway is frozen)', 'agi')
    .option('--connection <name>', 'which connection of the configuration; else the first')
    .option(
      '--host <address>',
      'where the PBX reaches this machine; else agi.host, or the address by which the PBX sees us',
    )
    .option('--permit <address>', 'the address Patchbay connects from; else the one by which the PBX sees us')
    .option(
      '--fallback <place>',
      'context,extension,priority where callers go whom nobody takes, or "return" to go on after a Gosub; ' +
        `else ${defaultFallbackTarget}, for mikopbx return`,
    )
    .option('--no-record', 'do not record')
    .action(async (options: PbxOptions) => {
      const wanted = await pbxOptions(options);
      print(options, options.json === true ? pbxConfig(wanted) : null, [textOf(wanted), ...(await askersOf(options))]);
    });
}

/** Who will be answered, as a comment beneath the dialplan: a PBX that is seen with another address is not. */
async function askersOf(options: PbxOptions): Promise<readonly string[]> {
  const { settings } = await connectionOf(options);
  if (options.way !== 'agi' || settings?.agi === undefined) return [];
  const who = allowedToAsk(settings).join(', ');
  return [`; Patchbay answers FastAGI to ${who} only; if it sees the PBX with another address, add that to agi.allow.`];
}

/** The connection that is meant: the one named, else the first of Asterisk; undefined where there is none yet. */
async function connectionOf(options: PbxOptions) {
  const { configOf } = await import('./context.ts');
  const config = configOf(options);
  const found = Object.entries(config.connectors).find(
    ([name, settings]) =>
      settings.kind === 'asterisk' && (options.connection === undefined || name === options.connection),
  );
  if (found === undefined && options.connection !== undefined)
    throw new CommandError(
      `--connection: there is no asterisk connection "${options.connection}" in the configuration`,
    );
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
  const host = options.host ?? (everywhere.includes(listened) ? own : listened);
  const permit = options.permit ?? own;
  if (host === null || permit === null)
    throw new CommandError(
      `no way leads to ${settings?.ami.host}: say by --host and --permit how it sees this machine`,
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
