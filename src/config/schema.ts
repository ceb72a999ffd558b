import { type Static, Type } from 'typebox';
import { Access, Scope } from './access-schema.ts';
import { Answer } from './answers-schema.ts';
import { defaults } from './defaults.ts';
import { Duration, Form } from './form-schema.ts';
import { RecordingRules } from './recordings-schema.ts';
import { Routing } from './routing-schema.ts';
import { id, strict, text } from './schema-parts.ts';
import { SignatureSchema } from './signature.ts';

const AreaCode = Type.String({
  pattern: '^[1-9]\\d{1,5}$',
  description: 'Area code of numbers that are dialled within the city, such as 495 for 000-01-00. Without the 8 or 0.',
});

const Company = Type.Object(
  {
    name: Type.Optional(text('Shown on the page.')),
    country: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{2}$',
        default: defaults.company.country,
        description: 'ISO 3166 code of the country that local numbers belong to.',
      }),
    ),
    areaCode: Type.Optional(AreaCode),
    timezone: Type.Optional(Type.String({ default: defaults.company.timezone, description: 'IANA time zone.' })),
    language: Type.Optional(
      Type.Union([Type.Literal('ru'), Type.Literal('en')], { default: defaults.company.language }),
    ),
    publicMail: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^@\\s]+\\.[^@\\s]+$', maxLength: 253 }), {
        maxItems: 1000,
        description: 'Further domains of public mail providers. An address at one of them does not identify a company.',
      }),
    ),
  },
  strict,
);

const Http = Type.Object(
  {
    host: Type.Optional(Type.String({ default: defaults.http.host })),
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535, default: defaults.http.port })),
    publicUrl: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Base URL of this program for browsers and CRMs.' }),
    ),
    trustProxy: Type.Optional(
      Type.Union([Type.Boolean(), Type.Array(Type.String({ minLength: 2, maxLength: 64 }))], {
        default: defaults.http.trustProxy,
        description:
          'Reverse proxies whose X-Forwarded-For, -Proto and -Host headers are trusted: addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal; true for all peers (only if nobody else can reach the port), false for none.',
      }),
    ),
    maxConnections: Type.Optional(
      Type.Integer({
        minimum: 16,
        maximum: 100_000,
        description:
          'Limit of simultaneous HTTP connections, including desks. By default it is derived from the limit of open files, at most 10000.',
      }),
    ),
  },
  strict,
);

const Absence = Type.Object(
  {
    from: text('Start of the absence: a date, or RFC 3339.'),
    to: text('Last day of the absence (a date), or the moment of return (RFC 3339).'),
    deputy: Type.Optional(id('Manager who stands in during this absence.')),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  },
  strict,
);

const Manager = Type.Object(
  {
    id: id('Stable id by which the CRM names the responsible manager.'),
    name: text('Name shown to colleagues and the CRM.'),
    extensions: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?$' }), { default: [] }),
    ),
    mobile: Type.Optional(Type.String({ maxLength: 32 })),
    email: Type.Optional(Type.String({ maxLength: 254 })),
    department: Type.Optional(Type.String({ maxLength: 200 })),
    hours: Type.Optional(id('Name of an entry of routing.hours.')),
    user: Type.Optional(id('Login of this manager.')),
    deputy: Type.Optional(id('Manager who stands in when this one is not available.')),
    absences: Type.Optional(Type.Array(Absence, { default: [] })),
    scope: Type.Optional(Scope),
    signature: Type.Optional(
      SignatureSchema('Signature below the letters that this manager sends, in place of that of the line.'),
    ),
  },
  strict,
);

const Line = Type.Object(
  {
    id: id('Stable id.'),
    channel: Type.Optional(
      Type.Union([Type.Literal('call'), Type.Literal('email'), Type.Literal('message'), Type.Literal('form')], {
        default: defaults.line.channel,
      }),
    ),
    address: Type.Optional(text('The DID as the PBX sends it, or the address of a mailbox. Not needed for a form.')),
    label: Type.Optional(Type.String({ maxLength: 200 })),
    connection: Type.Optional(id('Connection to which the line belongs.')),
    areaCode: Type.Optional(AreaCode),
    attribution: Type.Optional(
      Type.Object(
        {
          source: Type.Optional(Type.String()),
          medium: Type.Optional(Type.String()),
          campaign: Type.Optional(Type.String()),
        },
        strict,
      ),
    ),
    route: Type.Optional(text('`responsible`, `last`, `manager:ID`, `group:NAME`, `queue:NUMBER` or `default`.')),
    signature: Type.Optional(SignatureSchema('Signature below the letters that are sent from this address.')),
    form: Type.Optional(Form),
    pool: Type.Optional(
      Type.Object(
        {
          numbers: Type.Array(Type.String({ minLength: 2, maxLength: 32 }), {
            minItems: 1,
            maxItems: 1000,
            description: 'Further DIDs of this line as the PBX sends them. Each is shown to one visit at a time.',
          }),
          hold: Duration(
            'How long a number stays reserved for a visit after the last page view.',
            defaults.line.pool.hold,
          ),
        },
        { ...strict, description: 'Call tracking.' },
      ),
    ),
  },
  strict,
);

const Clients = Type.Object(
  {
    sources: Type.Optional(
      Type.Array(id('Name of a destination.'), {
        default: [],
        maxItems: 20,
        description: 'Destinations from which clients are read, in order of precedence.',
      }),
    ),
  },
  { ...strict, description: 'Sources of clients in addition to the API and imports.' },
);

const Messages = Type.Object(
  {
    undo: Duration(
      'How long a letter or message that was written at the desk can be taken back before it is sent; `0s` sends at once.',
      defaults.messages.undo,
    ),
  },
  { ...strict, description: 'Letters and messages that people write at the desk.' },
);

/** Settings of a module. `kind` selects the module, whose own schema validates the rest. */
const Module = Type.Object({ kind: id('Kind of the connector or destination.') }, { additionalProperties: true });
const modules = () => Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), Module, { default: {} });
const url = (fallback: string) =>
  Type.Object({ url: Type.Optional(Type.String({ default: fallback })) }, { ...strict, default: {} });

const StoreSection = Type.Object(
  {
    url: Type.Optional(Type.String({ default: defaults.store.url })),
    retention: Type.Optional(
      Type.Object(
        {
          months: Type.Integer({
            minimum: 1,
            maximum: 1200,
            description:
              'Contacts are deleted this many whole months after they were recorded. By default they are kept forever.',
          }),
          keepDetached: Type.Optional(
            Type.Boolean({
              default: defaults.store.keepDetached,
              description: 'PostgreSQL only: keep the interactions of an expired month as a detached table.',
            }),
          ),
        },
        strict,
      ),
    ),
    recordings: Type.Optional(RecordingRules),
  },
  { ...strict, default: {} },
);

/** Schema of the configuration file. */
export const ConfigSchema = Type.Object(
  {
    company: Type.Optional(Company),
    http: Type.Optional(Http),
    access: Type.Optional(Access),
    store: Type.Optional(StoreSection),
    queue: Type.Optional(url(defaults.queue.url)),
    blobs: Type.Optional(url(defaults.blobs.url)),
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(
            Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
              default: defaults.log.level,
            }),
          ),
        },
        strict,
      ),
    ),
    managers: Type.Optional(Type.Array(Manager, { default: [] })),
    clients: Type.Optional(Clients),
    lines: Type.Optional(Type.Array(Line, { default: [] })),
    answers: Type.Optional(
      Type.Array(Answer, {
        default: [],
        maxItems: 1000,
        description: 'Canned answers, which operators insert by typing a slash.',
      }),
    ),
    routing: Type.Optional(Routing),
    messages: Type.Optional(Messages),
    connectors: Type.Optional(modules()),
    destinations: Type.Optional(modules()),
  },
  { ...strict, $id: 'https://patchbay.example/config.schema.json', title: 'Patchbay configuration' },
);

/** The validated file without defaults. */
export type ConfigFile = Static<typeof ConfigSchema>;
