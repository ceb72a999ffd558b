import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { readEvent } from '../../src/connectors/webhook/event.ts';
import { examples } from './pages.ts';

/** Every variable that an example names, with a value that its schema takes. */
const environment = new Proxy<NodeJS.ProcessEnv>(
  {},
  {
    get: (_, name) => (name === 'TELEGRAM_TOKEN' ? '123456789:abcdefghijklmnop' : 'abcdefghijklmnop'),
    has: () => true,
    getOwnPropertyDescriptor: () => ({ value: 'x', enumerable: true, configurable: true }),
  },
);

const sections = Object.keys(ConfigSchema.properties);
const yaml = examples('yaml').filter(({ text }) => !text.startsWith('apiVersion:'));
const json = examples('json');

describe('YAML of the documentation', () => {
  it('is there', () => {
    expect(yaml.length).toBeGreaterThan(60);
  });

  it.each(yaml.map((one) => [one.where, one.text] as const))('%s is a configuration', (_, text) => {
    expect(sections).toEqual(expect.arrayContaining(Object.keys(parse(text) as object)));
    parseConfig(text, 'example.yaml', moduleSchemas, environment);
  });
});

describe('JSON of the documentation', () => {
  it('is there', () => {
    expect(json.length).toBeGreaterThan(2);
  });

  it.each(json.map((one) => [one.where, one.text] as const))('%s is what the program takes or sends', (_, text) => {
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
      default:
        expect.fail(`nobody checks a ${message.type}`);
    }
  });
});
