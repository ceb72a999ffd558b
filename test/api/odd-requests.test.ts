import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formLine } from '../support/forms.ts';
import { type Office, openOffice, ringingCall, staff, tokens } from '../support/office.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema?: { readonly pattern?: string };
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}
interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly Schema[];
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const cursorOf = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** Values for a part of a path or query, encoded as in the URL. */
const inUrl: readonly string[] = [
  ...['', '%00', 'a%00b', '%ED%A0%80', '%', '%2e%2e%2f', 'x'.repeat(10_000), '%D1%8F'.repeat(500), "'", '"', ';--'],
  ...['-1', '0', '1', '9223372036854775808', '-9223372036854775809', '1e309', 'NaN', 'null', 'true', '[]', '{}'],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'not-a-uuid', '0'.repeat(32), 'f'.repeat(64)],
  ...['0000-01-01T00:00:00Z', '0000-01-01', '+275760-09-13T00:00:00Z', '9999999-01-01T00:00:00Z', '2026-02-31'],
  ...['9999-99-99T99:99:99Z', '2026-01-01T00:00:00', '2026-13', '2026-02-30T00:00:00Z', '0001-01-01', '9999-12-31'],
  ...['019b0000-0000-7000-8000-000000000000', '!!!!', '%F0%9F%92%A9', '%%%', '*', 'a:*', '" OR 1=1', '(', '\\'],
  ...[cursorOf(), cursorOf('a'), cursorOf('a', 'b'), cursorOf('a', 'b', 'c'), cursorOf('9'.repeat(40))],
  ...[cursorOf('\0', '\ud800'), cursorOf('1e309', 'x'), cursorOf('-1', '-1'), cursorOf('2026-01-01', '%')],
  ...[cursorOf(1, 2), cursorOf(null), cursorOf({}), Buffer.from('"a"').toString('base64url'), 'eyJ'],
].map((value) => (/^%|%[0-9A-F]{2}/.test(value) ? value : encodeURIComponent(value)));

/** Values for a key of a body, as JSON. */
const inBody: readonly string[] = [
  ...['null', 'true', '0', '-1', '1e309', '-1e309', '9223372036854775808', '1.5', '""', '[]', '{}', '[null]', '[[]]'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"', `"${'x'.repeat(10_000)}"`, '"constructor"', '"__proto__"'],
  ...['"0000-01-01T00:00:00Z"', '"+275760-09-13T00:00:00Z"', '"9999999-01-01T00:00:00Z"', '"9999-99-99T00:00:00Z"'],
  ...['"9999-12-31T23:59:59Z"', '"2026-02-31T00:00:00Z"', '"0001-01-01T00:00:00Z"', '"+79161110001"', '"a@b.example"'],
  ...[
    '{"constructor":1}',
    '{"id":"\\u0000"}',
    '{"type":"deal","id":"\\ud800"}',
    '[{"kind":"phone","value":"\\u0000"}]',
  ],
];
const bodies: readonly string[] = [
  ...[
    '',
    ' ',
    '{',
    'null',
    '1',
    '"a"',
    '[]',
    '{}',
    '{"__proto__":1}',
    '{"constructor":{"prototype":1}}',
    '\0',
    '{"a":1e309}',
  ],
  ...[nested(20_000, '[', ']'), nested(20_000, '{"a":', '}'), '\ufeff{}', `{"a":"${'x'.repeat(10_000)}"}`],
];
const internals = /SELECT |INSERT |UPDATE |syntax error|SQLITE|relation "|invalid byte|at .*\.[tj]s:|node_modules/;

/** Plain values that match most patterns, for the keys that are not under test. */
const usual: Readonly<Record<string, unknown>> = {
  ...{ manager: 'm1', phone: '+79161110001', text: 'x', channel: 'meeting', direction: 'inbound', name: 'x', id: 'x' },
  ...{ startedAt: '2026-01-12T09:00:00Z', to: { email: 'a@b.example' }, login: 'odd', password: 'a long passphrase' },
  ...{
    role: 'operator',
    kind: 'company',
    identifiers: [],
    contacts: [],
    qualification: 'ours',
    reason: 'x',
    email: 'a@b.example',
  },
};

describe('odd requests to every route', () => {
  let office: Office;
  let routes: readonly Route[];
  let interaction: string;

  beforeAll(async () => {
    const people = { ...staff, lines: [...staff.lines, formLine('site')] };
    office = await openOffice({ staff: () => people });
    await office.intake.emit(ringingCall('odd'));
    const listed = (await (await office.call('GET', '/api/v1/interactions')).json()) as { items: { id: string }[] };
    interaction = listed.items[0]?.id ?? '';
    const document = (await (await office.call('GET', '/api/v1/openapi.json')).json()) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    };
    routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }, 60_000);

  afterAll(() => office.close());

  /** Describes what is wrong with a response, or returns null. Does not use `fetch`, which would normalise the URL. */
  const faultOf = async (method: string, path: string, body?: string, type = 'application/json') => {
    const { status, text } = await ask(office.url, method, path, body, type);
    const isFault = (status >= 500 && status !== 503) || internals.test(text);
    return isFault
      ? `${method} ${path.slice(0, 120)} ${body?.slice(0, 120) ?? ''}: ${status} ${text.slice(0, 300)}`
      : null;
  };
  const faults = async (requests: readonly (() => Promise<string | null>)[]) => {
    const found: string[] = [];
    for (let at = 0; at < requests.length; at += 16)
      found.push(...(await Promise.all(requests.slice(at, at + 16).map((run) => run()))).filter((one) => one !== null));
    return found;
  };
  const filled = (path: string, name: string | null, value: string) =>
    path.replace(/\{(\w+)\}/g, (_, part: string) => (part === name ? value : part === 'id' ? interaction : 'site'));

  it('cover all routes', () => {
    expect(routes.length).toBeGreaterThan(40);
  });

  it('with an odd path get a proper response', async () => {
    const requests = routes.flatMap(({ method, path, operation }) => {
      const body = method === 'GET' ? undefined : usualBody(keysOf(operation));
      return [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) =>
        inUrl.map((value) => () => faultOf(method, filled(path, name, value), body)),
      );
    });
    expect(await faults(requests)).toEqual([]);
  }, 120_000);

  it('with an odd query get a proper response', async () => {
    const requests = routes.flatMap(({ method, path, operation }) => {
      const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
      return ['constructor', '__proto__', ...names].flatMap((name) => [
        ...inUrl.map((value) => () => faultOf(method, `${filled(path, null, '')}?${name}=${value}`)),
        () => faultOf(method, `${filled(path, null, '')}?${name}=1&${name}=2`),
        () => faultOf(method, `${filled(path, null, '')}?${name}[]=1&${name}[a]=2&${name}`),
      ]);
    });
    expect(await faults(requests)).toEqual([]);
  }, 120_000);

  it('with an odd body get a proper response', async () => {
    const requests = routes
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/logout') && !path.endsWith('/session'))
      .flatMap(({ method, path, operation }) => {
        const place = filled(path, null, '');
        const keys = keysOf(operation);
        return [
          ...bodies.map((body) => () => faultOf(method, place, body)),
          () => faultOf(method, place, 'a=\0', 'application/x-www-form-urlencoded'),
          () => faultOf(method, place, nested(20_000, '{"id":', '}\n'), 'application/x-ndjson'),
          () => faultOf(method, place, 'id;name\n\0;\ud800', 'text/csv'),
          ...keys.flatMap((key) => inBody.map((value) => () => faultOf(method, place, usualBody(keys, key, value)))),
        ];
      });
    expect(await faults(requests)).toEqual([]);
  }, 240_000);
});

function keysOf({ requestBody }: Operation): readonly string[] {
  const schemas = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => [schema, ...(schema?.anyOf ?? [])]);
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema?.properties ?? {})))];
}

/** A body with ordinary values, except for `key`. */
function usualBody(keys: readonly string[], key?: string, value = ''): string {
  const pairs = keys
    .filter((one) => one !== key && Object.hasOwn(usual, one))
    .map((one) => `${JSON.stringify(one)}:${JSON.stringify(usual[one])}`);
  return `{${[...pairs, ...(key === undefined ? [] : [`${JSON.stringify(key)}:${value}`])].join(',')}}`;
}

function ask(url: string, method: string, path: string, body: string | undefined, type: string) {
  const { hostname, port } = new URL(url);
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    // Without a length, Node would send the body of a DELETE as the next request.
    const typed = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const headers = { authorization: `Bearer ${tokens.admin}`, ...typed };
    const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
