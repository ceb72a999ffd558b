import { Type } from 'typebox';
import { Moment, NamedSchema, orNull, ReasonSchema, reasonOrNull, textOrNull, words } from './common.ts';

/** Channels of interactions. */
export const Channel = words('call', 'email', 'message', 'form', 'meeting');
/** Directions of interactions. */
export const Direction = words('inbound', 'outbound', 'internal');
/** States of interactions: the first six of calls, the others (and `failed`) of everything else. */
export const State = words(
  ...(['ringing', 'talking', 'answered', 'missed', 'unanswered', 'failed'] as const),
  ...(['received', 'queued', 'sent', 'delivered', 'read'] as const),
);

const momentOrNull = orNull(Moment);
const namedOrNull = orNull(NamedSchema);
const numberOrNull = orNull(Type.Integer());
/** A line of ours that a contact reached. */
export const Line = Type.Object({
  id: Type.String(),
  label: Type.String(),
  address: Type.String(),
  connection: textOrNull,
});

/** The outside end. */
export const Party = Type.Object({
  phone: Type.Union([Type.String(), Type.Null()], { description: 'E.164.' }),
  raw: Type.String({ description: 'As it came.' }),
  ext: textOrNull,
  withheld: Type.Boolean(),
  email: textOrNull,
  account: orNull(
    Type.Object({ kind: Type.String(), connection: Type.String(), id: Type.String(), username: textOrNull }),
  ),
  name: textOrNull,
});

/** Somebody whom a party may be, and why. */
export const CandidateSchema = Type.Object({
  client: NamedSchema,
  contact: namedOrNull,
  via: Type.Object(
    { kind: words('phone', 'email', 'account', 'domain'), value: Type.String() },
    { description: '`domain`: the client has other addresses there; weak, and never a match.' },
  ),
  why: Type.Array(Type.String()),
});

/** How sure a match is. */
export const Outcome = words('matched', 'ambiguous', 'unknown');
/** Who decided. */
export const DecidedBy = words('auto', 'human');

/** What became of a telephone or address that stands in a text. */
export const SuggestionState = words('open', 'added', 'dismissed');

/** Where a contact came from. */
export const Attribution = Type.Object({
  source: textOrNull,
  medium: textOrNull,
  campaign: textOrNull,
  content: textOrNull,
  term: textOrNull,
  page: textOrNull,
  referrer: textOrNull,
  ids: Type.Record(Type.String(), Type.String()),
});

const end = { manager: namedOrNull, extension: textOrNull, phone: textOrNull };
const Leg = Type.Object({
  kind: words('extension', 'mobile', 'queue', 'ivr', 'voicemail'),
  ...end,
  rangAt: momentOrNull,
  talkedAt: momentOrNull,
  endedAt: momentOrNull,
  outcome: orNull(
    words('answered', 'elsewhere', 'no_answer', 'busy', 'rejected', 'unavailable', 'cancelled', 'failed'),
  ),
});

const Transfer = Type.Object({
  kind: words('blind', 'attended', 'blonde', 'pickup', 'park'),
  from: Type.Object(end),
  to: Type.Object(end),
  at: Moment,
  outcome: words('done', 'returned', 'failed'),
});

const Recording = Type.Object({
  id: Type.String(),
  leg: Type.Union([Type.Integer(), Type.Null()], { description: 'Index into legs; null for the whole call.' }),
  kind: words('call', 'voicemail'),
  state: words('pending', 'ready', 'missing', 'erased'),
  startedAt: Moment,
  seconds: numberOrNull,
  mime: textOrNull,
  bytes: numberOrNull,
  url: textOrNull,
});

/** The steps of a routing decision. */
export const Trace = Type.Array(
  Type.Object({
    rule: Type.String(),
    outcome: words('applied', 'skipped', 'noted'),
    why: Type.String({ description: 'In English.' }),
    reasons: Type.Array(ReasonSchema, { description: '`why` as codes; empty in decisions of earlier versions.' }),
  }),
);
/** Where a contact goes. */
export const Decision = words('responsible', 'deputy', 'group', 'queue', 'default');

/** The interaction: DESIGN.md, "Outer contracts". */
export const InteractionSchema = Type.Object(
  {
    id: Type.String({ description: 'UUIDv7.' }),
    revision: Type.Integer({ minimum: 1, description: 'Grows with each change; keep the highest.' }),
    channel: Channel,
    direction: Direction,
    state: State,
    party: Party,
    client: orNull(
      Type.Object({ id: Type.String(), name: Type.String(), kind: words('company', 'person'), url: textOrNull }),
    ),
    contact: namedOrNull,
    participants: Type.Array(
      Type.Object({ email: Type.String(), name: textOrNull, client: namedOrNull, contact: namedOrNull }),
      { description: 'Further outside recipients of a letter, and whose their addresses were when it came.' },
    ),
    match: Type.Object({
      outcome: Outcome,
      decidedBy: DecidedBy,
      by: namedOrNull,
      at: Moment,
      candidates: Type.Array(CandidateSchema),
    }),
    responsible: namedOrNull,
    assignee: namedOrNull,
    handovers: Type.Array(
      Type.Object({ from: namedOrNull, to: NamedSchema, by: NamedSchema, at: Moment, note: textOrNull }),
      { description: 'Who handed the conversation over to whom while this was its latest contact.' },
    ),
    closed: orNull(Type.Object({ by: NamedSchema, at: Moment })),
    deletedAt: momentOrNull,
    handledBy: namedOrNull,
    line: orNull(Line),
    alsoOn: Type.Array(Line),
    attribution: orNull(Attribution),
    startedAt: Moment,
    answeredAt: momentOrNull,
    endedAt: momentOrNull,
    waitSeconds: numberOrNull,
    talkSeconds: numberOrNull,
    legs: Type.Array(Leg),
    transfers: Type.Array(Transfer),
    recordings: Type.Array(Recording),
    subject: textOrNull,
    text: textOrNull,
    attachments: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        mime: Type.String(),
        bytes: Type.Integer(),
        url: Type.String(),
      }),
    ),
    html: orNull(
      Type.Object(
        { url: Type.String(), styled: Type.Boolean(), remoteImages: Type.Boolean() },
        { description: 'The whole letter, made safe to look at, where `text` is not all of it.' },
      ),
    ),
    thread: textOrNull,
    causedBy: textOrNull,
    object: orNull(Type.Object({ type: Type.String(), id: Type.String() })),
    notes: Type.Array(Type.Object({ by: NamedSchema, at: Moment, text: Type.String() })),
    disposition: textOrNull,
    route: orNull(Type.Object({ decision: Decision, to: textOrNull, trace: Trace })),
    links: Type.Record(
      Type.String(),
      Type.Object({ id: textOrNull, url: textOrNull, client: textOrNull, deal: textOrNull }),
      { description: 'By destination: where it lives there. Does not raise the revision.' },
    ),
    mergedInto: Type.Union([Type.String(), Type.Null()], {
      description: 'It proved to be a part of this other interaction: take yours back.',
    }),
    automatic: orNull(words('auto_reply', 'bounce', 'list', 'spam')),
    problem: Type.Union([Type.String(), Type.Null()], { description: 'Why it was not sent, in English.' }),
    problemReason: reasonOrNull,
    suggestions: Type.Array(
      Type.Object({
        kind: words('phone', 'email'),
        value: Type.String({ description: 'Phones are E.164.' }),
        ext: textOrNull,
        state: SuggestionState,
        client: Type.Union([NamedSchema, Type.Null()], { description: 'Whom it was added to.' }),
        by: namedOrNull,
        at: momentOrNull,
      }),
      {
        description:
          'Telephones and addresses that stand in what was written: nobody is matched by them before a human adds one.',
      },
    ),
    reconstructed: Type.Boolean(),
  },
  { $id: 'Interaction', description: 'All keys are always there; what is unknown is null.' },
);
