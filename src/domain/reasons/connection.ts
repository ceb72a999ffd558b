/** Reasons for states of connections: why a mailbox or a PBX does not work. */
export const connectionPhrases = {
  otherInstance: 'another instance runs this connection',
  several: '{reasons}',
  inFolder: '{folder}: {reason}',

  imapLoginRefused: 'the mail server refuses the login of {user}: check the password',
  imapTokenRefused: 'the mail server refuses the login of {user}: check that the token may read this mailbox',
  imapServiceHelp: '{service} explains at {help} how to log in with a mail program',
  mailServerRefuses: 'the mail server refuses connections: is it running, and is the port correct?',
  mailServerUnknown: 'the host name of the mail server does not resolve: is it correct?',
  mailServerSilent: 'the mail server does not answer in time',
  mailCertificateUntrusted: "the mail server's certificate is not trusted: set `ca` to its certificate authority",
  mailServerClosed: 'the mail server closed the connection',
  mailServerTrouble: 'the connection to the mail server failed',
  folderNotFound: 'found no {role} folder; set its name, one of: {folders}',
  folderMissing: 'there is no folder {path}; the server has: {folders}',
  folderReplaced: 'the folder was replaced by another of the same name',
  lettersTakenIn: '{done} of {total} letters taken in',
  tokenCommandFailed: 'the token command failed or took longer than 30 s',
  tokenCommandSilent: 'the token command printed nothing',
  tokenServiceRefused: 'the token service answered {status} without a token: is the refresh token still valid?',

  pbxNotListening:
    'nothing listens at {place}: is Asterisk running, and does manager.conf have [general] enabled=yes with this port and a bindaddr that this host can reach?',
  pbxUnreachable: 'connection to {place} failed',
  pbxNoGreeting: 'no greeting from {place} within the connect timeout; is it AMI?',
  pbxSilent: 'the PBX does not answer a Ping: the connection is dead',
  pbxClosed: 'the PBX at {place} closed the connection',
  pbxLoginRefused:
    'the PBX refused the login; check ami.username and ami.secret against manager.conf, and its permit/deny lines',
  pbxTrouble: 'the connection to the PBX failed',
  recordUnreadable: "the PBX's call record can't be read since {since}",
  recordGap: "calls from {from} to {to} were not seen, and the PBX's call record can't be read to recover them",

  refusedByStore: 'the store refused it',
  programFault: 'an error in the program',
  readerMissing: 'no configured connection {connection} can read it',
  quarantined: 'some contacts could not be stored; they are kept and will be retried',
  extensionsUnknown: '{service} has no employees with the extensions {extensions}: managers there can not be rung',
} as const;
