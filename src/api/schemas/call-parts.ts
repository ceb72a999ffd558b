import { Type } from 'typebox';
import { Moment, namedOrNull, orNull, ReasonSchema, ref, textOrNull, words } from './common.ts';

const momentOrNull = orNull(Moment);
const numberOrNull = orNull(Type.Integer());

const end = { manager: namedOrNull, extension: textOrNull, phone: textOrNull };
/** One of our ends of a call. */
export const EndSchema = Type.Object(end, { $id: 'End', description: 'One of our ends of a call.' });
/** An end that a call tried to reach, or reached. */
export const LegSchema = Type.Object(
  {
    kind: words('extension', 'mobile', 'queue', 'ivr', 'voicemail'),
    ...end,
    rangAt: momentOrNull,
    lastRangAt: orNull(Moment, 'When it last rang.'),
    rings: Type.Integer({
      minimum: 0,
      description: 'How often it rang. Repeated attempts at the same phone are one leg.',
    }),
    talkedAt: momentOrNull,
    endedAt: momentOrNull,
    outcome: orNull(
      words('answered', 'elsewhere', 'no_answer', 'busy', 'rejected', 'unavailable', 'cancelled', 'failed'),
    ),
    heldAt: orNull(Moment, 'Since when the party is on hold there.'),
    position: orNull(Type.Integer(), "For a queue: the party's place when it joined. 1 is the next."),
    left: orNull(
      words('answered', 'abandoned', 'timeout', 'exit_key', 'empty', 'full'),
      'For a queue: how the party left it.',
    ),
  },
  { $id: 'Leg', description: 'Whom a call tried to reach, or reached.' },
);

/** A transfer of a call. */
export const TransferSchema = Type.Object(
  {
    kind: words('blind', 'attended', 'blonde', 'pickup', 'park'),
    from: ref(EndSchema),
    to: ref(EndSchema),
    at: Moment,
    outcome: words('done', 'returned', 'failed'),
  },
  { $id: 'Transfer' },
);

/** That a recording has a transcript. */
export const TranscriptRefSchema = Type.Object(
  {
    id: Type.String({ description: 'Differs once the transcript is replaced.' }),
    state: words('ready', 'erased'),
    language: orNull(Type.String(), 'BCP 47.'),
    phrases: Type.Integer({ description: 'The number of phrases.' }),
    url: textOrNull,
  },
  { $id: 'TranscriptRef' },
);

/** A recording of a call. */
export const RecordingSchema = Type.Object(
  {
    id: Type.String(),
    leg: orNull(Type.Integer(), 'Index into `legs`. Null for a recording of the whole call.'),
    kind: words('call', 'voicemail'),
    state: words('pending', 'ready', 'missing', 'erased'),
    startedAt: Moment,
    seconds: numberOrNull,
    mime: textOrNull,
    bytes: numberOrNull,
    url: textOrNull,
    problem: orNull(Type.String(), 'Why it can not be played, in English.'),
    problemReason: orNull(ref(ReasonSchema), 'The same as a code.'),
    transcript: orNull(ref(TranscriptRefSchema), 'That there is a transcript. Its text is at its `url`.'),
  },
  { $id: 'Recording' },
);
