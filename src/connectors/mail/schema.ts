import { type Static, type TSchemaOptions, Type } from 'typebox';
import { knownDomains } from './services.ts';

const strict = { additionalProperties: false } as const;
const megabytes = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 2000, default: fallback, description });

const tlsHelp = '`true`, `starttls`, `false` (never over a network), or an object for TLS with your own certificates.';
const TlsChoice = (options: TSchemaOptions) =>
  Type.Union(
    [
      Type.Boolean(),
      Type.Literal('starttls'),
      Type.Object(
        {
          ca: Type.Optional(Type.String({ description: 'Trusted certificates in PEM format.' })),
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
        description: 'Program with arguments that prints an access token.',
      }),
    },
    strict,
  ),
  Type.Object(
    {
      tokenUrl: Type.String({
        pattern: '^https?://',
        description: 'URL at which a refresh token is exchanged for an access token.',
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
          Type.String({
            minLength: 1,
            description: 'Server for outgoing letters; derived from `imap.host` by default.',
          }),
        ),
        port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: '465, or 587 with `starttls`.' })),
        tls: Type.Optional(TlsChoice({ description: 'As for `imap`, whose setting is the default.' })),
        user: Type.Optional(Type.String({ minLength: 1, description: 'Login, if it differs from that of `imap`.' })),
        password: Type.Optional(Type.String({ minLength: 1 })),
        login: Type.Boolean({
          default: true,
          description: '`false` for a relay that authorises us by our IP address.',
        }),
        copy: Type.Union([Type.Literal('auto'), Type.Literal('append'), Type.Literal('server')], {
          default: 'auto',
          description:
            'Who stores sent letters in the Sent folder: Patchbay (`append`) or the server (`server`). `auto` knows which services do.',
        }),
      },
      strict,
    ),
  ],
  { default: {}, description: 'Settings for sending; `false` to only read the mailbox.' },
);

/** Settings of a connection of `kind: mail`: one mailbox. */
export const MailSchema = Type.Object(
  {
    kind: Type.Literal('mail'),
    address: address('Address of the mailbox. A line with this address adds a label and attribution.'),
    addresses: Type.Array(Type.String({ pattern: '^[^\\s@<>"]*@[^\\s@<>"]+$' }), {
      default: [],
      description: 'Further addresses of ours; `@our.example` stands for all addresses of that domain.',
    }),
    user: Type.Optional(Type.String({ minLength: 1, description: 'Login; the address by default.' })),
    password: Type.Optional(Type.String({ minLength: 1 })),
    oauth: Type.Optional(OAuth),
    imap: Type.Object(
      {
        host: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'Server for reading. Not needed if the domain of the address belongs to a known service.',
          }),
        ),
        port: Type.Integer({ minimum: 1, maximum: 65535, default: 993 }),
        tls: Tls(),
        poll: Type.Integer({
          minimum: 5,
          maximum: 3600,
          default: 60,
          description: 'Seconds after which the server is polled even if it reported nothing.',
        }),
      },
      { ...strict, default: {} },
    ),
    smtp: Smtp,
    quote: Type.Boolean({
      default: true,
      description: 'Whether answers repeat the letter that they answer, as a quotation.',
    }),
    sent: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of the Sent folder, if it is not found automatically.' }),
    ),
    folders: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Further folders to read, into which server rules move letters.',
    }),
    spam: Type.Boolean({ default: false, description: 'Also read the spam folder; its letters are marked as spam.' }),
    journal: Type.Optional(
      address(
        'Letters that arrive at this address by BCC count as sent by us, whatever their sender. Can be the mailbox itself.',
      ),
    ),
    forms: Type.Union(
      [Type.Literal('auto'), Type.Literal('none'), Type.Array(Type.String({ pattern: '^[^\\s@<>"]*@[^\\s@<>"]+$' }))],
      {
        default: 'auto',
        description:
          "Whose letters are those of a site's form, and so of the visitor in `Reply-To`: those of any address like noreply@ (`auto`), nobody's (`none`), or those of these addresses; `@site.example` stands for a domain.",
      },
    ),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: 'Import letters since this day; by default only those after the first start.',
      }),
    ),
    largestFile: megabytes(100, 'Limit of one attachment in megabytes. A larger one is replaced by a note.'),
  },
  {
    ...strict,
    if: { properties: { address: { not: { pattern: `@(${knownDomains.join('|').replaceAll('.', '\\.')})$` } } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
    then: { properties: { imap: { required: ['host'] } } },
  },
);

/** The settings with defaults filled in. */
export type MailConfig = Static<typeof MailSchema>;
/** TLS setting of a server. */
export type TlsSetting = MailConfig['imap']['tls'];
