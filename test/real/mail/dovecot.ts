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
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { MailServer, mailUser } from './mail-server.ts';

/**
 * A real Dovecot of a test's own: its port, its folders, its users (anybody with the password `secret`). Runs as root. With
 * `introspection`, the URL of a service that knows tokens (RFC 7662), nobody gets in but with a token of that.
 */
export class Dovecot extends MailServer {
  readonly #introspection: string | null;

  constructor(introspection: string | null = null) {
    const root = mkdtempSync(join(tmpdir(), 'patchbay-dovecot-'));
    chmodSync(root, 0o755);
    super('Dovecot', root, join(root, 'log'));
    this.#introspection = introspection;
  }

  protected override prepare(): readonly [string, ...string[]] {
    const config = join(this.root, 'dovecot.conf');
    const tokens = join(this.root, 'oauth2.conf');
    writeFileSync(tokens, introspecting(this.#introspection));
    const passwords = this.#introspection === null ? byPassword : byToken(tokens);
    writeFileSync(config, configuration(this.root, this.port, passwords));
    return ['/usr/sbin/dovecot', '-F', '-c', config];
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

const byPassword = `passdb {
  driver = static
  args = password=secret
}`;

function byToken(settings: string): string {
  return `auth_mechanisms = xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${settings}
}`;
}

function introspecting(url: string | null): string {
  return `introspection_mode = post
introspection_url = ${url}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
`;
}

function configuration(root: string, port: number, logins: string): string {
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
rawlog_dir = ${root}/asked/%u
auth_failure_delay = 0
${logins}
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
