import type { Command } from 'commander';
import type { AsteriskConfig } from '../connectors/asterisk/schema.ts';
import { CommandError, type CommonOptions, configOf, print, UsageError } from './context.ts';
import { type PbxConfigOptions, type PbxFlavor, pbxConfig, printPbxConfig as textOf } from './pbx-config.ts';

interface PbxOptions extends CommonOptions {
  readonly flavor: string;
  readonly way: string;
  readonly connection?: string;
  readonly host?: string;
  readonly permit: string;
  readonly fallback: string;
  readonly record: boolean;
}

const flavors: readonly PbxFlavor[] = ['asterisk', 'freepbx', 'mikopbx'];

/** `patchbay pbx-config`: manager.conf, cdr.conf and the dialplan, ready to paste. */
export function printPbxConfig(command: Command): void {
  command
    .requiredOption('--flavor <flavor>', flavors.join(', '))
    .option('--way <way>', 'agi (full answer) or curl (bounded also when the gateway is frozen)', 'agi')
    .option('--connection <name>', 'which connection of the configuration; else the first')
    .option('--host <address>', 'where the PBX reaches this machine; else what agi.host says')
    .option('--permit <address>', 'the address Patchbay connects from', '127.0.0.1')
    .option(
      '--fallback <place>',
      'context,extension,priority where callers go whom nobody takes',
      'patchbay-fallback,s,1',
    )
    .option('--no-record', 'do not record')
    .action((options: PbxOptions) => {
      const wanted = pbxOptions(options);
      print(options, options.json === true ? pbxConfig(wanted) : null, [textOf(wanted)]);
    });
}

function pbxOptions(options: PbxOptions): PbxConfigOptions {
  const flavor = flavors.find((one) => one === options.flavor);
  if (flavor === undefined)
    throw new UsageError(`--flavor: expected one of ${flavors.join(', ')}, got "${options.flavor}"`);
  if (options.way !== 'agi' && options.way !== 'curl')
    throw new UsageError(`--way: expected agi or curl, got "${options.way}"`);
  const config = configOf(options);
  const found = Object.entries(config.connectors).find(
    ([name, settings]) =>
      settings.kind === 'asterisk' && (options.connection === undefined || name === options.connection),
  );
  if (found === undefined && options.connection !== undefined)
    throw new CommandError(
      `--connection: there is no asterisk connection "${options.connection}" in the configuration`,
    );
  const settings = found?.[1] as AsteriskConfig | undefined;
  const agiHost = options.host ?? settings?.agi?.host ?? '127.0.0.1';
  const host = agiHost === '0.0.0.0' ? '127.0.0.1' : agiHost;
  const everyone = config.managers.flatMap((manager) => manager.extensions.slice(0, 1));
  const dial = settings?.dial ?? 'PJSIP/{extension}';
  return {
    flavor,
    way: options.way,
    agi: { host, port: settings?.agi?.port ?? 4573 },
    apiUrl: `http://${host}:${config.http.port}`,
    apiToken: null,
    connection: found?.[0] ?? 'pbx',
    ami: { username: settings?.ami.username ?? 'patchbay', secret: null, permit: options.permit },
    fallback: options.fallback,
    everyone: everyone.map((extension) => dial.replaceAll('{extension}', extension)).join('&'),
    record: options.record && flavor === 'asterisk',
  };
}
