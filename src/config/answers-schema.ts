import { type Static, Type } from 'typebox';
import type { CannedAnswer } from '../domain/written/canned-answer.ts';
import { answerVariables, unknownVariables } from '../domain/written/canned-answer.ts';
import type { Report } from './problem.ts';
import { id, strict } from './schema-parts.ts';

const braces = answerVariables.map((name) => `{${name}}`).join(', ');

/** One canned answer in the file. */
export const Answer = Type.Object(
  {
    id: id('Stable id.'),
    title: Type.String({ minLength: 1, maxLength: 120, description: 'Name in the list of answers.' }),
    text: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: `Plain text. Variables: ${braces}.`,
    }),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Subject of a new letter.' })),
    language: Type.Optional(
      Type.Union([Type.Literal('ru'), Type.Literal('en')], {
        description: 'Offered first to clients who write in this language. By default in every language.',
      }),
    ),
    departments: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        default: [],
        maxItems: 100,
        description: 'Departments of the managers who see it. By default all.',
      }),
    ),
    channels: Type.Optional(
      Type.Array(Type.Union([Type.Literal('email'), Type.Literal('message')]), {
        default: [],
        description: 'Channels that it is offered for. By default all.',
      }),
    ),
  },
  strict,
);

/** Converts canned answers, and reports ids that are used twice and unknown variables. */
export function toAnswers(answers: readonly Static<typeof Answer>[], report: Report): readonly CannedAnswer[] {
  const ids = new Set<string>();
  return answers.map(({ id, title, text, subject, language, departments = [], channels = [] }, i) => {
    if (ids.has(id)) report(['answers', i, 'id'], `${id} is already the id of another answer`);
    ids.add(id);
    for (const name of unknownVariables(text))
      report(['answers', i, 'text'], `unknown variable {${name}}; expected one of ${braces}`);
    return { id, title, text, subject: subject ?? null, language: language ?? null, departments, channels };
  });
}
