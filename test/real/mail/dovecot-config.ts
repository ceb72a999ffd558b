import { mailUser } from './mail-server.ts';

/** Optional parts of a test's Dovecot besides IMAP. */
export interface DovecotParts {
  /** URL of a token introspection service (RFC 7662); tokens are then accepted as logins. */
  readonly introspection?: string;
  /** Whether the password `secret` opens any mailbox (default: true). */
  readonly passwords?: boolean;
  /** Port of the SMTP server behind it: Dovecot relays submissions to it, and Sieve scripts send through it. */
  readonly relay?: () => number;
  /** Whether the server marks a Sent folder by its special use (default: true). */
  readonly sent?: boolean;
}

/** Its ports and directories. */
export interface DovecotPlaces {
  readonly root: string;
  readonly port: number;
  readonly submissionPort: number;
  /** The file with {@link introspecting}. */
  readonly tokens: string;
}

/** Configuration of the token introspection. */
export function introspecting(url: string): string {
  return `introspection_mode = post
introspection_url = ${url}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
`;
}

/** The complete configuration. */
export function dovecotConfig(places: DovecotPlaces, parts: DovecotParts): string {
  const { root, port } = places;
  const { introspection, passwords = true, relay, sent = true } = parts;
  return `base_dir = ${root}/run
state_dir = ${root}/state
log_path = ${root}/log
protocols = imap${relay === undefined ? '' : ' submission lmtp'}
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
auth_username_format = %Ln
auth_mechanisms =${passwords ? ' plain' : ''}${introspection === undefined ? '' : ' xoauth2 oauthbearer'}
${passwords ? byPassword : ''}${introspection === undefined ? '' : byToken(places.tokens)}
userdb {
  driver = static
  args = uid=${mailUser} gid=${mailUser} home=${root}/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
${sent ? sentByUse : ''}  mailbox Archive {
    auto = create
  }
}
# Several refused logins of one address make each next one slower, which tests need not wait for.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
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
${relay === undefined ? '' : eximSettings(places, relay())}`;
}

const sentByUse = `  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
`;

const byPassword = `passdb {
  driver = static
  mechanisms = plain
  args = password=secret
}
`;

function byToken(settings: string): string {
  return `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${settings}
}`;
}

/** Submission relays letters to the SMTP server, which delivers ours over LMTP, and Sieve scripts send through it. */
function eximSettings({ root, submissionPort }: DovecotPlaces, relay: number): string {
  return `hostname = mail.our.example
postmaster_address = postmaster@our.example
submission_relay_host = 127.0.0.1
submission_relay_port = ${relay}
submission_relay_user = relay
submission_relay_password = secret
submission_host = 127.0.0.1:${relay}
protocol lmtp {
  mail_plugins = sieve
}
plugin {
  sieve = file:${root}/sieve/%u.sieve
}
service submission-login {
  inet_listener submission {
    port = ${submissionPort}
  }
  inet_listener submissions {
    port = 0
  }
}
service lmtp {
  unix_listener lmtp {
    user = mail
    mode = 0600
  }
}
`;
}
