import { describe, expect, it } from 'vitest';
import { moduleSchemas } from '../src/cli/context.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { parseConfig } from '../src/config/load.ts';
import { fillSecrets, SecretError } from '../src/config/secrets.ts';
import { parseEnvironment } from '../src/connectors/asterisk/agi/request.ts';
import { readHeaders } from '../src/connectors/asterisk/ami/headers.ts';
import { Telephones } from '../src/connectors/asterisk/presence/telephones.ts';
import { defaultFileName } from '../src/connectors/mail/parse/file-names.ts';
import { rtfText } from '../src/connectors/mail/parse/rtf.ts';
import { cleanedDeep, isCleanDeep } from '../src/domain/base/clean-text.ts';
import { sameData } from '../src/domain/base/same-data.ts';
import { CsvReader } from '../src/matching/import/csv-reader.ts';
import { NdjsonReader } from '../src/matching/import/ndjson-reader.ts';
import type { RowReader } from '../src/matching/import/outcome.ts';
import { Networks } from '../src/runtime/networks.ts';
import { endpointsFor } from './support/asterisk-config.ts';

/** Property names that every plain object inherits. */
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

function rowsOf(reader: RowReader, text: string) {
  return [...reader.push(Buffer.from(text)), ...reader.end()];
}

function read(text: string) {
  return parseConfig(text, 'x.yaml', moduleSchemas, {});
}

function problemsOf(text: string): string {
  try {
    read(text);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe.each(names)('the outside name %s', (name) => {
  it('is an ordinary AMI header, once and repeated', () => {
    const { fields, lists } = readHeaders(`${name}: a\r\n${name}: b\r\nOther: c`, 0);
    expect(fields[name]).toBe('a');
    expect(lists[name]).toEqual(['a', 'b']);
    expect(readHeaders('Other: c', 0).fields[name]).toBeUndefined();
  });

  it('is not a FastAGI variable, and does not break others', () => {
    expect(parseEnvironment(`agi_network_script: route\n${name}: x`)).toBeNull();
    const request = parseEnvironment(`agi_network_script: route\nagi_${name}: x`);
    expect(request?.variables[`agi_${name}`]).toBe('x');
    expect(request?.variables[name]).toBeUndefined();
  });

  it('is not a device state', () => {
    const states: string[] = [];
    const report = ({ state }: { readonly state: string }) => void states.push(state);
    new Telephones({ connection: 'pbx', endpoints: endpointsFor(), report }).device({
      Device: 'PJSIP/101',
      State: name,
    });
    expect(states).toEqual(['unknown']);
  });

  it('is a meaningless column in a client import', () => {
    const rows = rowsOf(new CsvReader('RU'), `id;name;phone;${name}\nc1;Anna;+79161110001;x\n`);
    expect(rows).toMatchObject([{ ok: true, client: { id: 'c1', name: 'Anna' } }]);
  });

  it('is not a key of an imported client', () => {
    const row = `{"id":"c1","name":"Anna","${name}":{"a":1}}\n`;
    expect(rowsOf(new NdjsonReader('RU'), row)).toHaveLength(1);
  });

  it('is not an RTF control word or a file type', () => {
    expect(rtfText(Buffer.from(`{\\rtf1 a\\${name.replaceAll('_', '')} b}`))).not.toContain('native code');
    expect(defaultFileName(name)).toBe('file');
  });

  it('makes two objects differ', () => {
    const [own, other] = [JSON.parse(`{"${name}":{}}`), {}];
    expect(sameData(own, other)).toBe(false);
    expect(sameData(other, own)).toBe(false);
    expect(sameData(own, JSON.parse(`{"${name}":{}}`))).toBe(true);
  });

  it('is cleaned like any other key', () => {
    const clean = cleanedDeep(JSON.parse(`{"${name}":"a\\u0000"}`));
    expect(Object.entries(clean)).toEqual([[name, 'a\ufffd']]);
  });

  it('is not an environment variable', () => {
    const fill = () => fillSecrets(`\${env:${name}}`, '/', process.env);
    expect(fill).toThrow(SecretError);
  });

  it('is not a network', () => {
    expect(() => new Networks([name])).toThrow('expected an address');
  });

  it('is not a kind, key or section of the configuration', () => {
    expect(problemsOf(`connectors: { a: { kind: ${name} } }`)).toContain('unknown kind');
    expect(problemsOf(`destinations: { a: { kind: ${name} } }`)).toContain('unknown kind');
    expect(problemsOf(`http: { ${name}: 1 }`)).toContain('unknown key; expected one of');
    expect(problemsOf(`${name}: { a: 1 }`)).toContain('unknown key; expected one of');
  });

  it('is an ordinary name for a line, a group and working hours', () => {
    const { routing, lines } = read(`
managers: [{ id: m1, name: A, extensions: ['101'], hours: "${name}" }]
lines: [{ id: "${name}", channel: call, address: '74951234567', label: L, route: "group:${name}" }]
routing:
  fallback: manager:m1
  groups: { "${name}": { members: [m1] } }
  hours: { "${name}": { week: { mon: 09:00-18:00 } } }
`);
    expect(lines.map(({ id }) => id)).toEqual([name]);
    expect(Object.keys(routing.groups)).toEqual([name]);
    expect(Object.keys(routing.hours)).toEqual([name]);
  });

  it('is not found among hours, groups and managers unless configured', () => {
    const manager = `managers: [{ id: m1, name: A, extensions: ['101'], hours: "${name}" }]`;
    expect(problemsOf(`${manager}\nrouting: { fallback: manager:m1 }`)).toContain('unknown entry of routing.hours');
    expect(problemsOf(`routing: { fallback: "group:${name}" }`)).toContain('unknown group');
  });
});

describe('deep nesting', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`);

  it('is truncated when data is cleaned', () => {
    expect(isCleanDeep(nested(20_000))).toBe(false);
    expect(() => JSON.stringify(cleanedDeep(nested(20_000)))).not.toThrow();
    expect(isCleanDeep(nested(10))).toBe(true);
  });

  it.each(['', '"id":"c1",', '"id":"c1","name":'])('is rejected in a row of an import (%s)', (before) => {
    const depth = 20_000;
    const field = before.endsWith(':') ? '' : '"contacts":';
    const row = `{${before}${field}${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
    expect(rowsOf(new NdjsonReader('RU'), row)).toMatchObject([{ ok: false }]);
  });
});
