import { Type } from 'typebox';
import type { ListedConversation } from '../../domain/ports/queries.ts';
import { answerVariables } from '../../domain/written/canned-answer.ts';
import { Moment, orNull, ref, schemaRef, strictObject, words } from './common.ts';
import { Channel } from './contact.ts';
import * as example from './examples/conversations.ts';

/** How many conversations one request can hand over or close. */
export const maxAtOnce = 200;

/** A conversation as lists show it. */
export const ConversationSchema = Type.Object(
  {
    id: Type.String({ description: 'The thread, or the id of an interaction without one.' }),
    waitingSince: orNull(Moment, 'Since when the client has been waiting for an answer. Null: nothing waits.'),
    latest: schemaRef<ListedConversation['latest']>('Interaction'),
  },
  { $id: 'Conversation', description: 'A conversation by its latest contact.', examples: [example.conversation] },
);

/** A line, as lists of lines name it. */
export const LineSchema = Type.Object(
  { id: Type.String(), label: Type.String(), channel: Channel },
  { $id: 'LineHead', examples: [example.line] },
);

/** A text that operators insert into their answers. */
export const CannedAnswerSchema = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    text: Type.String({
      description: `Plain text. Variables: ${answerVariables.map((one) => `{${one}}`).join(', ')}.`,
    }),
    subject: orNull(Type.String(), 'Subject of a new letter.'),
    language: orNull(words('ru', 'en'), 'Null: for every language.'),
    departments: Type.Array(Type.String(), { description: 'Empty: for all departments.' }),
    channels: Type.Array(words('email', 'message'), { description: 'Empty: for all channels.' }),
    files: Type.Array(Type.Object({ name: Type.String(), mime: Type.String(), bytes: Type.Integer() }), {
      description: 'Attached with it: see `GET /answers/{id}/files/{file}`.',
    }),
  },
  { $id: 'CannedAnswer', examples: [example.cannedAnswer] },
);

const count = (description: string) => Type.Integer({ minimum: 0, maximum: 1000, description });

/** The number of unanswered conversations in each scope. */
export const ConversationCountsSchema = Type.Object(
  {
    mine: count('Those that the user has to answer.'),
    department: count("Those of the user's department, including the user's own."),
    nobody: count('Those that nobody has to answer yet.'),
    all: count('All that the user sees.'),
  },
  {
    $id: 'ConversationCounts',
    description: 'Unanswered conversations. Counting stops at 1000.',
    examples: [example.counts],
  },
);

const Interactions = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  minItems: 1,
  maxItems: maxAtOnce,
  uniqueItems: true,
  description: 'One interaction of each conversation.',
});

/** The body of `POST /conversations/handover`. */
export const BulkHandover = strictObject(
  {
    interactions: Interactions,
    to: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'The manager who takes over.' })),
    department: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Instead of `to`: dealt out in turn among the managers of the department who are not absent.',
      }),
    ),
    note: Type.Optional(Type.String({ maxLength: 2000, description: 'What the manager should know.' })),
  },
  { $id: 'BulkHandover', examples: [example.bulkHandover] },
);

/** The body of `POST /conversations/close`. */
export const BulkClose = strictObject(
  { interactions: Interactions },
  { $id: 'BulkClose', examples: [example.bulkClose] },
);

/** What became of one conversation. */
export const BulkResultSchema = Type.Object(
  {
    id: Type.String({ description: 'The interaction as the request names it.' }),
    problem: orNull(
      Type.Object({
        type: words('not-found', 'conflict', 'invalid', 'unavailable'),
        detail: Type.String({ description: 'Why it was not done, in English.' }),
      }),
      'Null when it was done.',
    ),
  },
  { $id: 'BulkResult', examples: [example.bulkResult] },
);
/** A reference to {@link BulkResultSchema}. */
export const BulkResult = ref(BulkResultSchema);

/** The components of this file, for the document. */
export const conversationComponents = [
  ConversationSchema,
  ConversationCountsSchema,
  BulkHandover,
  BulkClose,
  BulkResultSchema,
  LineSchema,
  CannedAnswerSchema,
] as const;
