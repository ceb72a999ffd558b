import { type Static, Type } from 'typebox';
import { Moment, NamedSchema, orNull, reasonOrNull, textOrNull, words } from './common.ts';
import { CandidateSchema, DecidedBy, Decision, Outcome, Trace } from './interaction.ts';

const undeliverable = {
  since: Moment,
  status: Type.String({ description: 'RFC 3463, like 5.1.1.' }),
  why: Type.String({ description: "The mail system's own words." }),
};
const Identifiers = Type.Array(
  Type.Object({
    kind: words('phone', 'email', 'account'),
    value: Type.String({ description: 'Phones are E.164.' }),
    undeliverable: Type.Optional(
      Type.Object(undeliverable, { description: 'Only where letters to this address come back.' }),
    ),
  }),
);

/** An address that letters come back from. */
export const UndeliverableSchema = Type.Object({ email: Type.String(), ...undeliverable }, { $id: 'Undeliverable' });

/** A client as it is kept: identifiers normalised. */
export const ClientSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    kind: words('company', 'person'),
    responsible: textOrNull,
    segment: textOrNull,
    url: textOrNull,
    identifiers: Identifiers,
    contacts: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), identifiers: Identifiers })),
    deals: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), stage: textOrNull, url: textOrNull })),
    fields: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
  },
  { $id: 'Client' },
);

/** What an import did. */
export const ImportReportSchema = Type.Object(
  {
    bytes: Type.Integer(),
    accepted: Type.Integer(),
    refused: Type.Integer(),
    rows: Type.Array(Type.Object({ row: Type.Integer(), column: textOrNull, why: Type.String() }), {
      description: 'The first refused ones.',
    }),
  },
  { $id: 'ImportReport' },
);

/** Who somebody is. */
export const MatchSchema = Type.Object(
  {
    outcome: Outcome,
    decidedBy: DecidedBy,
    by: orNull(NamedSchema),
    client: Type.Union([NamedSchema, Type.Null()], { description: 'Who it is, where it is `matched`.' }),
    candidates: Type.Array(CandidateSchema),
  },
  { $id: 'Match' },
);

/** Where a contact goes, and why. */
export const RouteSchema = Type.Object(
  {
    decision: Decision,
    dial: Type.String({ description: 'What to dial; empty for queue and default.' }),
    managers: Type.Array(Type.Object({ manager: NamedSchema, extension: Type.String() })),
    queue: textOrNull,
    timeout: Type.Integer({ description: 'Seconds to ring.' }),
    client: orNull(NamedSchema),
    responsible: orNull(NamedSchema),
    trace: Trace,
  },
  { $id: 'Route' },
);

/** One thing a destination is owed. */
export const DeliverySchema = Type.Object(
  {
    id: Type.String(),
    destination: Type.String(),
    kind: words('interaction', 'lead', 'task', 'client_erasure'),
    subject: Type.String(),
    revision: Type.Integer({ description: 'Owed now.' }),
    deliveredRevision: Type.Integer({ description: 'The highest that was taken; 0 for none.' }),
    state: words('due', 'parked', 'done'),
    attempts: Type.Integer({ description: 'Failed ones since the last success.' }),
    nextAt: Moment,
    lastError: textOrNull,
    lastReason: reasonOrNull,
    updatedAt: Moment,
  },
  { $id: 'Delivery' },
);

/** How a connection is. */
export const ConnectionSchema = Type.Object(
  {
    connection: Type.String(),
    kind: Type.String(),
    health: words('standby', 'connecting', 'ready', 'degraded', 'failed', 'stopped'),
    reason: textOrNull,
    stateReason: reasonOrNull,
    since: Type.String({ format: 'date-time', description: 'Since when it has been well, or has not.' }),
    waiting: Type.Integer({ description: 'Letters and messages that wait to be sent by it.' }),
  },
  { $id: 'Connection' },
);

/** Something that is quieter than it should be, or down. */
export const AlarmSchema = Type.Object(
  {
    id: Type.String(),
    kind: words('quiet-line', 'quiet-connection', 'connection-down', 'quarantine'),
    line: textOrNull,
    connection: textOrNull,
    since: Moment,
    expected: orNull(Type.Number()),
    seen: orNull(Type.Integer()),
    probability: orNull(Type.Number()),
    reason: textOrNull,
    stateReason: reasonOrNull,
    waiting: orNull(
      Type.Integer({
        description: 'Letters and messages that wait for the connection, or what is in quarantine of it.',
      }),
    ),
  },
  { $id: 'Alarm' },
);

/** What could not be taken in, without its contents. */
export const QuarantinedSchema = Type.Object(
  {
    id: Type.String(),
    connection: Type.String(),
    kind: orNull(words('call', 'written', 'report', 'deletion')),
    bytes: orNull(Type.Integer({ description: 'Of the source as it came, where that is kept.' })),
    reason: Type.String(),
    faultReason: reasonOrNull,
    at: Moment,
    triedAt: Moment,
    tries: Type.Integer(),
    event: Type.Optional(Type.Unknown({ description: 'What was read of it, where one entry is asked for.' })),
    version: Type.String({ description: 'Of the program that tried last; empty while another attempt is wanted.' }),
  },
  { $id: 'Quarantined' },
);

/** How a line or connection fares against its own past. */
export const QuietLineSchema = Type.Object(
  {
    line: textOrNull,
    connection: textOrNull,
    window: Type.Integer({ description: 'Hours that decided.' }),
    since: Moment,
    expected: Type.Number(),
    seen: Type.Integer(),
    probability: Type.Number({ description: 'Of so few by chance.' }),
    weeks: Type.Integer({ description: 'Comparable weeks that were found.' }),
    quiet: Type.Boolean(),
  },
  { $id: 'QuietLine' },
);

/** Who is logged in. */
export const SessionSchema = Type.Object(
  {
    login: Type.String(),
    role: words('operator', 'supervisor', 'admin', 'integration'),
    manager: orNull(NamedSchema),
    calls: Type.Boolean({ description: 'Whether a PBX can ring a telephone of theirs: `POST /calls`.' }),
    timezone: Type.String({ description: 'IANA zone that times are shown in.' }),
  },
  { $id: 'Session' },
);
/** {@link SessionSchema} as a type. */
export type SessionAnswer = Static<typeof SessionSchema>;

/** A colleague. */
export const ManagerSchema = Type.Object({ id: Type.String(), name: Type.String(), department: textOrNull });

/** One change of an interaction. */
export const HistoryEntry = Type.Object({
  revision: Type.Integer(),
  at: Moment,
  by: Type.String(),
  what: Type.String(),
});
