import { type Static, Type } from 'typebox';
import { callActions } from '../../domain/call/call-command.ts';
import { Moment, Named, namedOrNull, orNull, reasonOrNull, ref, textOrNull, words } from './common.ts';
import * as example from './examples/answers.ts';
import { Candidate, DecidedBy, Decision, Outcome, Trace } from './interaction.ts';
import { RoleSchema } from './people.ts';

const undeliverable = {
  since: Moment,
  status: Type.String({ description: 'The status code of RFC 3463, for example 5.1.1.' }),
  why: Type.String({ description: "The mail system's own words." }),
};
const IdentifierSchema = Type.Object(
  {
    kind: words('phone', 'email', 'account'),
    value: Type.String({ description: 'Phone numbers are E.164.' }),
    undeliverable: Type.Optional(
      Type.Object(undeliverable, { description: 'Present only when letters to this address bounce.' }),
    ),
  },
  { $id: 'Identifier', description: 'A phone number, e-mail address or account that a party is recognised by.' },
);
const Identifiers = Type.Array(ref(IdentifierSchema));
const ContactPersonSchema = Type.Object(
  { id: Type.String(), name: Type.String(), identifiers: Identifiers },
  { $id: 'ContactPerson' },
);
const DealSchema = Type.Object(
  { id: Type.String(), name: Type.String(), stage: textOrNull, url: textOrNull },
  { $id: 'Deal' },
);

/** An address that letters bounce from. */
export const UndeliverableSchema = Type.Object(
  { email: Type.String(), ...undeliverable },
  { $id: 'Undeliverable', examples: [example.undeliverable] },
);

/** A client with normalised identifiers. */
export const ClientSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    kind: words('company', 'person'),
    responsible: orNull(Type.String(), 'Id of the responsible manager.'),
    segment: textOrNull,
    url: textOrNull,
    identifiers: Identifiers,
    contacts: Type.Array(ref(ContactPersonSchema)),
    deals: Type.Array(ref(DealSchema)),
    fields: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
  },
  { $id: 'Client', description: 'A company or person in the CRM.', examples: [example.client] },
);

/** The outcome of an import. */
export const ImportReportSchema = Type.Object(
  {
    bytes: Type.Integer(),
    accepted: Type.Integer(),
    refused: Type.Integer(),
    rows: Type.Array(Type.Object({ row: Type.Integer(), column: textOrNull, why: Type.String() }), {
      description: 'The first refused rows.',
    }),
  },
  { $id: 'ImportReport', examples: [example.importReport] },
);

/** The client that a phone number or address belongs to. */
export const MatchSchema = Type.Object(
  {
    outcome: Outcome,
    decidedBy: DecidedBy,
    by: namedOrNull,
    client: orNull(Named, 'The client, when the outcome is `matched`.'),
    candidates: Type.Array(Candidate),
  },
  { $id: 'Match', examples: [example.match] },
);

/** Where a contact goes, and why. */
export const RouteSchema = Type.Object(
  {
    decision: Decision,
    dial: Type.String({ description: 'The dial string. Empty for `queue` and `default`.' }),
    managers: Type.Array(Type.Object({ manager: Named, extension: Type.String() })),
    queue: textOrNull,
    timeout: Type.Integer({ description: 'Seconds to ring.' }),
    client: namedOrNull,
    responsible: namedOrNull,
    trace: Trace,
  },
  { $id: 'Route', examples: [example.route] },
);

/** A subject that a destination is owed. */
export const DeliverySchema = Type.Object(
  {
    id: Type.String(),
    destination: Type.String(),
    kind: words('interaction', 'lead', 'task', 'client_erasure'),
    subject: Type.String({ description: 'Id of the interaction, lead, task or client.' }),
    revision: Type.Integer({ description: 'The revision owed now.' }),
    deliveredRevision: Type.Integer({ description: 'The highest delivered revision; 0 when there is none.' }),
    state: words('due', 'parked', 'done', 'skipped'),
    attempts: Type.Integer({ description: 'Failed attempts since the last success.' }),
    nextAt: Moment,
    lastError: textOrNull,
    lastReason: reasonOrNull,
    updatedAt: Moment,
  },
  { $id: 'Delivery', examples: [example.delivery] },
);

/** The state of a connection. */
export const ConnectionSchema = Type.Object(
  {
    connection: Type.String(),
    kind: Type.String(),
    health: words('standby', 'connecting', 'ready', 'degraded', 'failed', 'stopped'),
    reason: textOrNull,
    stateReason: reasonOrNull,
    since: Type.String({ format: 'date-time', description: 'When it became well, or stopped being well.' }),
    waiting: Type.Integer({ description: 'Letters and messages waiting to be sent by it.' }),
  },
  { $id: 'Connection', examples: [example.connection] },
);

/** A line or connection that is quieter than usual or down, a full quarantine, or a user who reads too much. */
export const AlarmSchema = Type.Object(
  {
    id: Type.String(),
    kind: words('quiet-line', 'quiet-connection', 'connection-down', 'quarantine', 'mass-reading'),
    line: textOrNull,
    connection: textOrNull,
    since: Moment,
    expected: orNull(Type.Number()),
    seen: orNull(Type.Integer()),
    probability: orNull(Type.Number()),
    reason: orNull(Type.String(), 'What is wrong with the connection. For `mass-reading`, the login of the user.'),
    stateReason: reasonOrNull,
    waiting: orNull(Type.Integer(), 'Letters and messages waiting for the connection, or its entries in quarantine.'),
  },
  { $id: 'Alarm', examples: [example.alarm] },
);

/** An entry of the quarantine. */
export const QuarantinedSchema = Type.Object(
  {
    id: Type.String(),
    connection: Type.String(),
    kind: orNull(words('call', 'transcript', 'written', 'report', 'deletion', 'reading')),
    bytes: orNull(Type.Integer(), 'Size of the original, when it was kept.'),
    reason: Type.String(),
    faultReason: reasonOrNull,
    at: Moment,
    triedAt: Moment,
    tries: Type.Integer(),
    event: Type.Optional(
      Type.Unknown({ description: 'What was read of it. Present only when a single entry is requested.' }),
    ),
    version: Type.String({
      description: 'Version of the program that tried last. Empty while another attempt is requested.',
    }),
  },
  { $id: 'Quarantined', examples: [example.quarantined] },
);

/** A line or connection compared with its own past. */
export const QuietLineSchema = Type.Object(
  {
    line: textOrNull,
    connection: textOrNull,
    window: Type.Integer({ description: 'Length of the deciding window, in hours.' }),
    since: Moment,
    expected: Type.Number(),
    seen: Type.Integer(),
    probability: Type.Number({ description: 'Probability of so few contacts by chance.' }),
    weeks: Type.Integer({ description: 'Comparable weeks found.' }),
    quiet: Type.Boolean(),
  },
  { $id: 'QuietLine', examples: [example.quietLine] },
);

/** The user who is logged in. */
export const SessionSchema = Type.Object(
  {
    login: Type.String(),
    role: RoleSchema,
    manager: namedOrNull,
    extension: orNull(Type.String(), "The manager's first extension."),
    department: orNull(Type.String(), "The manager's department."),
    calls: Type.Boolean({ description: 'Whether a PBX can ring a phone of the user: see `POST /calls`.' }),
    messengers: Type.Boolean({ description: 'Whether there are messengers to write by.' }),
    controls: Type.Array(words(...callActions), {
      description: 'What the PBXs can do to calls under way: see `POST /calls/{id}/commands`.',
    }),
    timezone: Type.String({ description: 'IANA time zone in which times are shown.' }),
    undo: Type.Integer({ description: 'Milliseconds for which a message sent with `undo` can be taken back.' }),
    company: Type.String({ description: 'Name of the company.' }),
  },
  { $id: 'Session', examples: [example.session] },
);
/** {@link SessionSchema} as a type. */
export type SessionAnswer = Static<typeof SessionSchema>;

/** A manager, as colleagues see them. */
export const ManagerSchema = Type.Object(
  { id: Type.String(), name: Type.String(), department: textOrNull },
  { $id: 'Manager', examples: [example.manager] },
);

/** One change of an interaction. */
export const HistoryEntrySchema = Type.Object(
  { revision: Type.Integer(), at: Moment, by: Type.String(), what: Type.String() },
  { $id: 'HistoryEntry', examples: [example.historyEntry] },
);

/** The components of this file, for the document. */
export const answerComponents = [
  IdentifierSchema,
  ContactPersonSchema,
  DealSchema,
  UndeliverableSchema,
  ClientSchema,
  ImportReportSchema,
  MatchSchema,
  RouteSchema,
  DeliverySchema,
  ConnectionSchema,
  AlarmSchema,
  QuarantinedSchema,
  QuietLineSchema,
  SessionSchema,
  ManagerSchema,
  HistoryEntrySchema,
] as const;
