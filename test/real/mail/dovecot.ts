import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { freeTcpPort } from '../lab/ports.ts';
import { type DovecotParts, dovecotConfig, introspecting } from './dovecot-config.ts';
import { MailServer, mailUser } from './mail-server.ts';

/** A real Dovecot for one test, with its own port, folders and users (by default anyone with the password `secret`). Runs as root. */
export class Dovecot extends MailServer {
  readonly #parts: DovecotParts;
  /** Port for submissions, which go to the SMTP server behind it. */
  submissionPort = 0;

  constructor(parts: DovecotParts = {}) {
    const root = mkdtempSync(join(tmpdir(), 'patchbay-dovecot-'));
    chmodSync(root, 0o755);
    super('Dovecot', root, join(root, 'log'));
    this.#parts = parts;
  }

  override async start(): Promise<void> {
    if (this.submissionPort === 0) this.submissionPort = await freeTcpPort();
    await super.start();
  }

  protected override prepare(): readonly [string, ...string[]] {
    const { root, port, submissionPort } = this;
    const config = join(root, 'dovecot.conf');
    const tokens = join(root, 'oauth2.conf');
    const { introspection } = this.#parts;
    if (introspection !== undefined) writeFileSync(tokens, introspecting(introspection));
    writeFileSync(config, dovecotConfig({ root, port, submissionPort, tokens }, this.#parts));
    return ['/usr/sbin/dovecot', '-F', '-c', config];
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Puts letters into a folder like a delivery agent, without the server noticing; `arrived` is a past time of arrival. */
  deliver(user: string, letters: readonly Uint8Array[], folder = 'INBOX', arrived = new Date()): void {
    const dir = this.#folder(user, folder);
    for (const letter of letters) {
      const name = `${Math.floor(Date.now() / 1000)}.${randomUUID()}.lab`;
      const file = join(dir, 'tmp', name);
      writeFileSync(file, letter);
      chownSync(file, mailUser, mailUser);
      utimesSync(file, arrived, arrived);
      renameSync(file, join(dir, 'new', name));
    }
  }

  /** The Sieve script for letters that arrive for a user by LMTP from now on. */
  sieve(user: string, script: string): void {
    const dir = join(this.root, 'sieve');
    const file = join(dir, `${user}.sieve`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(file, script);
    for (const one of [dir, file]) chownSync(one, mailUser, mailUser);
  }

  /** Renumbers a mailbox's folders, as a repair or a migration to another server does. */
  async renumber(user: string): Promise<void> {
    await this.stop();
    const dir = join(this.root, 'mail', user);
    for (const name of readdirSync(dir, { recursive: true }) as string[])
      if (/dovecot[-.](uid|index|list)/.test(name)) rmSync(join(dir, name), { force: true });
    // UIDVALIDITY is the second in which the folder was created.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await this.start();
  }

  /** From now on the server logs a user's requests; see {@link asked}. */
  record(user: string): void {
    for (const dir of [join(this.root, 'asked'), this.#asked(user)]) {
      mkdirSync(dir);
      chownSync(dir, mailUser, mailUser);
    }
  }

  /** IMAP lines received for a user since {@link record}. */
  asked(user: string): readonly string[] {
    const dir = this.#asked(user);
    const files = readdirSync(dir).filter((name) => name.endsWith('.in'));
    return files.flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'));
  }

  #asked(user: string): string {
    return join(this.root, 'asked', user);
  }

  /** A separate client connection. */
  async client(user: string): Promise<ImapFlow> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: this.port,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: 'secret' },
      logger: false,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  #folder(user: string, folder: string): string {
    const mail = join(this.root, 'mail');
    const dir = folder === 'INBOX' ? join(mail, user) : join(mail, user, `.${folder}`);
    for (const one of [mail, join(mail, user), dir, ...['tmp', 'new', 'cur'].map((name) => join(dir, name))]) {
      mkdirSync(one, { recursive: true });
      chownSync(one, mailUser, mailUser);
    }
    return dir;
  }
}
