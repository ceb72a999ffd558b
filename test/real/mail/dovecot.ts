import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { freeTcpPort } from '../lab/ports.ts';

/** Debian's `mail` user, whom the letters belong to. */
export const mailUser = 8;

/** A real Dovecot of a test's own: its port, its folders, its users (anybody with the password `secret`). Runs as root. */
export class Dovecot {
  readonly root: string;
  port = 0;
  #child: ChildProcess | null = null;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'patchbay-dovecot-'));
    chmodSync(this.root, 0o755);
  }

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freeTcpPort();
    const config = join(this.root, 'dovecot.conf');
    writeFileSync(config, configuration(this.root, this.port));
    this.#child = spawn('/usr/sbin/dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    await this.#answers();
  }

  /** Ends it at once, with all its connections. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Puts letters into a folder as a delivery agent does: without the server's knowing. */
  deliver(user: string, letters: readonly Uint8Array[], folder = 'INBOX'): void {
    const dir = this.#folder(user, folder);
    for (const letter of letters) {
      const name = `${Math.floor(Date.now() / 1000)}.${randomUUID()}.lab`;
      const file = join(dir, 'tmp', name);
      writeFileSync(file, letter);
      chownSync(file, mailUser, mailUser);
      renameSync(file, join(dir, 'new', name));
    }
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

  async #answers(): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (this.#child?.exitCode !== null) throw new Error(`Dovecot ended by itself; see ${this.root}/log`);
      const socket = connect(this.port, '127.0.0.1');
      const greeted = await Promise.race([
        once(socket, 'data').then(() => true),
        once(socket, 'close').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (greeted) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`Dovecot does not answer; see ${this.root}/log`);
  }
}

function configuration(root: string, port: number): string {
  return `base_dir = ${root}/run
state_dir = ${root}/state
log_path = ${root}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${root}/mail/%u
mail_uid = ${mailUser}
mail_gid = ${mailUser}
first_valid_uid = 1
mail_max_userip_connections = 50
auth_failure_delay = 0
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${mailUser} gid=${mailUser} home=${root}/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Archive {
    auto = create
  }
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
}
