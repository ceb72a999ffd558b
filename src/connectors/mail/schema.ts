import { type Static, type TSchemaOptions, Type } from 'typebox';
import { knownDomains } from './services.ts';

const strict = { additionalProperties: false } as const;
const megabytes = (usual: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 2000, default: usual, description });

const tlsHelp = '`true`, `starttls`, `false` (never over a network), or `true` with certificates of your own.';
const TlsChoice = (options: TSchemaOptions) =>
  Type.Union(
    [
      Type.Boolean(),
      Type.Literal('starttls'),
      Type.Object(
        {
          ca: Type.Optional(Type.String({ description: 'Certificates to trust, in PEM.' })),
          rejectUnauthorized: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ],
    options,
  );
const Tls = () => TlsChoice({ default: true, description: tlsHelp });

const OAuth = Type.Union([
  Type.Object(
    {
      command: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'Program and arguments that print an access token.',
      }),
    },
    strict,
  ),
  Type.Object(
    {
      tokenUrl: Type.String({
        pattern: '^https?://',
        description: 'Where a refresh token is changed for an access token.',
      }),
      clientId: Type.String({ minLength: 1 }),
      clientSecret: Type.Optional(Type.String({ minLength: 1 })),
      refreshToken: Type.String({ minLength: 1 }),
      scope: Type.Optional(Type.String({ minLength: 1 })),
    },
    strict,
  ),
]);

const address = (description: string) =>
  Type.String({ pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$', maxLength: 254, description });

const Smtp = Type.Union(
  [
    Type.Literal(false),
    Type.Object(
      {
        host: Type.Optional(
          Type.String({ minLength: 1, description: "Server for outgoing letters; else the one beside `imap.host`'s." }),
        ),
        port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: '465, or 587 with `starttls`.' })),
        tls: Type.Optional(TlsChoice({ description: 'As for `imap`, whose choice is its default.' })),
        user: Type.Optional(Type.String({ minLength: 1, description: 'Login where it is not the one of `imap`.' })),
        password: Type.Optional(Type.String({ minLength: 1 })),
        login: Type.Boolean({ default: true, description: '`false`: a relay that knows us by our address.' }),
        copy: Type.Union([Type.Literal('auto'), Type.Literal('append'), Type.Literal('server')], {
          default: 'auto',
          description:
            'Who puts what was sent into the Sent folder: we (`append`) or the server itself (`server`); `auto` knows which services do.',
        }),
      },
      strict,
    ),
  ],
  { default: {}, description: 'How letters leave; `false`: the mailbox is only read.' },
);

/** Settings of a connection of `kind: mail`: one mailbox. */
export const MailSchema = Type.Object(
  {
    kind: Type.Literal('mail'),
    address: address("The mailbox's own address; a line of this address gives it a label and attribution."),
    addresses: Type.Array(Type.String({ pattern: '^[^\\s@<>"]*@[^\\s@<>"]+$' }), {
      default: [],
      description: 'Further addresses of ours; `@our.example` is everybody of that domain.',
    }),
    user: Type.Optional(Type.String({ minLength: 1, description: 'Login; the address by default.' })),
    password: Type.Optional(Type.String({ minLength: 1 })),
    oauth: Type.Optional(OAuth),
    imap: Type.Object(
      {
        host: Type.Optional(
          Type.String({ minLength: 1, description: "Left out where the address's own domain tells the service." }),
        ),
        port: Type.Integer({ minimum: 1, maximum: 65535, default: 993 }),
        tls: Tls(),
        poll: Type.Integer({
          minimum: 5,
          maximum: 3600,
          default: 60,
          description: 'Seconds after which the server is asked even if it told nothing.',
        }),
      },
      { ...strict, default: {} },
    ),
    smtp: Smtp,
    sent: Type.Optional(Type.String({ minLength: 1, description: 'Sent folder, where it is not found by itself.' })),
    folders: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Further folders that letters are sorted into before they are seen in INBOX.',
    }),
    spam: Type.Boolean({ default: false, description: 'Read the spam folder too; its letters are marked as spam.' }),
    journal: Type.Optional(
      address(
        'Letters that come to this address by BCC are read as sent, by whoever wrote them; may be the mailbox itself.',
      ),
    ),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: 'History is taken in from this day; else from the first start.',
      }),
    ),
    largestFile: megabytes(100, 'Megabytes of one attachment; a larger one is told of but not kept.'),
  },
  {
    ...strict,
    if: { properties: { address: { not: { pattern: `@(${knownDomains.join('|').replaceAll('.', '\\.')})$` } } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
    then: { properties: { imap: { required: ['host'] } } },
  },
);

/** The same with defaults filled in. */
export type MailConfig = Static<typeof MailSchema>;
/** How a server is reached safely. */
export type TlsSetting = MailConfig['imap']['tls'];
