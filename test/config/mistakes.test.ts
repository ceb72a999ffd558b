import { describe, expect, it } from 'vitest';
import { moduleSchemas } from '../../src/cli/context.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/load.ts';

/** The messages for a file, one problem per line, without the file's name. */
function problems(text: string): readonly string[] {
  try {
    parseConfig(text, 'x.yaml', moduleSchemas, {});
  } catch (error) {
    if (error instanceof ConfigError) {
      const lines = error.message.split('\n').filter((line) => !line.startsWith('See '));
      return lines.map((line) => line.replace('x.yaml:', ''));
    }
    throw error;
  }
  return [];
}

/** Typical mistakes of people who rarely write YAML, and the messages they get. */
describe('common mistakes in the configuration', () => {
  it.each([
    ['a key that is misspelt', 'company: { timzone: UTC }', '1: company.timzone: unknown key; did you mean timezone?'],
    ['a section that is misspelt', 'mangers: []', '1: mangers: unknown key; did you mean managers?'],
    [
      'a key indented too little',
      'http: {}\nport: 80',
      '2: port: unknown key; it belongs under http, check the indentation',
    ],
    [
      'a section indented too far',
      'http:\n  port: 80\n  routing: {}',
      '3: http.routing: unknown key; it is a top-level key, check the indentation',
    ],
    [
      'a section without contents',
      'http:',
      '1: http: expected a mapping (keys with values), found nothing; check the indentation of the next lines',
    ],
    [
      'a number instead of text',
      'managers: [ { id: a, name: A, extensions: [101] } ]',
      '1: managers.0.extensions.0: expected an extension like "101", or "pbx/101" with several PBXs, found a number; write it in quotes',
    ],
    [
      'text instead of a number',
      'http: { port: "80" }',
      '1: http.port: expected a whole number, found text; write it without quotes',
    ],
    [
      'a single entry instead of a list',
      'managers:\n  id: a',
      '1: managers: expected a list, found a mapping (keys with values)',
    ],
    [
      'a time without its unit',
      'routing: { deadline: 500 }',
      '1: routing.deadline: expected milliseconds like 500ms, found a number; write it in quotes',
    ],
    ['a number out of range', 'http: { port: 99999 }', '1: http.port: expected a number from 0 to 65535'],
    [
      'a directory source that is not a destination',
      'clients: { sources: [crm] }',
      '1: clients.sources.0: unknown destination crm',
    ],
    [
      'a department of nobody in a filter',
      `managers: [{ id: a, name: A, department: Sales }]
destinations:
  crm:
    kind: webhook
    url: "http://127.0.0.1:1/"
    secret: "12345678"
    departments: [Sales, Suport]`,
      '7: destinations.crm.departments.1: unknown department Suport',
    ],
    [
      'a channel in a filter that is none',
      'destinations: { crm: { kind: webhook, url: "http://127.0.0.1:1/", secret: "12345678", channels: [calls] } }',
      '1: destinations.crm.channels.0: expected one of: call, email, message, form, meeting; did you mean call?',
    ],
    [
      'a directory source that clients cannot be read from',
      'clients: { sources: [crm] }\ndestinations: { crm: { kind: webhook, url: "http://127.0.0.1:1/", secret: "12345678" } }',
      "1: clients.sources.0: crm is a destination of kind webhook, from which clients can't be read",
    ],
    [
      'an unknown level',
      'log: { level: infos }',
      '1: log.level: expected one of: debug, info, warn, error; did you mean info?',
    ],
    [
      'an id in Cyrillic',
      'managers:\n  - id: анна\n    name: A',
      '2: managers.0.id: expected a name of Latin letters, digits and _ . : - without spaces',
    ],
    ['a name that is missing', 'managers:\n  - name: A', '2: managers.0.id: is missing'],
    [
      'an unknown day',
      'routing: { hours: { office: { week: { monday: "9:00-18:00" } } } }',
      '1: routing.hours.office.week.monday: unknown key; expected days like mon or mon-fri',
    ],
    [
      'an invalid time range',
      'routing: { hours: { office: { week: { mon: "9-18" } } } }',
      '1: routing.hours.office.week.mon: expected times like "09:00-18:00"',
    ],
    [
      'an unknown time zone',
      'company: { timezone: Moscow }',
      '1: company.timezone: unknown time zone; expected an IANA name like Europe/Moscow',
    ],
    [
      'an invalid proxy address',
      'http: { trustProxy: [10.0.0.0/33] }',
      '1: http.trustProxy.0: expected an address, a network like 10.0.0.0/8, or loopback',
    ],
    ['a tab', 'http:\n\tport: 80', '2: invalid YAML: this line begins with a tab; indent with spaces'],
    ['a key that stands twice', 'http: {}\nhttp: {}', '2: invalid YAML: duplicate key'],
    [
      'a line indented too far',
      'company:\n  name: X\n   country: RU',
      '2: invalid YAML: the next line is indented further, but this line already has a value',
    ],
    [
      'a quote that is not closed',
      'company: { name: "X }\n',
      '2: invalid YAML: a quote, bracket or colon is missing here or earlier',
    ],
    [
      'a connector name with a space',
      'connectors: { my pbx: { kind: asterisk } }',
      '1: connectors.my pbx: unknown key; expected a name of Latin letters, digits and _ - without spaces',
    ],
    [
      'an unknown kind',
      'destinations: { crm: { kind: webhok } }',
      '1: destinations.crm.kind: unknown kind; did you mean webhook?',
    ],
  ])('%s', (_what, text, expected) => {
    expect(problems(text)).toContain(expected);
  });

  it('reports all problems at once in line order, and names the full key of a missing secret', () => {
    const text = `managers:
  - { id: ivanova, name: A, extensions: ["101"], user: anna }
  - { id: petrov, name: B, extension: ["102"], user: anna }
connectors:
  pbx:
    kind: asterisk
    timezone: Moscow
    extensions: "(["
    ami: { host: 127.0.0.1, user: patchbay, secret: "\${env:AMI_SECRET}" }
    agi:
      port: 99999
destinations:
  crm: { kind: webhook, url: crm.example, secret: short }
`;
    expect(problems(text)).toEqual([
      '3: managers.1.extension: unknown key; did you mean extensions?',
      '7: connectors.pbx.timezone: expected an IANA time zone like Europe/Moscow',
      '8: connectors.pbx.extensions: expected a regular expression',
      '9: connectors.pbx.ami.secret: the environment variable AMI_SECRET is not set; set it before starting',
      '9: connectors.pbx.ami.username: is missing',
      '9: connectors.pbx.ami.user: unknown key; expected one of: host, port, username, secret, tls',
      '11: connectors.pbx.agi.port: expected a number from 0 to 65535',
      '13: destinations.crm.url: expected a URL that begins with http:// or https://',
      '13: destinations.crm.secret: must have at least 8 characters',
    ]);
  });

  it('reports dangling references and duplicates', () => {
    const text = `managers:
  - { id: ivanova, name: A, extensions: ["101"], hours: ofice, deputy: petrof, user: anna }
  - { id: petrov, name: B, extensions: ["101"], user: anna }
lines:
  - { id: main, address: "74951234567", connection: pbx2, route: "group:sale" }
  - { id: again, address: "74951234567", connection: pbx2 }
routing:
  groups: { sales: { members: [ivanova, sidorov] } }
  hours: { office: { week: { mon-fri: "9:00-18:00" } } }
  rules:
    - { name: night, when: { hours: "!ofice", line: mian }, to: "manager:ivanov" }
    - { name: other, when: { line: "74950000000" }, to: default }
`;
    expect(problems(text)).toEqual([
      '2: managers.0.deputy: unknown manager petrof; did you mean petrov?',
      '2: managers.0.hours: unknown entry of routing.hours ofice; did you mean office?',
      '3: managers.1.user: anna is already the login of ivanova',
      '3: managers.1.extensions: 101 is already an extension of ivanova',
      '5: lines.0.route: unknown group sale; did you mean sales?',
      '5: lines.0.connection: unknown connector pbx2',
      '6: lines.1.address: 74951234567 is already the address of the line main',
      '6: lines.1.connection: unknown connector pbx2',
      '8: routing.groups.sales.members.1: unknown manager sidorov',
      '11: routing.rules.0.to: unknown manager ivanov; did you mean ivanova?',
      '11: routing.rules.0.when.hours: unknown entry of routing.hours ofice; did you mean office?',
      '11: routing.rules.0.when.line: unknown line mian; did you mean main?',
    ]);
  });

  it('never repeats a value, because it may be a misplaced secret', () => {
    const text =
      'destinations: { crm: { kind: webhook, url: hunter2hunter2, secret: 12345678, timeout: hunter2hunter2 } }';
    expect(problems(text)).toHaveLength(3);
    expect(problems(text).join()).not.toMatch(/hunter2|12345678/);
  });
});
