import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MailServer, mailUser } from './mail-server.ts';

const program = '/usr/sbin/exim4';
/** Local parts with a mailbox, in any domain. */
const users = ['sales', 'anna', 'ivan', 'keeper', 'parrot', 'cloud', 'olga', 'copies'];

/**
 * A real Exim for one test, which delivers to a Dovecot next to it by LMTP; anyone logs in with `secret`. It rejects letters to
 * `nobody@`, bounces those to `gone@`, treats the mailbox of `full@` as full, lets `robot@` reply automatically, and stores what
 * `keeper@` sends in the Sent folder.
 */
export class Exim extends MailServer {
  /** `root` is Dovecot's. */
  constructor(root: string) {
    super('Exim', root, join(root, 'exim', 'log'));
  }

  /** Number of letters accepted but not yet delivered. */
  queued(): number {
    return Number(execFileSync(program, ['-C', this.#config, '-bpc'], { encoding: 'utf8' }));
  }

  get #config(): string {
    return join(this.root, 'exim', 'exim.conf');
  }

  protected override prepare(): readonly [string, ...string[]] {
    for (const one of ['exim', 'exim/spool', 'exim/log', 'mail']) {
      mkdirSync(join(this.root, one), { recursive: true });
      chownSync(join(this.root, one), mailUser, mailUser);
    }
    writeFileSync(this.#config, configuration(this.root, this.port));
    writeFileSync(join(this.root, 'exim', 'users'), users.map((user) => `${user}: ${user}\n`).join(''));
    return [program, '-bdf', '-q1s', '-C', this.#config];
  }
}

function configuration(root: string, port: number): string {
  const user = (part: string) => `\${lookup{${part}}lsearch{${root}/exim/users}}`;
  return `spool_directory = ${root}/exim/spool
log_file_path = ${root}/exim/log/%slog
pid_file_path = ${root}/exim/pid
primary_hostname = mail.our.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
exim_user = mail
exim_group = mail
deliver_drop_privilege
keep_environment =
rfc1413_query_timeout = 0s
host_lookup =
smtputf8_advertise_hosts = *
acl_smtp_rcpt = recipients
acl_smtp_data = letters
tls_advertise_hosts =

begin acl
recipients:
  # What is answered by a Sieve script comes from nobody.
  deny !senders = :
       !authenticated = *
       message = 530 5.7.0 who are you?
  deny local_parts = nobody
       message = 550 5.1.1 there is no such user
  deny local_parts = full
       message = 552 5.2.2 the mailbox is full
  accept
letters:
  deny condition = \${if match{$h_subject:}{(?i)casino}}
       message = 554 5.7.1 this looks like spam
  accept

begin routers
kept:
  driver = accept
  senders = keeper@*
  transport = sent
  unseen
away:
  driver = accept
  local_parts = robot
  transport = away
gone:
  driver = redirect
  local_parts = gone
  allow_fail
  data = :fail: 550 5.1.1 gone for good
delivered:
  driver = accept
  local_parts = lsearch;${root}/exim/users
  transport = inbox

begin transports
inbox:
  driver = lmtp
  socket = ${root}/run/lmtp
away:
  driver = autoreply
  from = robot@client.example
  to = $sender_address
  subject = Re: $h_subject:
  headers = In-Reply-To: $h_message-id:
  text = I am away
sent:
  driver = appendfile
  maildir_format
  directory = ${root}/mail/${user('$sender_address_local_part')}/.Sent

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{$auth3}{secret}}
  server_set_id = $auth2
`;
}
