import { type Static, Type } from 'typebox';
import type { Marks } from '../contract.ts';

/** Settings of a messenger that can show clients that we are writing, and that we have read their messages. */
export const markSettings = {
  typing: Type.Boolean({ default: true, description: 'Show clients that an operator is writing to them.' }),
  markRead: Type.Union([Type.Literal('never'), Type.Literal('answered'), Type.Literal('opened')], {
    default: 'never',
    description:
      'When clients see that their messages were read: `answered`, when we have answered; `opened`, also when an operator opens the conversation.',
  }),
} as const;
const Settings = Type.Object(markSettings);

/** What a connection shows to clients. */
export function marksOf({ typing, markRead }: Static<typeof Settings>): Marks {
  return { typing, read: markRead };
}
