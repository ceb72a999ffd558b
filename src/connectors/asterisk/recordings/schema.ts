import { type Static, Type } from 'typebox';
import { reachSettings } from '../../../runtime/http/settings.ts';

const strict = { additionalProperties: false } as const;
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const { proxy, ca, allowNetworks, timeout } = reachSettings;

/** A web server that has the recordings. */
const HttpSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^\\s{]+\\{(path|file)\\}[^\\s{]*$',
      description:
        'Address of a recording. {path} is its path below `monitor`, as in 2026/11/24/a.wav; {file} is its whole path on the PBX.',
    }),
    username: text('User name, for HTTP Basic.'),
    password: text('Password, for HTTP Basic.'),
    token: text('Bearer token, instead of a user name and password.'),
    ...{ proxy, ca, allowNetworks, timeout },
    largestFile: Type.Integer({ minimum: 1, maximum: 2048, default: 500, description: 'Largest recording, in MB.' }),
  },
  strict,
);

/** An SFTP server that has the recordings, usually the PBX itself. */
const SftpSchema = Type.Object(
  {
    host: Type.String({ minLength: 1 }),
    port: Type.Integer({ minimum: 1, maximum: 65535, default: 22 }),
    username: Type.String({ minLength: 1 }),
    password: text('Password of the user.'),
    privateKey: text('Private key of the user in PEM or OpenSSH format, usually read from a file.'),
    passphrase: text('Passphrase of the private key.'),
    hostKey: Type.String({
      pattern: '(^|\\s)(SHA256:[A-Za-z0-9+/]{43}|(ssh|ecdsa)-[a-z0-9-]+\\s[A-Za-z0-9+/=]+)',
      description: "The server's host key: its fingerprint SHA256:…, or its line of ssh-keyscan or known_hosts.",
    }),
    root: text(
      'Directory of the recordings on the server. By default that of `preset`, else /var/spool/asterisk/monitor.',
    ),
    timeout,
  },
  strict,
);

const VoicemailSchema = Type.Object(
  {
    dir: text("Path of the PBX's voicemail directory on this machine, usually /var/spool/asterisk/voicemail mounted."),
    root: text('The same directory on the SFTP server, by default /var/spool/asterisk/voicemail.'),
  },
  strict,
);

/** Settings of the recordings of a connection of `kind: asterisk`. */
export const RecordingsSchema = Type.Object(
  {
    dir: text("Path of the PBX's monitor directory on this machine."),
    http: Type.Optional(HttpSchema),
    sftp: Type.Optional(SftpSchema),
    preset: Type.Optional(
      Type.Union([Type.Literal('freepbx'), Type.Literal('mikopbx')], {
        description: 'Where this PBX keeps recordings, for `sftp`.',
      }),
    ),
    keep: Type.Union([Type.Literal('link'), Type.Literal('copy')], {
      default: 'link',
      description:
        'copy: each recording of `dir` is copied into `blobs`. Recordings of `http` and `sftp`, and voicemail, always are.',
    }),
    format: Type.Union([Type.Literal('original'), Type.Literal('opus'), Type.Literal('mp3')], {
      default: 'original',
      description: 'Format of copies. Other than `original` needs ffmpeg on this machine.',
    }),
    largest: Type.Integer({ minimum: 1, maximum: 2048, default: 500, description: 'Largest copied recording, in MB.' }),
    voicemail: Type.Optional(VoicemailSchema),
    transcripts: Type.Boolean({
      default: false,
      description:
        'Whether transcripts are read that a speech recogniser writes beside recordings: NAME.json, NAME.vtt or NAME.srt.',
    }),
  },
  {
    ...strict,
    description: 'Where the recordings of calls are: one of `dir`, `http` and `sftp`.',
    oneOf: [{ required: ['dir'] }, { required: ['http'] }, { required: ['sftp'] }],
  },
);

/** Where recordings are, and what is done with them. */
export type RecordingsConfig = Static<typeof RecordingsSchema>;
/** A web server with recordings. */
export type HttpRecordings = Static<typeof HttpSchema>;
/** An SFTP server with recordings. */
export type SftpRecordings = Static<typeof SftpSchema>;
