import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { expect, vi } from 'vitest';
import { stringify } from 'yaml';
import { hashToken } from '../../../src/api/cookie.ts';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import type { Letter } from '../../../src/connectors/mail/parse/model.ts';
import type { Finding } from '../../../src/domain/base/finding.ts';
import type { ClientId } from '../../../src/domain/base/ids.ts';
import type { Client } from '../../../src/domain/directory/client.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { openStore } from '../../../src/intake/open-store.ts';
import { hashPassword } from '../../../src/runtime/password.ts';
import { queueUrl, storeUrl } from '../../support/test-store.ts';
import { Gateway } from '../crash/gateway.ts';
import { freeTcpPort } from '../lab/ports.ts';
import { Dovecot } from './dovecot.ts';
import { Exim } from './exim.ts';
import { runPatchbay } from './reconcile.ts';
import { SmtpWire } from './smtp-wire.ts';

const token = 'pb_token-of-the-sending-test';
/** Anna's password at the desk. */
export const password = 'of-anna-only';

/** How the mailboxes of an office differ from the defaults. */
export interface OfficeParts {
  /** Users with a mailbox in addition to `sales` and `keeper`, each with its settings. */
  readonly mailboxes?: (dovecot: Dovecot) => Readonly<Record<string, object>>;
  /** Tokens that also open mailboxes. */
  readonly introspection?: string;
  /** Further keys of the configuration, in place of the defaults. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The built gateway with mailboxes on a real Dovecot; it sends through a real Exim behind a wire that can be cut. */
export class SendingOffice {
  dovecot!: Dovecot;
  exim!: Exim;
  readonly wire = new SmtpWire(() => this.exim.port);
  readonly #directory = mkdtempSync(join(tmpdir(), 'patchbay-sending-'));
  url = '';
  gateway!: Gateway;

  async open({ mailboxes, introspection, more = {} }: OfficeParts = {}): Promise<void> {
    const relay = () => this.exim.port;
    this.dovecot = new Dovecot({ relay, ...(introspection !== undefined && { introspection }) });
    this.exim = new Exim(this.dovecot.root);
    // Dovecot needs Exim's address at once; Exim needs Dovecot only when a letter arrives.
    await this.exim.start();
    await this.dovecot.start();
    const smtp = { host: '127.0.0.1', port: await this.wire.listen(), tls: false };
    const imap = { host: '127.0.0.1', port: this.dovecot.port, tls: false, poll: 5 };
    const mailbox = (user: string, change: object = {}) => ({
      kind: 'mail',
      address: `${user}@our.example`,
      user,
      password: 'secret',
      since: '2020-01-01',
      imap,
      smtp,
      ...change,
    });
    const port = await freeTcpPort();
    const store = storeUrl(join(this.#directory, 'kept.db'));
    const config = join(this.#directory, 'patchbay.yaml');
    const anna = { id: 'anna', name: 'Анна Иванова', email: 'anna@our.example', user: 'anna', signature: 'Анна, 101' };
    writeFileSync(
      config,
      stringify({
        http: { port },
        store: { url: store },
        queue: { url: queueUrl() },
        blobs: { url: `file:${join(this.#directory, 'blobs')}` },
        managers: [anna],
        lines: [
          { id: 'sales', channel: 'email', address: 'sales@our.example', label: 'Отдел продаж', connection: 'sales' },
        ],
        connectors: {
          sales: mailbox('sales'),
          keeper: mailbox('keeper', { smtp: { ...smtp, copy: 'server' } }),
          ...Object.fromEntries(
            Object.entries(mailboxes?.(this.dovecot) ?? {}).map(([user, change]) => [user, mailbox(user, change)]),
          ),
        },
        ...more,
      }),
    );
    await this.#fill(store);
    this.url = `http://127.0.0.1:${port}`;
    this.gateway = new Gateway({ config, url: this.url, log: join(this.#directory, 'gateway.log') });
    await this.start();
  }

  /** Starts the gateway, also after a kill; resolves when its mailboxes are read. */
  async start(): Promise<void> {
    this.gateway.start();
    await vi.waitFor(
      async () => {
        const answer = (await (await fetch(`${this.url}/health/ready`)).json()) as {
          connections: { health: string }[];
        };
        expect(answer.connections.every(({ health }) => health === 'ready')).toBe(true);
      },
      { timeout: 30_000 },
    );
  }

  async close(): Promise<void> {
    await this.gateway?.stop();
    this.wire.close();
    await this.exim.stop();
    await this.dovecot.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The findings of `patchbay doctor`, by subject. */
  async doctor(): Promise<ReadonlyMap<string, Finding>> {
    const config = join(this.#directory, 'patchbay.yaml');
    const { stdout } = await runPatchbay(['doctor', '--json', '--config', config]);
    return new Map((JSON.parse(stdout) as Finding[]).map((finding) => [finding.what, finding]));
  }

  /** Sends a letter as Anna, through the API. */
  async write(body: object, status = 202): Promise<Interaction> {
    const answer = await this.#call('POST', '/messages', { manager: 'anna', ...body });
    expect(answer.status).toBe(status);
    return (await answer.json()) as Interaction;
  }

  /** The items of an API listing. */
  async list<T>(path: string): Promise<readonly T[]> {
    return ((await (await this.#call('GET', path)).json()) as { items: T[] }).items;
  }

  async interaction(id: string): Promise<Interaction> {
    return (await (await this.#call('GET', `/interactions/${id}`)).json()) as Interaction;
  }

  /** Waits until an interaction matches. */
  async becomes(id: string, wanted: Partial<Interaction>): Promise<Interaction> {
    return vi.waitFor(
      async () => {
        const found = await this.interaction(id);
        expect(found).toMatchObject(wanted);
        return found;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  /** Waits until there are exactly that many e-mails with this subject, including answers; returns them oldest first. */
  async letters(subject: string, count: number): Promise<readonly Interaction[]> {
    return vi.waitFor(
      async () => {
        const answer = await this.#call('GET', '/interactions?channel=email&limit=200');
        const { items } = (await answer.json()) as { items: Interaction[] };
        const found = items.filter((one) => one.subject?.replace(/^((Re|Auto): )+/, '') === subject).reverse();
        expect(found).toHaveLength(count);
        return found;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  /** Waits until a folder holds letters with this subject; returns them as stored there. */
  async inFolder(user: string, subject: string, count = 1, folder = 'INBOX'): Promise<readonly Letter[]> {
    return vi.waitFor(
      async () => {
        const client = await this.dovecot.client(user);
        try {
          await client.mailboxOpen(folder);
          const found: Letter[] = [];
          for (const one of await client.fetchAll('1:*', { source: true }).catch(() => []))
            found.push((await parseLetter(one.source ?? new Uint8Array())).letter);
          const same = found.filter((one) => one.subject === subject);
          expect(same).toHaveLength(count);
          return same;
        } finally {
          client.close();
        }
      },
      { timeout: 20_000, interval: 200 },
    );
  }

  /** Waits until a folder holds the letter of ours with this id; returns its bytes. */
  async bytesOf(id: string, user: string, folder = 'INBOX'): Promise<Buffer> {
    return vi.waitFor(
      async () => {
        const client = await this.dovecot.client(user);
        try {
          await client.mailboxOpen(folder);
          const all = await client.fetchAll('1:*', { source: true }).catch(() => []);
          const found = all.flatMap(({ source }) => (source?.includes(`<patchbay.${id}@`) ? [source] : []));
          expect(found).toHaveLength(1);
          return found[0] as Buffer;
        } finally {
          client.close();
        }
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  /** Sends a letter as another person's mail program. */
  async send(letter: SendMailOptions): Promise<void> {
    const auth = { user: 'ivan', pass: 'secret' };
    const transport = createTransport({ host: '127.0.0.1', port: this.exim.port, ignoreTLS: true, auth });
    await transport.sendMail(letter);
    transport.close();
  }

  #call(method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async #fill(url: string): Promise<void> {
    const store = await openStore({ url, country: 'RU', publicUrl: 'http://127.0.0.1' });
    const user = {
      login: 'anna',
      role: 'operator',
      manager: 'anna',
      passwordHash: await hashPassword(password),
    } as const;
    const ivan: Client = {
      id: 'c1' as ClientId,
      name: 'ООО «Ромашка»',
      kind: 'company',
      responsible: 'anna',
      segment: null,
      url: null,
      identifiers: [{ kind: 'email', value: 'ivan@client.example' }],
      contacts: [{ id: 'p', name: 'Пётр', identifiers: [{ kind: 'email', value: 'gone@client.example' }] }],
      deals: [],
      fields: [],
    };
    await store.apply([
      { op: 'put-token', token: { name: 'test', role: 'admin', tokenHash: hashToken(token), createdAt: 1 } },
      { op: 'put-user', user },
      { op: 'put-clients', clients: [ivan], at: Date.now() },
    ]);
    await store.close();
  }
}
