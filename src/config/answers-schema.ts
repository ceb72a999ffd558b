import { basename, resolve } from 'node:path';
import { detectMimeType } from 'nodemailer/lib/mime-funcs/mime-types';
import { type Static, Type } from 'typebox';
import type { AnswerFile, CannedAnswer } from '../domain/written/canned-answer.ts';
import { answerVariables, unknownVariables } from '../domain/written/canned-answer.ts';
import { beginningOf } from './file-beginning.ts';
import type { Report } from './problem.ts';
import { id, text as schemaText, strict } from './schema-parts.ts';

/** Bytes of all files of an answer, as of a message. */
const maxBytes = 25 * 1024 * 1024;
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
    files: Type.Optional(
      Type.Array(schemaText('Path of a file, relative to the configuration file.'), {
        default: [],
        maxItems: 10,
        description: 'Files that are attached with it.',
      }),
    ),
  },
  strict,
);

/**
 * Converts canned answers. Reports ids that are used twice, unknown variables, and files that can't be read or are too large.
 * Paths are relative to `directory`.
 */
export function toAnswers(
  answers: readonly Static<typeof Answer>[],
  directory: string,
  report: Report,
): readonly CannedAnswer[] {
  const ids = new Set<string>();
  return answers.map(({ id, title, text, subject, language, departments = [], channels = [], files = [] }, i) => {
    if (ids.has(id)) report(['answers', i, 'id'], `${id} is already the id of another answer`);
    ids.add(id);
    for (const name of unknownVariables(text))
      report(['answers', i, 'text'], `unknown variable {${name}}; expected one of ${braces}`);
    const found = files.flatMap((path, n) => toFile(resolve(directory, path), ['answers', i, 'files', n], report));
    if (found.reduce((sum, { bytes }) => sum + bytes, 0) > maxBytes)
      report(['answers', i, 'files'], 'expected at most 25 MB in all, which is what one letter carries');
    return {
      ...{ id, title, text, subject: subject ?? null, language: language ?? null },
      ...{ departments, channels, files: found },
    };
  });
}

function toFile(path: string, where: readonly (string | number)[], report: Report): readonly AnswerFile[] {
  const read = beginningOf(path);
  if (typeof read === 'string') {
    report(where, `the file ${path} can't be read (${read})`);
    return [];
  }
  const name = basename(path);
  return [{ name, mime: detectMimeType(name) || 'application/octet-stream', bytes: read.size, path }];
}
