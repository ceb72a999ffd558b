import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabAmi } from './ami.ts';
import { labUser, pbxConfig } from './config.ts';
import { freeTcpPort, freeUdpPort, freeUdpRange } from './ports.ts';

/** The available Asterisk releases. */
export type AsteriskVersion = '22' | '16';

/** Options of a laboratory PBX. */
export interface AsteriskOptions {
  readonly version: AsteriskVersion;
  /** Text appended to the generated configuration, by file name (`manager.conf`, `extensions.conf`, `cdr.conf`, …). */
  readonly extra?: Readonly<Record<string, string>>;
}

const cacheDir = process.env.PATCHBAY_TEST_CACHE ?? '/var/cache/patchbay-test';
const startTimeoutMs = 60_000;
const rtpSize = 100;
const staticExtensions = ['101', '102', '103', '104'];
const sleepMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The root folder of a release. Throws when `scripts/lab` hasn't made it. */
export function asteriskRoot(version: AsteriskVersion): string {
  const root = join(cacheDir, `asterisk-${version}`);
  if (!existsSync(join(root, '.patchbay-complete'))) {
    throw new Error(`no Asterisk ${version} in ${root}: run scripts/lab as root to make it`);
  }
  return root;
}

function modulesDir(root: string): string {
  const found = /^astmoddir\s*=>\s*(\S+)/m.exec(readFileSync(join(root, 'etc/asterisk/asterisk.conf'), 'utf8'));
  if (found?.[1] === undefined) throw new Error(`${root}/etc/asterisk/asterisk.conf names no astmoddir`);
  return found[1];
}

function userIds(root: string): { uid: number; gid: number } {
  const line = readFileSync(join(root, 'etc/passwd'), 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('asterisk:'));
  const [, , uid, gid] = (line ?? '').split(':');
  if (uid === undefined || gid === undefined) throw new Error(`${root}/etc/passwd has no user asterisk`);
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Runs in its own mount and process namespaces, so that mounts and children vanish with Asterisk however it ends.
 * All instances share the root; what Asterisk writes is bound from the instance's folder. The shell stays the namespace's first
 * process: Asterisk loses the parent-death signal when it changes its user, but it dies with the namespace.
 */
const launcher = `
set -e
root=$1; dir=$2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$dir/etc" "$root/etc/asterisk"
mount --bind "$dir/spool" "$root/var/spool/asterisk"
mount --bind "$dir/log" "$root/var/log/asterisk"
mount --bind "$dir/lib" "$root/var/lib/asterisk"
mount --bind "$dir/run" "$root/run"
mount --bind "$dir/hosts" "$root/etc/hosts"
ODBCSYSINI=/etc/asterisk chroot "$root" asterisk -f -U asterisk -G asterisk
exit $?
`;

/** Kills the first process of the namespace rather than its parent `unshare`: the kernel then ends all others before `unshare` sees it. */
function killNamespace(pid: number): void {
  const children = `/proc/${pid}/task/${pid}/children`;
  const first = existsSync(children) ? Number(readFileSync(children, 'utf8').split(' ')[0]) : 0;
  process.kill(first > 0 ? first : pid, 'SIGKILL');
}

/**
 * One real Asterisk on loopback. Nothing happens before `start`. `kill` and `stop` may be called in any state. The process cannot
 * outlive the test: it dies with the Node process that started it (parent-death signal), even on SIGKILL.
 */
export class Asterisk {
  readonly version: AsteriskVersion;
  /** Folder of this instance: etc, spool, log, lib, run. */
  readonly dir: string;
  readonly #root: string;
  readonly #extra: Readonly<Record<string, string>>;
  #ports: { sip: number; ami: number; rtp: number; trunk: number; phones: Map<string, number> } | undefined;
  #process: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #ami: LabAmi | undefined;

  constructor(options: AsteriskOptions) {
    this.version = options.version;
    this.#extra = options.extra ?? {};
    this.#root = asteriskRoot(options.version);
    this.dir = mkdtempSync(join(tmpdir(), `patchbay-asterisk-${options.version}-`));
  }

  /** UDP port on 127.0.0.1. */
  get sipPort(): number {
    return this.#planned().sip;
  }
  /** TCP port on 127.0.0.1. */
  get amiPort(): number {
    return this.#planned().ami;
  }
  /** Where the PBX expects the trunk: UDP on 127.0.0.2. */
  get trunkPort(): number {
    return this.#planned().trunk;
  }
  /** The laboratory's own AMI connection, with all rights. */
  get ami(): LabAmi {
    if (this.#ami === undefined) throw new Error('Asterisk is not started');
    return this.#ami;
  }
  /** /var/spool/asterisk/monitor as seen from outside the root. */
  get monitorDir(): string {
    return join(this.dir, 'spool/monitor');
  }
  /** The call records written by cdr_csv. */
  get cdrFile(): string {
    return join(this.dir, 'log/cdr-csv/Master.csv');
  }
  /** The log, at all levels. */
  get logFile(): string {
    return join(this.dir, 'log/full');
  }

  /** Where the PBX expects the phone of a static extension (101…104): UDP on 127.0.0.1. */
  phonePort(extension: string): number {
    const port = this.#planned().phones.get(extension);
    if (port === undefined)
      throw new Error(`extension ${extension} has no static phone, only ${staticExtensions.join(', ')}`);
    return port;
  }

  /** A path in Asterisk's terms (`/var/spool/asterisk/…`), as seen from outside its root. */
  outside(path: string): string {
    return path.replace(/^\/var\/spool\/asterisk/, join(this.dir, 'spool'));
  }

  /** Writes the configuration (the first time) and starts; resolves when the PBX is fully booted and the laboratory's AMI is logged in. */
  async start(): Promise<void> {
    if (this.#ports === undefined) await this.#prepare();
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        'unshare',
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'sh',
        '-c',
        launcher,
        'sh',
        this.#root,
        this.dir,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-4000);
    });
    this.#process = child;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    const deadline = Date.now() + startTimeoutMs;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`Asterisk ${this.version} ended at start: ${complaints}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error(`Asterisk ${this.version} did not answer on AMI within ${startTimeoutMs} ms: ${complaints}`);
      }
      await sleepMs(50);
    }
    this.#ami = await LabAmi.login(this.amiPort, labUser.username, labUser.secret);
    await this.#ami.waitFor('FullyBooted', (event) => event.Event === 'FullyBooted', startTimeoutMs);
  }

  /** Stops at once but cleanly (`core stop now`): calls are hung up, CDRs written. */
  async stop(): Promise<void> {
    if (this.#process === undefined) return;
    const late = setTimeout(() => void this.kill(), 10_000);
    await this.#ami?.action({ Action: 'Command', Command: 'core stop now' }).catch(() => undefined);
    await this.#exited;
    clearTimeout(late);
    this.#forget();
  }

  /** SIGKILL: nothing is written, nothing is hung up. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) killNamespace(child.pid);
    await this.#exited;
    this.#forget();
  }

  /** `stop` and `start` with the same ports and files. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops and removes the instance's folder. */
  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** The output of a CLI command. */
  cli(command: string): Promise<string> {
    return this.ami.command(command);
  }

  /** Replaces a file of /etc/asterisk, including the laboratory's part, and reloads its module. */
  async reconfigure(file: string, text: string, reload: string): Promise<void> {
    this.#write(file, text);
    await this.cli(reload);
  }

  /** The text of a file of /etc/asterisk. */
  configFile(file: string): string {
    return readFileSync(join(this.dir, 'etc', file), 'utf8');
  }

  /** Waits until no channel is left. */
  async idle(timeoutMs = 15_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { events } = await this.ami.action({ Action: 'CoreShowChannels' });
      if (events.length === 0) return;
      if (Date.now() > deadline) throw new Error(`channels left: ${events.map((event) => event.Channel).join(', ')}`);
      await sleepMs(50);
    }
  }

  #forget(): void {
    this.#ami?.close();
    this.#ami = undefined;
    this.#process = undefined;
  }

  #planned() {
    if (this.#ports === undefined) throw new Error('Asterisk has no ports before start');
    return this.#ports;
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.dir, 'etc', file), text);
  }

  async #prepare(): Promise<void> {
    const { uid, gid } = userIds(this.#root);
    for (const name of [
      'etc',
      'spool',
      'log',
      'lib',
      'run',
      'run/asterisk',
      'spool/monitor',
      'log/cdr-csv',
      'lib/sounds',
    ]) {
      mkdirSync(join(this.dir, name), { recursive: true });
    }
    cpSync(join(this.#root, 'etc/asterisk/indications.conf'), join(this.dir, 'etc/indications.conf'));
    const phones = new Map<string, number>();
    for (const extension of staticExtensions) phones.set(extension, await freeUdpPort());
    this.#ports = {
      sip: await freeUdpPort(),
      ami: await freeTcpPort(),
      rtp: await freeUdpRange(rtpSize),
      trunk: await freeUdpPort(),
      phones,
    };
    const files = pbxConfig({
      modulesDir: modulesDir(this.#root),
      sipPort: this.#ports.sip,
      amiPort: this.#ports.ami,
      rtpBase: this.#ports.rtp,
      rtpSize,
      phonePorts: phones,
      trunkPort: this.#ports.trunk,
      extra: this.#extra,
    });
    for (const [name, text] of Object.entries(files)) this.#write(name, text);
    // Asterisk looks up its own host name for every SDP; without this entry it would query the network.
    writeFileSync(join(this.dir, 'hosts'), `127.0.0.1 localhost ${hostname()}\n`);
    execFileSync('chown', ['-R', `${uid}:${gid}`, this.dir]);
    chownSync(this.dir, 0, 0);
    chmodSync(this.dir, 0o755);
  }

  /** Whether a server greets on the AMI port. */
  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.amiPort });
      const end = (greeted: boolean) => {
        socket.destroy();
        resolve(greeted);
      };
      socket.once('error', () => end(false));
      socket.once('data', () => end(true));
    });
  }
}
