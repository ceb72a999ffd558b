import { describe, expect, it } from 'vitest';
import { moduleSchemas } from '../src/cli/context.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { parseConfig } from '../src/config/load.ts';
import { fillSecrets, SecretError } from '../src/config/secrets.ts';
import { parseEnvironment } from '../src/connectors/asterisk/agi/request.ts';
import { readHeaders } from '../src/connectors/asterisk/ami/headers.ts';
import { deviceReport } from '../src/connectors/asterisk/tracker/devices.ts';
import { defaultFileName } from '../src/connectors/mail/parse/letter.ts';
import { rtfText } from '../src/connectors/mail/parse/rtf.ts';
import { cleanedDeep, isCleanDeep } from '../src/domain/base/clean-text.ts';
import { sameData } from '../src/domain/base/same-data.ts';
import { CsvReader } from '../src/matching/import/csv-reader.ts';
import { NdjsonReader } from '../src/matching/import/ndjson-reader.ts';
import type { RowReader } from '../src/matching/import/outcome.ts';
import { Networks } from '../src/runtime/networks.ts';

/** Names that every plain object seems to have. */
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

describe.each(names)('the name %s from outside', (name) => {
  it('is a header of AMI like others, once and repeated', () => {
    const { fields, lists } = readHeaders(`${name}: a\r\n${name}: b\r\nOther: c`, 0);
    expect(fields[name]).toBe('a');
    expect(lists[name]).toEqual(['a', 'b']);
    expect(readHeaders('Other: c', 0).fields[name]).toBeUndefined();
  });

  it('is no variable of FastAGI, and none that breaks others', () => {
    expect(parseEnvironment(`agi_network_script: route\n${name}: x`)).toBeNull();
    const request = parseEnvironment(`agi_network_script: route\nagi_${name}: x`);
    expect(request?.variables[`agi_${name}`]).toBe('x');
    expect(request?.variables[name]).toBeUndefined();
  });

  it('is no state of a telephone', () => {
    const options = { connection: 'pbx', isExtension: () => true };
    expect(deviceReport(options, { Device: 'PJSIP/101', State: name })?.state).toBe('unknown');
  });

  it('is a column of a client import that means nothing', () => {
    const rows = rowsOf(new CsvReader('RU'), `id;name;phone;${name}\nc1;Anna;+79161110001;x\n`);
    expect(rows).toMatchObject([{ ok: true, client: { id: 'c1', name: 'Anna' } }]);
  });

  it('is no key of an imported client', () => {
    const row = `{"id":"c1","name":"Anna","${name}":{"a":1}}\n`;
    expect(rowsOf(new NdjsonReader('RU'), row)).toHaveLength(1);
  });

  it('is no word of RTF and no type of file', () => {
    expect(rtfText(Buffer.from(`{\\rtf1 a\\${name.replaceAll('_', '')} b}`))).not.toContain('native code');
    expect(defaultFileName(name)).toBe('file');
  });

  it('makes two things differ', () => {
    const [own, other] = [JSON.parse(`{"${name}":{}}`), {}];
    expect(sameData(own, other)).toBe(false);
    expect(sameData(other, own)).toBe(false);
    expect(sameData(own, JSON.parse(`{"${name}":{}}`))).toBe(true);
  });

  it('is cleaned as a key like others', () => {
    const clean = cleanedDeep(JSON.parse(`{"${name}":"a\\u0000"}`));
    expect(Object.entries(clean)).toEqual([[name, 'a\ufffd']]);
  });

  it('is no variable of the environment', () => {
    const fill = () => fillSecrets(`\${env:${name}}`, '/', process.env);
    expect(fill).toThrow(SecretError);
  });

  it('is no network', () => {
    expect(() => new Networks([name])).toThrow('expected an address');
  });

  it('is no kind, key or section of the configuration', () => {
    expect(problemsOf(`connectors: { a: { kind: ${name} } }`)).toContain('unknown kind');
    expect(problemsOf(`destinations: { a: { kind: ${name} } }`)).toContain('unknown kind');
    expect(problemsOf(`http: { ${name}: 1 }`)).toContain('unknown key; expected one of');
    expect(problemsOf(`${name}: { a: 1 }`)).toContain('unknown key; expected one of');
  });

  it('is a line, a group and working hours like others', () => {
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

  it('is not found among hours, groups and managers where it is not configured', () => {
    const manager = `managers: [{ id: m1, name: A, extensions: ['101'], hours: "${name}" }]`;
    expect(problemsOf(`${manager}\nrouting: { fallback: manager:m1 }`)).toContain('unknown entry of routing.hours');
    expect(problemsOf(`routing: { fallback: "group:${name}" }`)).toContain('unknown group');
  });
});

describe('nesting without end', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`);

  it('is cut where data is cleaned', () => {
    expect(isCleanDeep(nested(20_000))).toBe(false);
    expect(() => JSON.stringify(cleanedDeep(nested(20_000)))).not.toThrow();
    expect(isCleanDeep(nested(10))).toBe(true);
  });

  it.each(['', '"id":"c1",', '"id":"c1","name":'])('refuses a row of an import (%s)', (before) => {
    const depth = 20_000;
    const field = before.endsWith(':') ? '' : '"contacts":';
    const row = `{${before}${field}${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
    expect(rowsOf(new NdjsonReader('RU'), row)).toMatchObject([{ ok: false }]);
  });
});
