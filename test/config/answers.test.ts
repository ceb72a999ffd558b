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
  ['no text', '  - { id: a, title: A }', /text/],
])('refuses %s', (_, answers, message) => {
  expect(() => parse(answers)).toThrow(message);
});
