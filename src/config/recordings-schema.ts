import { type Static, Type } from 'typebox';
import { id, strict } from './schema-parts.ts';

const words = <Word extends string>(...all: Word[]) => Type.Array(Type.Union(all.map((word) => Type.Literal(word))));

/** The rules of `store.recordings`. */
export const RecordingRules = Type.Array(
  Type.Object(
    {
      days: Type.Integer({ minimum: 1, maximum: 36_500, description: 'Days after the call.' }),
      when: Type.Optional(
        Type.Object(
          {
            kind: Type.Optional(words('call', 'voicemail')),
            line: Type.Optional(Type.Array(id('Id of a line.'))),
            state: Type.Optional(words('answered', 'missed', 'unanswered', 'failed')),
            direction: Type.Optional(words('inbound', 'outbound', 'internal')),
          },
          { ...strict, description: 'Conditions, which must all hold. Without them the rule is for all recordings.' },
        ),
      ),
    },
    strict,
  ),
  {
    maxItems: 100,
    description:
      'How long recordings can be heard. The first rule that applies counts; without one, a recording stays as long as its call. Files on the PBX are not deleted.',
  },
);

/** The rules as written in the file. */
export type RecordingRulesFile = Static<typeof RecordingRules>;
