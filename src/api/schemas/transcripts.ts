import { Type } from 'typebox';
import { languageTag, transcriptLimits } from '../../domain/call/transcript.ts';
import { namedOrNull, orNull, strictObject, words } from './common.ts';
import { anna } from './examples/people.ts';

const side = orNull(words('client', 'manager'), 'Who speaks. Null if unknown.');
const second = (description: string) => Type.Number({ minimum: 0, maximum: transcriptLimits.seconds, description });
const from = second('Seconds from the beginning of the recording.');
const to = second('The same of its end.');

const phrases = [
  { side: 'manager', manager: anna, from: 0.4, to: 3.1, text: 'Добрый день, чем могу помочь?' },
  { side: 'client', manager: null, from: 3.6, to: 7.9, text: 'Здравствуйте, пришлите, пожалуйста, смету до пятницы.' },
] as const;

/** What was said in a recording. */
export const TranscriptSchema = Type.Object(
  {
    recording: Type.String(),
    language: orNull(Type.String(), 'BCP 47.'),
    source: orNull(Type.String(), 'Who recognised the speech.'),
    phrases: Type.Array(Type.Object({ side, manager: namedOrNull, from, to, text: Type.String() })),
  },
  {
    $id: 'Transcript',
    description: 'What was said in a recording. The phrases are in the order in which they begin.',
    examples: [{ recording: 'r-5f607182', language: 'ru', source: 'whisper', phrases }],
  },
);

/** A transcript as a speech recogniser sends it. */
export const NewTranscriptSchema = strictObject(
  {
    language: Type.Optional(orNull(Type.String({ pattern: languageTag.source }), 'BCP 47, for example `ru`.')),
    source: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }), 'Who recognised the speech.')),
    phrases: Type.Array(
      strictObject({
        side: Type.Optional(side),
        manager: Type.Optional(
          orNull(
            Type.String({ minLength: 1, maxLength: 64 }),
            'The id of the manager who speaks. Then `side` is `manager`.',
          ),
        ),
        from,
        to,
        text: Type.String({ minLength: 1, maxLength: transcriptLimits.phrase }),
      }),
      { minItems: 1, maxItems: transcriptLimits.phrases },
    ),
  },
  {
    $id: 'NewTranscript',
    examples: [
      {
        language: 'ru',
        source: 'whisper',
        phrases: phrases.map((one) => ({ ...one, manager: one.manager?.id ?? null })),
      },
    ],
  },
);

/** The components of this file, for the document. */
export const transcriptComponents = [TranscriptSchema, NewTranscriptSchema] as const;
