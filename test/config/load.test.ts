import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/load.ts';

const modules = { connectors: {}, destinations: {} };

function problemsOf(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    parseConfig(text, 'x.yaml', modules, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').filter((line) => !line.startsWith('See '));
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('fills in every default of an empty file', () => {
    const config = parseConfig('', 'x.yaml', modules, {});
    expect(config.http).toEqual({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: 'http://127.0.0.1:8080',
      trustProxy: ['loopback'],
      maxConnections: null,
    });
    expect(config.company.country).toBe('RU');
    expect(config.routing.fallback).toEqual({ kind: 'default' });
  });

  it('keeps contacts forever unless retention is configured, and allows keepDetached on PostgreSQL only', () => {
    expect(parseConfig('', 'x.yaml', modules, {}).store.retention).toBeNull();
    const store = (url: string) => `store: { url: "${url}", retention: { months: 36, keepDetached: true } }`;
    expect(parseConfig(store('postgres://h/d'), 'x.yaml', modules, {}).store.retention).toEqual({
      months: 36,
      keepDetached: true,
    });
    expect(problemsOf(store('sqlite:a.db'))).toEqual([
      'x.yaml:1: store.retention.keepDetached: is supported by PostgreSQL only',
    ]);
  });

  it('reports file, line and key of each problem, all at once', () => {
    const text = 'company:\n  country: RUS\n  foo: 1\nhttp:\n  port: eighty\n';
    expect(problemsOf(text)).toEqual([
      'x.yaml:2: company.country: expected two capital letters (ISO 3166), like RU',
      'x.yaml:3: company.foo: unknown key; expected one of: name, country, areaCode, timezone, language, publicMail',
      'x.yaml:5: http.port: expected a whole number, found text; write it without quotes',
    ]);
  });

  it('names a missing environment variable, but never its value', () => {
    expect(problemsOf('company:\n  name: "${env:NOPE}"\n')).toEqual([
      'x.yaml:2: company.name: the environment variable NOPE is not set; set it before starting',
    ]);
  });

  it('takes secrets from the environment', () => {
    expect(
      parseConfig('company: { name: "${env:COMPANY}" }', 'x.yaml', modules, { COMPANY: 'ООО Ромашка' }).company.name,
    ).toBe('ООО Ромашка');
  });

  it('rejects dangling references', () => {
    const text = `managers:
  - { id: a, name: A, deputy: zz, hours: night, extensions: ["101"] }
  - { id: a, name: B, extensions: ["101"] }
routing:
  fallback: "group:none"
  groups: { sales: { members: [b] } }
`;
    expect(problemsOf(text)).toEqual([
      'x.yaml:2: managers.0.deputy: unknown manager zz',
      'x.yaml:2: managers.0.hours: unknown entry of routing.hours night',
      'x.yaml:3: managers.1.id: a is already the id of another manager',
      'x.yaml:3: managers.1.extensions: 101 is already an extension of a',
      'x.yaml:5: routing.fallback: unknown group none',
      'x.yaml:6: routing.groups.sales.members.0: unknown manager b',
    ]);
  });

  it('rejects an unknown kind and lists the known ones', () => {
    const [problem] = problemsOf('connectors:\n  pbx: { kind: asterix }\n');
    expect(problem).toBe('x.yaml:2: connectors.pbx.kind: unknown kind; expected one of: ');
  });

  it('reads working hours and absences in the company time zone', () => {
    const text = `company: { timezone: Europe/Moscow }
managers: [ { id: a, name: A, absences: [ { from: 2026-12-28, to: 2026-12-28 } ] } ]
routing: { hours: { office: { week: { mon-fri: "09:00-18:00", sat: ["10:00-12:00", "13:00-14:00"] } } } }
`;
    const config = parseConfig(text, 'x.yaml', modules, {});
    expect(config.managers[0]?.absences).toEqual([
      { from: Date.parse('2026-12-27T21:00:00Z'), to: Date.parse('2026-12-28T21:00:00Z'), deputy: null, reason: null },
    ]);
    expect(config.routing.hours.office?.week.map((spans) => spans.length)).toEqual([1, 1, 1, 1, 1, 2, 0]);
  });

  it('links each help page once', () => {
    const text = 'company: { foo: 1, name: "${env:NOPE}" }\nlines: [ { id: a, form: { presett: x } }, { id: 1 } ]\n';
    const read = () => parseConfig(text, 'x.yaml', modules, {});
    expect(read).toThrow(
      /\nSee docs\/configuration\.md#secrets, docs\/configuration\.md#company, docs\/forms\.md#settings, docs\/configuration\.md#lines$/,
    );
  });

  it('reports invalid YAML with its line number', () => {
    expect(problemsOf('http: 1\nhttp: 2\n')[0]).toMatch(/^x\.yaml:2: invalid YAML: duplicate key/);
  });
});
