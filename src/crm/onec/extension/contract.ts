import { type Static, Type } from 'typebox';

/** The version of the contract. The second number grows with additions that older clients may ignore. */
export const contractVersion = '1.0';

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const closed = { additionalProperties: false } as const;

/** The form of references that are ids of our directory. */
export const referencePattern =
  /^(partner|counterparty|person|lead|leadPerson|deal)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const Guid = Type.String({ pattern: `^${guid}$`, description: 'A reference of the base, in lower case.' });
const Reference = Type.String({
  pattern: referencePattern.source,
  description: 'What an object is to us, and its reference.',
});
const Moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$',
  description: 'UTC, in whole seconds.',
});
const Name = Type.String({ maxLength: 300 });
const Phones = Type.Array(Type.String({ maxLength: 500 }), {
  maxItems: 100,
  description: 'Telephone numbers as people typed them; one text may hold several.',
});
const Emails = Type.Array(Type.String({ maxLength: 500 }), { maxItems: 100 });

const Person = Type.Object({ id: Reference, name: Name, phones: Phones, emails: Emails });
const Deal = Type.Object({ id: Reference, name: Name, stage: Type.Union([Name, Type.Null()]) });

const Client = Type.Object({
  id: Reference,
  kind: Type.Union([Type.Literal('company'), Type.Literal('person')]),
  name: Name,
  responsible: Type.Union([Guid, Type.Null()], { description: 'A user, in УНФ an employee.' }),
  phones: Phones,
  emails: Emails,
  contacts: Type.Array(Person, { maxItems: 1000 }),
  deals: Type.Array(Deal, { maxItems: 1000, description: 'Open deals only.' }),
  url: Type.Union([Type.String({ maxLength: 500 }), Type.Null()], {
    description: 'Navigation link inside the base: `e1cib/data/…`.',
  }),
});

const ClientsPage = Type.Object({
  items: Type.Array(Client, { maxItems: 1000 }),
  removed: Type.Array(Reference, { maxItems: 1000, description: 'Clients that are marked for deletion or gone.' }),
  next: Type.String({ minLength: 1, maxLength: 500, description: 'The cursor of what follows.' }),
  more: Type.Boolean({ description: 'Whether the next page can be read at once.' }),
});
const ClientsFound = Type.Object({ items: Type.Array(Client, { maxItems: 20 }) });

const Users = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Guid,
      user: Type.Union([Guid, Type.Null()], { description: 'The user of an employee; else the same as `id`.' }),
      name: Name,
      email: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
      extension: Type.Union([Type.String({ maxLength: 20 }), Type.Null()]),
      active: Type.Boolean(),
    }),
    { maxItems: 10_000 },
  ),
});

const Ping = Type.Object({
  contract: Type.String({ pattern: '^\\d{1,3}\\.\\d{1,3}$' }),
  extension: Type.String({ maxLength: 20 }),
  configuration: Type.Object({ name: Name, version: Type.String({ maxLength: 50 }) }),
  timezone: Type.String({ maxLength: 50, description: 'The zone of the session that answers.' }),
  now: Moment,
  missing: Type.Array(Type.String({ maxLength: 200 }), {
    maxItems: 100,
    description: 'Parts of the contract that this configuration has no objects for: `deals`, `leads`, `calls` …',
  }),
});

const Interaction = Type.Object(
  {
    id: Type.String({ pattern: `^${guid}$`, description: 'Our id: one document of the base is kept under it.' }),
    revision: Type.Integer({ minimum: 1, description: 'A lower one than the base has seen changes nothing.' }),
    removed: Type.Boolean({ description: 'The document is marked for deletion.' }),
    channel: Type.Union([
      Type.Literal('call'),
      Type.Literal('email'),
      Type.Literal('message'),
      Type.Literal('form'),
      Type.Literal('meeting'),
    ]),
    direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
    startedAt: Moment,
    talkSeconds: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    considered: Type.Boolean({ description: 'Рассмотрено: false for what somebody still has to do.' }),
    party: Type.Object(
      {
        name: Type.Union([Name, Type.Null()]),
        phone: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
        email: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
      },
      closed,
    ),
    client: Type.Union([Reference, Type.Null()]),
    contact: Type.Union([Reference, Type.Null()]),
    deal: Type.Union([Reference, Type.Null()]),
    user: Type.Union([Guid, Type.Null()], { description: 'Who talked or is responsible: `user` of users.' }),
    subject: Type.String({ maxLength: 1000 }),
    text: Type.String({ maxLength: 100_000 }),
    recording: Type.Union([Type.String({ pattern: '^https?://', maxLength: 2000 }), Type.Null()]),
  },
  closed,
);
const Written = Type.Object({
  result: Type.Union([
    Type.Literal('created'),
    Type.Literal('updated'),
    Type.Literal('unchanged'),
    Type.Literal('removed'),
  ]),
  object: Type.Union([Type.Object({ type: Type.String({ maxLength: 100 }), id: Guid }), Type.Null()], {
    description: 'The document, as OData names it: `Document_ТелефонныйЗвонок`.',
  }),
});

const Notification = Type.Object(
  {
    id: Type.String({ pattern: `^${guid}$`, description: 'The id of the interaction.' }),
    event: Type.Union([Type.Literal('ring'), Type.Literal('talk'), Type.Literal('end')]),
    at: Moment,
    user: Type.Union([Guid, Type.Null()]),
    extension: Type.Union([Type.String({ maxLength: 20 }), Type.Null()], {
      description: 'Finds the user if `user` is null.',
    }),
    phone: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
    name: Type.Union([Name, Type.Null()]),
    line: Type.Union([Name, Type.Null()]),
    client: Type.Union([Reference, Type.Null()]),
    contact: Type.Union([Reference, Type.Null()]),
    deal: Type.Union([Reference, Type.Null()]),
  },
  closed,
);
const Notified = Type.Object({
  listening: Type.Boolean({ description: "Whether the user's form has asked for calls within the last minute." }),
});

const Problem = Type.Object({
  code: Type.String({ pattern: '^[a-zA-Z]{1,50}$' }),
  message: Type.String({ maxLength: 1000 }),
  retryable: Type.Boolean({ description: 'Whether the same request can succeed later.' }),
});

/** All messages of the contract, by name. `integrations/1c/contract/` holds them as JSON Schema. */
export const messages = {
  Ping,
  ClientsPage,
  ClientsFound,
  Users,
  Interaction,
  Written,
  Notification,
  Notified,
  Problem,
} as const;

/** A client in the base, with everything that belongs to it. */
export type RemoteClient = Static<typeof Client>;
/** A page of clients. */
export type RemoteClients = Static<typeof ClientsPage>;
/** The users of the base. */
export type RemoteUsers = Static<typeof Users>;
/** What the extension says of itself and of the base. */
export type RemotePing = Static<typeof Ping>;
/** An interaction as the extension takes it. */
export type RemoteInteraction = Static<typeof Interaction>;
/** What became of it. */
export type RemoteWritten = Static<typeof Written>;
/** A call to be shown in 1C. */
export type RemoteNotification = Static<typeof Notification>;
