import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseScript } from '@babel/parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { readEvent } from '../../src/connectors/webhook/event.ts';
import { openFormOffice } from '../support/forms.ts';
import { faultOf } from '../support/onec/extension/schemas.ts';
import { examples } from './pages.ts';

/** Every variable used in an example, with a value that its schema accepts. */
const environment = new Proxy<NodeJS.ProcessEnv>(
  {},
  {
    get: (_, name) => (name === 'TELEGRAM_TOKEN' ? '123456789:abcdefghijklmnop' : 'abcdefghijklmnop'),
    has: () => true,
    getOwnPropertyDescriptor: () => ({ value: 'x', enumerable: true, configurable: true }),
  },
);

/** Has the files that examples name. */
const directory = mkdtempSync(join(tmpdir(), 'patchbay-examples-'));
beforeAll(() => writeFileSync(join(directory, 'logo.png'), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')));
afterAll(() => rmSync(directory, { recursive: true }));

const sections = Object.keys(ConfigSchema.properties);
const yaml = examples('yaml').filter(({ text }) => !text.startsWith('apiVersion:'));
const json = examples('json');

describe('YAML of the documentation', () => {
  it('exists', () => {
    expect(yaml.length).toBeGreaterThan(60);
  });

  it.each(yaml.map((one) => [one.where, one.text] as const))('%s is a valid configuration', (_, text) => {
    expect(sections).toEqual(expect.arrayContaining(Object.keys(parse(text) as object)));
    parseConfig(text, join(directory, 'example.yaml'), moduleSchemas, environment);
  });
});

describe('JSON of the documentation', () => {
  it('exists', () => {
    expect(json.length).toBeGreaterThan(2);
  });

  it.each(json.map((one) => [one.where, one.text] as const))(
    '%s matches what the program accepts or sends',
    (_, text) => {
      const message = JSON.parse(text) as { readonly type?: string };
      switch (message.type) {
        case 'message':
        case 'report':
          expect(readEvent(message, { connection: 'x', account: 'x', now: Date.now() })).not.toHaveProperty('wrong');
          break;
        case 'message.send':
          expect(Object.keys(message)).toEqual([
            ...['type', 'id', 'connection', 'to', 'conversation', 'answers', 'text', 'files'],
          ]);
          break;
        case undefined:
          // The only message without a type: an interaction for the extension of 1C.
          expect(faultOf('Interaction', message)).toBeNull();
          break;
        default:
          expect.fail(`nobody checks a ${message.type}`);
      }
    },
  );
});

describe('scripts of the documentation', () => {
  it.each(examples('js').map((one) => [one.where, one.text] as const))('%s can be parsed', (_, text) => {
    expect(() => parseScript(text, { sourceType: 'module' })).not.toThrow();
  });
});

describe('forms of the documentation', () => {
  it('are accepted as posted', async () => {
    const office = await openFormOffice({ site: {} });
    try {
      const posts = examples('sh').filter(({ text }) => text.startsWith('curl https://PATCHBAY/api/v1/forms/'));
      expect(posts).toHaveLength(2);
      for (const { text } of posts) {
        const [, path = ''] = /PATCHBAY(\S+)/.exec(text) ?? [];
        const fields = [...text.matchAll(/-d '([^']*)'/g)].map(
          ([, field = '']) => field.split('=', 2) as [string, string],
        );
        const answer = await fetch(office.url + path, { method: 'POST', body: new URLSearchParams(fields) });
        expect(await answer.json()).toMatchObject({ ok: true, id: expect.any(String), code: expect.any(String) });
      }
      const taken = await office.taken();
      expect(taken.map(({ party, text }) => [party.name, party.phone, text])).toEqual([
        ['Anna', '+79161234567', expect.stringContaining('Please call me')],
        ['Анна', '+79161234567', expect.stringContaining('Перезвоните, пожалуйста')],
      ]);
    } finally {
      await office.close();
    }
  });
});
