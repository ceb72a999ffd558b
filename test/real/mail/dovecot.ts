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

/** A real Dovecot of a test's own: its port, its folders, its users (anybody with the password `secret` by default). Runs as root. */
export class Dovecot extends MailServer {
  readonly #parts: DovecotParts;
  /** Where letters are taken for the SMTP server behind it. */
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

  /** Puts letters into a folder as a delivery agent does: without the server's knowing; `arrived` at some moment before now. */
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

  /** What is done with letters that come for a user by LMTP from now on: a Sieve script. */
  sieve(user: string, script: string): void {
    const dir = join(this.root, 'sieve');
    const file = join(dir, `${user}.sieve`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(file, script);
    for (const one of [dir, file]) chownSync(one, mailUser, mailUser);
  }

  /** Numbers a mailbox's folders anew, as a repair or a move to another server does. */
  async renumber(user: string): Promise<void> {
    await this.stop();
    const dir = join(this.root, 'mail', user);
    for (const name of readdirSync(dir, { recursive: true }) as string[])
      if (/dovecot[-.](uid|index|list)/.test(name)) rmSync(join(dir, name), { force: true });
    // UIDVALIDITY is the second of its making.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await this.start();
  }

  /** From now on the server writes down what is asked of it for a user; see {@link asked}. */
  record(user: string): void {
    for (const dir of [join(this.root, 'asked'), this.#asked(user)]) {
      mkdirSync(dir);
      chownSync(dir, mailUser, mailUser);
    }
  }

  /** The lines of IMAP that came for a user since {@link record}. */
  asked(user: string): readonly string[] {
    const dir = this.#asked(user);
    const files = readdirSync(dir).filter((name) => name.endsWith('.in'));
    return files.flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'));
  }

  #asked(user: string): string {
    return join(this.root, 'asked', user);
  }

  /** A connection of the test's own. */
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
