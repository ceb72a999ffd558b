import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-signature-'));
const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

beforeAll(() => {
  writeFileSync(join(directory, 'logo.png'), png);
  writeFileSync(join(directory, 'large.png'), Buffer.concat([png, Buffer.alloc(300 * 1024)]));
  writeFileSync(join(directory, 'logo.svg'), '<svg/>');
});
afterAll(() => rmSync(directory, { recursive: true }));

const parse = (signature: string, line = 'channel: email, ') =>
  parseConfig(
    `company: { name: Pumps }\nlines: [ { id: sales, ${line}address: sales@our.example, signature: ${signature} } ]`,
    join(directory, 'patchbay.yaml'),
    { connectors: {}, destinations: {} },
    {},
  );

it('reads a signature as text, and with HTML and a logo beside the configuration', () => {
  const company = 'Pumps';
  expect(parse('"{manager.name}"').lines[0]?.signature).toEqual({
    text: '{manager.name}',
    html: null,
    logo: null,
    company,
  });
  expect(parse('{ html: "<b>{line}</b>", logo: logo.png }').lines[0]?.signature).toEqual({
    text: null,
    html: '<b>{line}</b>',
    logo: { path: join(directory, 'logo.png'), mime: 'image/png' },
    company,
  });
});

it.each([
  [
    'an unknown variable',
    '{ html: "{manager.fax}" }',
    /signature\.html: unknown variable \{manager\.fax\}; expected one of/,
  ],
  ['an unknown variable of a plain one', '"{client.name}"', /unknown variable \{client\.name\}/],
  ['a logo that is missing', '{ logo: none.png }', /signature\.logo: the file .*none\.png can't be read \(ENOENT\)/],
  ['a large logo', '{ text: x, logo: large.png }', /at most 200 kB; .*large\.png has 301 kB/],
  ['a logo that is no picture', '{ text: x, logo: logo.svg }', /expected a PNG, JPEG or GIF picture/],
  ['an empty one', '{}', /signature/],
  ['a folder as logo', '{ text: x, logo: . }', /can't be read/],
])('refuses %s', (_, signature, message) => {
  expect(() => parse(signature)).toThrow(message);
});

it('refuses a signature of a line without letters', () => {
  expect(() => parse('x', '')).toThrow(/only lines with `channel: email` have signatures/);
});
