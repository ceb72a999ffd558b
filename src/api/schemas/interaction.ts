import { Type } from 'typebox';
import { EndSchema, LegSchema, RecordingSchema, TranscriptRefSchema, TransferSchema } from './call-parts.ts';
import {
  Moment,
  Named,
  namedOrNull,
  orNull,
  Reason,
  ReasonSchema,
  reasonOrNull,
  ref,
  textOrNull,
  words,
} from './common.ts';
import {
  Attribution,
  AttributionSchema,
  Channel,
  ChannelSchema,
  Line,
  LineSchema,
  Party,
  PartySchema,
} from './contact.ts';
import { interactionExample } from './examples/interaction.ts';

/** Directions of interactions. */
export const Direction = words('inbound', 'outbound', 'internal');
/** States of interactions. The first six are states of calls, the others (and `failed`) of everything else. */
export const State = words(
  ...(['ringing', 'talking', 'answered', 'missed', 'unanswered', 'failed'] as const),
  ...(['received', 'queued', 'sent', 'delivered', 'read'] as const),
);

const momentOrNull = orNull(Moment);

/** A client that a party may be, and why. */
export const CandidateSchema = Type.Object(
  {
    client: Named,
    contact: namedOrNull,
    via: Type.Object(
      { kind: words('phone', 'email', 'account', 'domain'), value: Type.String() },
      {
        description:
          'What the party and the client have in common. `domain` only says that the client has other addresses at this domain; it is never a match by itself.',
      },
    ),
    why: Type.Array(Type.String()),
  },
  { $id: 'Candidate', description: 'A client that the party may be.' },
);
/** A reference to {@link CandidateSchema}. */
export const Candidate = ref(CandidateSchema);

/** How certain a match is. */
export const Outcome = words('matched', 'ambiguous', 'unknown');
/** Who decided. */
export const DecidedBy = words('auto', 'human');

/** What was decided about a phone number or address found in a text. */
export const SuggestionState = words('open', 'added', 'dismissed');

const AttachmentSchema = Type.Object(
  { id: Type.String(), name: Type.String(), mime: Type.String(), bytes: Type.Integer(), url: Type.String() },
  { $id: 'Attachment' },
);

const MessagePartSchema = Type.Object(
  {
    id: Type.String(),
    text: textOrNull,
    attachments: Type.Array(Type.String(), { description: 'Ids of its attachments.' }),
    editedAt: orNull(Moment, 'When its writer last edited it.'),
    deletedAt: orNull(Moment, 'When its writer deleted it.'),
  },
  { $id: 'MessagePart', description: 'One of the messages that the messenger shows as one, or that ours was sent in.' },
);

const TraceStepSchema = Type.Object(
  {
    rule: Type.String(),
    outcome: words('applied', 'skipped', 'noted'),
    why: Type.String({ description: 'In English.' }),
    reasons: Type.Array(Reason, { description: '`why` as codes. Empty in decisions of earlier versions.' }),
  },
  { $id: 'TraceStep', description: 'A rule that the router looked at, and why it did or did not apply.' },
);
/** The steps of a routing decision. */
export const Trace = Type.Array(ref(TraceStepSchema));
/** Where a contact goes. */
export const Decision = words('responsible', 'deputy', 'group', 'queue', 'default');

const SuggestionSchema = Type.Object(
  {
    kind: words('phone', 'email'),
    value: Type.String({ description: 'Phone numbers are E.164.' }),
    ext: textOrNull,
    state: SuggestionState,
    client: orNull(Named, 'The client it was added to.'),
    by: namedOrNull,
    at: momentOrNull,
  },
  { $id: 'Suggestion', description: 'A phone number or e-mail address found in a text.' },
);

const LinkSchema = Type.Object(
  { id: textOrNull, url: textOrNull, client: textOrNull, deal: textOrNull },
  { $id: 'Link', description: 'Where the interaction lives in a CRM.' },
);

/** The interaction, an outer contract: see DESIGN.md. */
export const InteractionSchema = Type.Object(
  {
    id: Type.String({ description: 'UUIDv7.' }),
    revision: Type.Integer({ minimum: 1, description: 'Grows with each change. Keep the highest.' }),
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
      { description: 'Other outside recipients of a letter, with the clients they belonged to when it arrived.' },
    ),
    match: Type.Object({
      outcome: Outcome,
      decidedBy: DecidedBy,
      by: namedOrNull,
      at: Moment,
      candidates: Type.Array(Candidate),
    }),
    responsible: orNull(Named, "The client's responsible manager at the time of routing."),
    assignee: orNull(Named, 'The manager the conversation was handed over to.'),
    handovers: Type.Array(Type.Object({ from: namedOrNull, to: Named, by: Named, at: Moment, note: textOrNull }), {
      description: 'Handovers of the conversation while this was its latest contact.',
    }),
    closed: orNull(
      Type.Object({ by: Named, at: Moment }),
      'Who closed the conversation while this was its latest contact.',
    ),
    deletedAt: orNull(Moment, 'When its writer deleted the message in the messenger. Its text and files are kept.'),
    edits: Type.Array(
      Type.Object({
        at: Moment,
        text: orNull(Type.String(), 'The text before the edit. Null if it was not received.'),
      }),
      {
        description:
          'Earlier texts of a message that its writer edited, oldest first. Their number and size are limited.',
      },
    ),
    parts: Type.Array(ref(MessagePartSchema), {
      description:
        'The messages it consists of in the messenger, if they are several, such as the pictures of an album.',
    }),
    handledBy: orNull(Named, 'The manager who last talked or wrote.'),
    line: orNull(Line),
    alsoOn: Type.Array(Line, { description: 'Other lines of ours that the same letter reached.' }),
    attribution: orNull(Attribution),
    startedAt: Moment,
    answeredAt: momentOrNull,
    endedAt: momentOrNull,
    waitSeconds: orNull(Type.Integer(), 'Seconds to the first human answer, else to the end.'),
    talkSeconds: orNull(Type.Integer(), 'Seconds of human talk. Overlapping talks count once.'),
    result: orNull(
      Type.Object({
        reason: words(
          'busy',
          'no_answer',
          'rejected',
          'wrong_number',
          'congestion',
          'unavailable',
          'cancelled',
          'failed',
        ),
        cause: orNull(Type.Integer(), 'The cause code of Q.850.'),
      }),
      'Why an outbound call was not answered.',
    ),
    legs: Type.Array(ref(LegSchema)),
    transfers: Type.Array(ref(TransferSchema)),
    recordings: Type.Array(ref(RecordingSchema)),
    subject: textOrNull,
    text: textOrNull,
    attachments: Type.Array(ref(AttachmentSchema)),
    html: orNull(
      Type.Object(
        { url: Type.String(), styled: Type.Boolean(), remoteImages: Type.Boolean() },
        { description: 'The whole letter, made safe to display. Present when `text` is not all of it.' },
      ),
    ),
    thread: orNull(Type.String(), 'The conversation it belongs to.'),
    causedBy: orNull(Type.String(), 'The interaction it answers.'),
    object: orNull(
      Type.Object({ type: Type.String(), id: Type.String() }),
      'What it is about in the CRM, for example a deal.',
    ),
    notes: Type.Array(Type.Object({ by: Named, at: Moment, text: Type.String() })),
    disposition: textOrNull,
    route: orNull(Type.Object({ decision: Decision, to: textOrNull, trace: Trace })),
    links: Type.Record(Type.String(), ref(LinkSchema), {
      description: 'By destination: where the interaction lives there. Does not raise the revision.',
    }),
    mergedInto: orNull(
      Type.String(),
      'The interaction that this one proved to be a part of. Remove your copy of this one.',
    ),
    automatic: orNull(
      words('auto_reply', 'bounce', 'list', 'spam', 'fax', 'notice'),
      'Set for mail that no human wrote to us, and for faxes.',
    ),
    problem: orNull(Type.String(), 'Why it could not be sent, in English.'),
    problemReason: reasonOrNull,
    sendAt: orNull(
      Type.String(),
      'When a queued letter or message is to leave, if not at once. Until then `POST /messages/{id}/cancel` takes it back.',
    ),
    suggestions: Type.Array(ref(SuggestionSchema), {
      description: 'Phone numbers and addresses found in the text. Nobody is matched by them until a human adds one.',
    }),
    reconstructed: Type.Boolean({
      description: 'True when parts were not seen live but restored from a call record or a snapshot.',
    }),
  },
  {
    $id: 'Interaction',
    description: 'One contact on one channel. All keys are always present; unknown values are null.',
    examples: [interactionExample],
  },
);

/** The components of this file, for the document. */
export const interactionComponents = [
  ReasonSchema,
  ChannelSchema,
  PartySchema,
  LineSchema,
  AttributionSchema,
  CandidateSchema,
  EndSchema,
  LegSchema,
  TransferSchema,
  RecordingSchema,
  TranscriptRefSchema,
  AttachmentSchema,
  MessagePartSchema,
  TraceStepSchema,
  SuggestionSchema,
  LinkSchema,
  InteractionSchema,
] as const;
