import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { hashToken } from '../../../src/api/cookie.ts';
import { ScriptedPbx } from '../../../src/cli/demo/scripted-pbx.ts';
import type { Write } from '../../../src/domain/ports/writes.ts';
import { Gateway, type ProcessLimits } from '../../real/crash/gateway.ts';
import { freeTcpPort } from '../../real/lab/ports.ts';
import { client } from '../../support/calls.ts';
import { operator, seedStore } from '../../support/desk-login.ts';
import { queueUrl, storeUrl } from '../../support/test-store.ts';

/** An administrator's API token, valid in every attacked program. */
export const adminToken = 'token-of-an-admin';
/** Phone number of client `c1`, whose responsible manager is `m101`. */
export const clientPhone = '+79161110001';
/** The DID of the line `main`. */
export const did = '74951200001';

/** Settings that differ between attacked programs. */
export interface ProgramSettings extends ProcessLimits {
  /** Top-level configuration keys that override the defaults; `connectors` are added to the PBX, `http` to the port. */
  readonly config?: Readonly<Record<string, unknown>> & {
    readonly connectors?: Readonly<Record<string, unknown>>;
    readonly http?: Readonly<Record<string, unknown>>;
  };
  /** Writes applied to the store before the start. */
  readonly seed?: readonly Write[];
}

/**
 * The built program on the store of this run (SQLite, or PostgreSQL with `PATCHBAY_TEST_STORE=postgres`), with a scripted
 * PBX. It has the managers `m101` (user `a`) and `m102` (user `b`), the line `main` and the form `site`.
 */
export class AttackedProgram {
  readonly gateway: Gateway;
  readonly pbx: ScriptedPbx;
  readonly url: string;
  readonly agiPort: number;
  readonly database: string;
  readonly directory: string;

  private constructor(parts: Pick<AttackedProgram, 'gateway' | 'pbx' | 'url' | 'agiPort' | 'database' | 'directory'>) {
    this.gateway = parts.gateway;
    this.pbx = parts.pbx;
    this.url = parts.url;
    this.agiPort = parts.agiPort;
    this.database = parts.database;
    this.directory = parts.directory;
  }

  /** Starts it and waits until it is connected to the PBX. */
  static async start({ config = {}, seed = [], ...limits }: ProgramSettings = {}): Promise<AttackedProgram> {
    const directory = mkdtempSync(join(tmpdir(), 'patchbay-attack-'));
    const database = storeUrl(join(directory, 'attacked.db'));
    await seedStore(database, [
      { op: 'put-clients', clients: [client('c1', [clientPhone], { responsible: 'm101' })], at: 1 },
      await operator('a', 'm101'),
      await operator('b', 'm102'),
      { op: 'put-token', token: { name: 'test', role: 'admin', tokenHash: hashToken(adminToken), createdAt: 1 } },
      ...seed,
    ]);
    return AttackedProgram.#run({ directory, database, config, limits });
  }

  /** A second instance on the same database, with its own PBX; PostgreSQL only. */
  beside(): Promise<AttackedProgram> {
    const directory = mkdtempSync(join(tmpdir(), 'patchbay-beside-'));
    return AttackedProgram.#run({ directory, database: this.database, config: {}, limits: {} });
  }

  static async #run(where: {
    readonly directory: string;
    readonly database: string;
    readonly config: NonNullable<ProgramSettings['config']>;
    readonly limits: ProcessLimits;
  }): Promise<AttackedProgram> {
    const { directory, database, config, limits } = where;
    const extensions = ['101', '102'];
    const pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions, speed: 50, fallback: ['102'] });
    const [httpPort, agiPort, amiPort] = [await freeTcpPort(), await freeTcpPort(), await pbx.ami.listen()];
    const url = `http://127.0.0.1:${httpPort}`;
    const file = join(directory, 'patchbay.yaml');
    const { connectors = {}, http = {}, ...rest } = config;
    writeFileSync(
      file,
      stringify({
        http: { port: httpPort, ...http },
        store: { url: database },
        queue: { url: queueUrl() },
        blobs: { url: `file:${join(directory, 'blobs')}` },
        managers: [
          { id: 'm101', name: 'Anna', extensions: ['101'], user: 'a' },
          { id: 'm102', name: 'Boris', extensions: ['102'], user: 'b' },
        ],
        lines: [
          { id: 'main', channel: 'call', address: did, label: 'Main' },
          { id: 'site', channel: 'form', address: 'site', label: 'Site' },
        ],
        routing: { fallback: 'manager:m102' },
        connectors: {
          pbx: {
            kind: 'asterisk',
            ami: { host: '127.0.0.1', port: amiPort, username: 'pb', secret: 'pb' },
            agi: { port: agiPort },
          },
          ...connectors,
        },
        ...rest,
      }),
    );
    const gateway = new Gateway({ config: file, url, log: join(directory, 'gateway.log') }, limits);
    gateway.start();
    await gateway.ready();
    return new AttackedProgram({ gateway, pbx, url, agiPort, database, directory });
  }

  /** Everything the program has logged so far. */
  get log(): string {
    return readFileSync(join(this.directory, 'gateway.log'), 'utf8');
  }

  /** A REST API request as the administrator; throws if it fails. */
  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Stops it and removes its files. */
  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.pbx.ami.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
