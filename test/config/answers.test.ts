import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';

const parse = (answers: string) =>
  parseConfig(`answers:\n${answers}`, 'patchbay.yaml', { connectors: {}, destinations: {} }, {});

it('fills in the defaults of canned answers', () => {
  expect(parse('  - { id: hi, title: Hi, text: "Hello {client.name}" }').answers).toEqual([
    {
      id: 'hi',
      title: 'Hi',
      text: 'Hello {client.name}',
      subject: null,
      language: null,
      departments: [],
      channels: [],
      files: [],
    },
  ]);
});

it.each([
  ['an unknown variable', '  - { id: a, title: A, text: "{client.nmae}" }', /unknown variable \{client\.nmae\}/],
  [
    'an id used twice',
    '  - { id: a, title: A, text: x }\n  - { id: a, title: B, text: y }',
    /already the id of another answer/,
  ],
  [
    'a file that is missing',
    '  - { id: a, title: A, text: x, files: [none.pdf] }',
    /none\.pdf can't be read \(ENOENT\)/,
  ],
  ['a folder', '  - { id: a, title: A, text: x, files: [.] }', /can't be read/],
  ['no text', '  - { id: a, title: A }', /text/],
])('refuses %s', (_, answers, message) => {
  expect(() => parse(answers)).toThrow(message);
});

it('finds the files of an answer, named by their types', () => {
  const { path = '', ...file } =
    parse('  - { id: a, title: A, text: x, files: [package.json] }').answers[0]?.files[0] ?? {};
  expect(file).toEqual({ name: 'package.json', mime: 'application/json', bytes: readFileSync(path).length });
});
