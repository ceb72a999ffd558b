/** Why a recording can't be played. */
export const recordingPhrases = {
  recordingsUnset: 'the connection has no `recordings`, so the file is not looked for',
  recordingNotFound: 'the PBX named the recording, but there is no file of it',
  recordingUnfinished: 'the file of the recording was never finished',
  recordingTooLarge: 'the recording is larger than {limit} MB',
  recordingExpired: 'the recording was removed after {days} days',
  recordingHost: 'the recording is at {host}, which is not among `recordings.hosts`',
  recordingsDirectoryLost: "the directory of recordings {directory} can't be read: is it mounted?",
  sftpUnreachable: "the SFTP server {place} can't be reached",
  sftpHostKeyUnknown: 'the SFTP server {place} shows another host key than `hostKey`: {found}',
  sftpLoginRefused: 'the SFTP server {place} refuses the login {user}',
  sftpSilent: 'the SFTP server {place} did not answer in time',
} as const;
