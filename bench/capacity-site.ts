import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { CrmReceiver } from '../src/cli/demo/crm-receiver.ts';
import { ScriptedPbx } from '../src/cli/demo/scripted-pbx.ts';
import type { ClientId } from '../src/domain/base/ids.ts';
import type { Client } from '../src/domain/directory/client.ts';
import { isPostgres } from '../src/domain/ports/store.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { keptRows } from '../test/real/crash/kept.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { Dovecot } from '../test/real/mail/dovecot.ts';
import { seedStore } from '../test/support/desk-login.ts';
import { did, hookSecret, mailbox, type Outside, pbxSpeed, phone } from './capacity-load.ts';
import { processorOf, processorOfFamily } from './processor.ts';

const secret = `whsec_${Buffer.from('what does it cost').toString('base64')}`;
const extensions = Array.from({ length: 400 }, (_, i) => String(101 + i));
/** Limit of contacts in the load. */
const clients = 20_000;

/** Resources used so far. */
export interface Used {
  /** Milliseconds since the machine started. */
  readonly at: number;
  /** Processor time in milliseconds. */
  readonly gateway: number;
  /** Processor time of PostgreSQL's processes; 0 with SQLite. */
  readonly database: number;
}

/** The built program with a store, PBX, CRM and mailbox. Only the processes of the program and the database are measured. */
export class Site {
  readonly outside: Outside;
  readonly #crm: CrmReceiver;
  readonly #gateway: Gateway;
  readonly #store: string;
  readonly #blobs: string;
  readonly #postgres: number | null;

  private constructor(
    outside: Outside,
    crm: CrmReceiver,
    gateway: Gateway,
    kept: { readonly store: string; readonly blobs: string; readonly postgres: number | null },
  ) {
    this.outside = outside;
    this.#crm = crm;
    this.#gateway = gateway;
    this.#store = kept.store;
    this.#blobs = kept.blobs;
    this.#postgres = kept.postgres;
  }

  /** Starts the program in a directory. `postgres` is the process id of the database; null with SQLite. */
  static async open(directory: string, store: string, postgres: number | null): Promise<Site> {
    mkdirSync(directory);
    const pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions, speed: pbxSpeed });
    const crm = new CrmReceiver(secret);
    const dovecot = new Dovecot();
    await dovecot.start();
    // The mailbox must exist before it is read for the first time.
    dovecot.deliver(mailbox, []);
    const [httpPort, agiPort, amiPort] = [await freeTcpPort(), await freeTcpPort(), await pbx.ami.listen()];
    const url = `http://127.0.0.1:${httpPort}`;
    const blobs = join(directory, 'blobs');
    const config = join(directory, 'patchbay.yaml');
    const places = { store, blobs, httpPort, agiPort, amiPort, imapPort: dovecot.port, crmUrl: await crm.listen() };
    writeFileSync(config, configuration(places));
    await seedStore(store, [{ op: 'put-clients', clients: Array.from({ length: clients / 2 }, clientOf), at: 0 }]);
    const gateway = new Gateway({ config, url, log: join(directory, 'log') }, { cwd: directory });
    gateway.start();
    const site = new Site({ url, agiPort, pbx, dovecot }, crm, gateway, { store, blobs, postgres });
    await gateway.ready().catch((error: unknown) => site.close().then(() => Promise.reject(error)));
    return site;
  }

  async close(): Promise<void> {
    await this.#gateway.stop();
    await Promise.all([this.outside.pbx.ami.close(), this.#crm.close(), this.outside.dovecot.close()]);
  }

  used(): Used {
    return {
      at: performance.now(),
      gateway: processorOf(this.#gateway.pid),
      database: this.#postgres === null ? 0 : processorOfFamily(this.#postgres),
    };
  }

  /** Waits until the CRM has the final state of this many contacts. */
  async reached(contacts: number): Promise<void> {
    const live = () => [...this.#crm.interactions.values()].some(({ state }) => /ringing|talking/.test(state));
    while (this.#crm.interactions.size < contacts || live()) {
      if (this.#gateway.ended) throw new Error('the gateway exited during the bench');
      await pause(10);
    }
  }

  /** Total of the revisions of all contacts in the CRM. */
  get revisions(): number {
    return [...this.#crm.interactions.values()].reduce((sum, { revision }) => sum + revision, 0);
  }

  /** Current size of database and files in bytes. */
  async kept(): Promise<{ readonly store: number; readonly blobs: number }> {
    const sql = isPostgres(this.#store)
      ? 'SELECT pg_database_size(current_database())::float8 AS n'
      : 'SELECT (page_count - freelist_count) * page_size AS n FROM pragma_page_count, pragma_freelist_count, pragma_page_size';
    const [row] = await keptRows<{ n: number }>(this.#store, sql);
    return { store: row?.n ?? 0, blobs: bytesUnder(this.#blobs) };
  }
}

/** The client for every second contact of the load. */
function clientOf(_: unknown, i: number): Client {
  return {
    id: `crm:${i}` as ClientId,
    name: `Клиент номер ${i}`,
    kind: 'company',
    responsible: `m${extensions[i % extensions.length]}`,
    segment: null,
    url: `https://crm.example/clients/${i}`,
    identifiers: [
      { kind: 'phone', value: `+7916${phone(2 * i)}` },
      { kind: 'email', value: `client${2 * i}@client.example` },
    ],
    contacts: [],
    deals: [],
    fields: [],
  };
}

function bytesUnder(directory: string): number {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

interface Places {
  readonly store: string;
  readonly blobs: string;
  readonly httpPort: number;
  readonly agiPort: number;
  readonly amiPort: number;
  readonly imapPort: number;
  readonly crmUrl: string;
}

function configuration({ store, blobs, httpPort, agiPort, amiPort, imapPort, crmUrl }: Places): string {
  const members = extensions.map((extension) => `m${extension}`);
  return stringify({
    http: { port: httpPort },
    store: { url: store },
    blobs: { url: `file:${blobs}` },
    managers: extensions.map((extension) => ({ id: `m${extension}`, name: extension, extensions: [extension] })),
    lines: [
      { id: 'main', channel: 'call', address: did },
      { id: 'mail', channel: 'email', address: 'sales@our.example' },
      { id: 'chat', channel: 'message', address: 'chat' },
      { id: 'site', channel: 'form' },
    ],
    routing: { fallback: 'group:all', groups: { all: { members, strategy: 'rotate' } } },
    connectors: {
      pbx: {
        kind: 'asterisk',
        ami: { host: '127.0.0.1', port: amiPort, username: 'pb', secret: 'pb' },
        agi: { port: agiPort },
      },
      sales: {
        kind: 'mail',
        address: 'sales@our.example',
        user: mailbox,
        password: 'secret',
        imap: { host: '127.0.0.1', port: imapPort, tls: false },
      },
      chat: { kind: 'webhook', secret: hookSecret, account: 'chat' },
    },
    destinations: { crm: { kind: 'webhook', url: crmUrl, secret, concurrency: 16 } },
  });
}
