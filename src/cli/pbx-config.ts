import { dialplan } from './pbx-dialplan.ts';
import type { PbxConfigOptions, PbxPiece } from './pbx-options.ts';

const shapes: Readonly<Record<string, RegExp>> = {
  'agi.host': /^[A-Za-z0-9.-]+$/,
  apiUrl: /^https?:\/\/[A-Za-z0-9.:[\]/-]*[A-Za-z0-9\]]$/,
  apiToken: /^[A-Za-z0-9._~+/=-]+$/,
  connection: /^[A-Za-z0-9_.:-]{1,64}$/,
  'ami.username': /^[A-Za-z0-9_.-]+$/,
  'ami.secret': /^[\x21-\x3a\x3c-\x7e]+$/,
  'ami.permit': /^[0-9a-fA-F.:]+(\/[0-9.]+)?$/,
  fallback: /^(return|[A-Za-z0-9_.-]+,(\$\{PATCHBAY_LINE\}|[A-Za-z0-9_+*#.-]+),[A-Za-z0-9_]+)$/,
  everyone: /^([A-Za-z0-9]+\/[A-Za-z0-9_.@/&*+-]+)?$/,
};

/**
 * The pieces to paste into the PBX. Throws a TypeError that names the option if a value can't be safely written into a
 * configuration file.
 */
export function pbxConfig(options: PbxConfigOptions): readonly PbxPiece[] {
  check(options);
  const files = {
    asterisk: ['manager.conf', 'cdr.conf', 'extensions.conf'],
    freepbx: ['manager_custom.conf', 'cdr.conf', 'extensions_custom.conf'],
    mikopbx: ['manager.conf', 'cdr.conf', 'extensions.conf'],
  } as const;
  const [manager, cdr, extensions] = files[options.flavor];
  return [
    { file: manager, text: managerAccount(options) },
    { file: cdr, text: callRecords(options) },
    ...(options.flavor === 'asterisk' ? [{ file: 'cel.conf', text: channelEvents }] : []),
    { file: extensions, text: dialplan(options) },
    ...(options.flavor === 'mikopbx' ? [{ file: 'modules.conf', text: mikopbxModules }] : []),
  ];
}

/** All pieces as one text, each under a heading with its file name. */
export function printPbxConfig(options: PbxConfigOptions): string {
  return pbxConfig(options)
    .map(({ file, text }) => `; ===== /etc/asterisk/${file} =====\n${text}\n`)
    .join('\n');
}

function check(options: PbxConfigOptions): void {
  const values: Readonly<Record<string, string | null>> = {
    'agi.host': options.agi.host,
    apiUrl: options.apiUrl,
    apiToken: options.apiToken,
    connection: options.connection,
    'ami.username': options.ami.username,
    'ami.secret': options.ami.secret,
    'ami.permit': options.ami.permit,
    fallback: options.fallback,
    everyone: options.everyone,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const value = values[name] ?? null;
    if (value !== null && !shape.test(value)) {
      throw new TypeError(`${name} can't be written into a PBX configuration: expected ${shape}`);
    }
  }
  if (!Number.isInteger(options.agi.port) || options.agi.port < 1 || options.agi.port > 65_535) {
    throw new TypeError(`agi.port: expected a port from 1 to 65535, got ${options.agi.port}`);
  }
}

/**
 * The minimal rights, tested with Asterisk 16 and 22.
 * Read: `call`, `agent` (queues), `dialplan` (applications and paths of recordings) and `user` (MikoPBX reports its recordings as
 * UserEvent). Write: `call` (Status, transfers, hang-up), `reporting` (CoreShowChannels, CoreStatus, DeviceStateList) and
 * `originate` (click-to-call).
 * The `Filter` action would need `system`, `command` or `config`, so events are filtered here: all events pass except VarSet,
 * of which only recordings and Patchbay's own variables do.
 */
function managerAccount({ flavor, ami }: PbxConfigOptions): string {
  const permit = ami.permit.includes('/')
    ? ami.permit
    : `${ami.permit}/${ami.permit.includes(':') ? '128' : '255.255.255.255'}`;
  const enabled =
    '; AMI is disabled by default: [general] of this file needs enabled=yes and a bindaddr that Patchbay can reach';
  return [
    ...(flavor === 'asterisk' ? [enabled] : []),
    `[${ami.username}]`,
    `secret=${ami.secret ?? 'PASTE_SECRET_HERE'}`,
    'deny=0.0.0.0/0.0.0.0',
    'deny=::/0',
    `permit=${permit}`,
    `read=call,agent,dialplan${flavor === 'mikopbx' ? ',user' : ''}`,
    'write=call,reporting,originate',
    '; do not disconnect a client that is busy for a moment',
    'writetimeout=5000',
    'eventfilter=Event: [^V]',
    'eventfilter=Variable: (MIXMONITOR_FILENAME|VM_MESSAGEFILE|QUEUESTATUS|_*FROM_?DID|PATCHBAY_)',
  ].join('\n');
}

/** MikoPBX loads only the listed modules, and none that writes a record. It is added only for `Master.csv`. */
const mikopbxModules = [
  '; MikoPBX has its own call record, which Patchbay reads over HTTP: cdr: { mikopbx: { url: "https://ADDRESS" } }',
  '; Only if you prefer Master.csv (cdr: { csv: … }), add the module that writes it:',
  ';load => cdr_csv.so',
].join('\n');

/** Channel events tell recovered calls more exactly. They cost the PBX a row for each of them, so they are an offer. */
const channelEvents = [
  '; Optional: with channel events, calls that Patchbay missed have their transfers too.',
  "; They go into a table beside the call record (cel_odbc, cel_pgsql): in Patchbay's configuration cel: cel beside its table.",
  '; It needs an index on linkedid and one on uniqueid, and Patchbay may SELECT from it.',
  ';[general]',
  ';enable=yes',
  ';apps=appdial2,background,chanspy,confbridge,dial,extenspy,followme,minivm,page,park,queue,read,receivefax,retrydial,voicemail',
  ';events=CHAN_START,CHAN_END,HANGUP,ANSWER,APP_START,APP_END,BRIDGE_ENTER,BRIDGE_EXIT,PARK_START,PARK_END,BLINDTRANSFER,ATTENDEDTRANSFER,PICKUP,FORWARD,LINKEDID_END',
].join('\n');

/** FreePBX writes its record into MariaDB, which Patchbay reads as a user of its own. */
function freepbxRecord(permit: string): readonly string[] {
  const user = `'patchbay'@'${permit}'`;
  return [
    '; FreePBX keeps its call record in MariaDB. Make a user that may only read it (as root on the PBX: mysql):',
    `;   CREATE USER ${user} IDENTIFIED BY 'PASTE_PASSWORD_HERE';`,
    `;   GRANT SELECT ON asteriskcdrdb.cdr TO ${user};`,
    `;   GRANT SELECT ON asteriskcdrdb.cel TO ${user};  -- channel events, with which missed calls have their transfers`,
    "; In Patchbay's configuration: cdr: { mysql: { host: ADDRESS, username: patchbay, password: …, cel: cel } }",
    '; MariaDB listens on the PBX itself only, unless bind-address in its my.cnf says otherwise.',
    '; Without access to the database, Master.csv does as well:',
  ];
}

/** Patchbay reads missed calls from the record later. For that it needs unique ids and unanswered calls in it. */
function callRecords({ flavor, ami }: PbxConfigOptions): string {
  return [
    ...(flavor === 'freepbx' ? freepbxRecord(ami.permit) : []),
    '[general]',
    'enable=yes',
    'unanswered=yes',
    '',
    '[csv]',
    'usegmtime=no',
    'loguniqueid=yes',
    'newcdrcolumns=yes',
    'accountlogs=no',
  ].join('\n');
}
