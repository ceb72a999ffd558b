import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { MessageTemplate } from '../../src/domain/outbound/template.ts';
import { reason } from '../../src/domain/reasons/reasons.ts';
import { traceStep } from '../../src/domain/routing/trace.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { formLine } from '../support/forms.ts';
import { missedCall, type Office, openOffice, ringingCall, ringingLeg, staff } from '../support/office.ts';
import { answerTo, letter, report, writtenTime } from '../support/written.ts';

const template: MessageTemplate = {
  name: 'order',
  language: 'ru',
  category: 'UTILITY',
  isNamed: false,
  header: { kind: 'text', text: 'Заказ' },
  body: '{{1}}, заказ готов',
  footer: null,
  buttons: [{ kind: 'reply', text: 'Спасибо' }],
  examples: { 'body.1': 'Иван' },
};

const quarantined = {
  ...{
    id: 'q1',
    connection: 'mail',
    key: 'k',
    event: letter('q'),
    source: null,
    reason: 'refused',
    faultReason: null,
    version: '1',
  },
  ...{ at: 1, triedAt: 1, tries: 1 },
};

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: unknown }[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}
interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Every operation with its method and path. */
function operations({ paths }: Document): readonly (readonly [string, Operation])[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
}

/** The schema with its references resolved and no additional keys allowed, because every key of a response must be documented. */
function resolveSchema(schema: unknown, document: Document): unknown {
  if (Array.isArray(schema)) return schema.map((part) => resolveSchema(part, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) {
    const name = String(schema.$ref).replace('#/components/schemas/', '');
    expect(document.components.schemas, `${schema.$ref} is in the document`).toHaveProperty([name]);
    return resolveSchema(document.components.schemas[name], document);
  }
  const walked = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, resolveSchema(value, document)]),
  );
  return 'properties' in walked ? { additionalProperties: false, ...walked } : walked;
}

describe('the OpenAPI document', () => {
  let office: Office;
  let dir: string;
  let blobs: FileBlobs;
  let document: Document;
  /** `METHOD /template status` of every response. */
  const seen = new Set<string>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'patchbay-openapi-'));
    blobs = new FileBlobs(join(dir, 'blobs'));
    const people = { ...staff, lines: [...staff.lines, formLine('site')] };
    office = await openOffice({
      staff: () => people,
      connections: () => [
        { connection: 'pbx', kind: 'asterisk', health: 'ready', reason: null, stateReason: null, since: 1 },
      ],
      alarms: () => [
        {
          id: 'quiet-line:/main',
          kind: 'quiet-line',
          line: 'main',
          connection: null,
          since: '2026-01-12T09:00:00.000Z',
          expected: 4.5,
          seen: 0,
          probability: 0.0001,
          reason: null,
          stateReason: {
            code: 'inFolder',
            values: { folder: 'inbox', reason: { code: 'mailServerSilent', values: {} } },
          },
          waiting: null,
        },
      ],
      quietLines: async () => [
        {
          line: '=HYPERLINK("evil")',
          connection: 'pbx',
          window: 3,
          since: '2026-01-12T09:00:00.000Z',
          expected: 4.5,
          seen: 0,
          probability: 0.0001,
          weeks: 8,
          quiet: true,
        },
      ],
      sending: () => [
        { connection: 'mail', channel: 'email', to: 'email', lines: [] },
        { connection: 'pbx', channel: 'call', to: 'phone', lines: [] },
        { connection: 'wa', channel: 'message', to: 'phone', lines: [], window: { hours: 24, after: ['templates'] } },
      ],
      templates: (connection) => (connection === 'wa' ? Promise.resolve({ items: [template], readAt: 1 }) : null),
      blobs,
    });
    await writeFile(join(dir, 'a.wav'), '0123456789');
    document = (await (await office.call('GET', '/api/v1/openapi.json')).json()) as Document;
  });
  afterAll(async () => {
    await office.close();
    await rm(dir, { recursive: true });
  });

  /** Sends a request and checks the response against the document. */
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await office.call(method, path, body, headers);
    const asked = path.split('?', 1)[0] ?? '';
    const template = Object.keys(document.paths).find(
      (one) =>
        document.paths[one]?.[method.toLowerCase()] && new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked),
    );
    expect(template, `${method} ${asked} is in the document`).toBeDefined();
    const responses = document.paths[template ?? '']?.[method.toLowerCase()]?.responses;
    const promised = responses?.[response.status] ?? responses?.[`${Math.floor(response.status / 100)}XX`];
    expect(promised, `${method} ${template} promises ${response.status}`).toBeDefined();
    seen.add(`${method} ${template} ${response.status}`);
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const json = type.includes('json');
    const schema = promised?.content?.[type.split(';', 1)[0] ?? '']?.schema;
    if (json) expect(schema, `${method} ${template} promises ${type}`).toBeDefined();
    if (schema === undefined || !json) return { status: response.status, text, body: null as never };
    const value = JSON.parse(text);
    expect([...Compile(resolveSchema(schema, document) as never).Errors(value)], `${method} ${path}: ${text}`).toEqual(
      [],
    );
    return { status: response.status, text, body: value };
  }

  it('describes the directory', async () => {
    const client = {
      name: 'Romashka',
      kind: 'company',
      responsible: 'm1',
      segment: 'vip',
      url: 'https://crm.example/1',
      identifiers: [
        { kind: 'phone', value: '8 916 123-45-67' },
        { kind: 'account', value: 'telegram:1' },
      ],
      contacts: [{ id: 'p1', name: 'Maria', identifiers: [{ kind: 'email', value: 'M@romashka.ru' }] }],
      deals: [{ id: 'd1', name: 'Chairs', stage: null, url: null }],
      fields: [{ label: 'City', value: 'Kazan' }],
    };
    const made = await ask('PUT', '/api/v1/clients/c1', client);
    await ask('PUT', '/api/v1/clients/c1', client);
    expect(made.body).toMatchObject({
      ...client,
      identifiers: [{ value: '+79161234567' }, {}],
      contacts: [{ id: 'p1' }],
    });
    expect((await ask('GET', '/api/v1/clients/c1')).body).toEqual(made.body);
    expect((await ask('GET', '/api/v1/clients?q=romash')).body.items).toEqual([made.body]);
    await ask('PUT', '/api/v1/clients/c2', { name: 'Gone' });
    await ask('DELETE', '/api/v1/clients/c2');
    await ask('POST', '/api/v1/clients/import', '{"id":"i1","name":"Lilia"}\n{"id":"i2"}', {
      'content-type': 'application/x-ndjson',
    });
    await ask('GET', '/api/v1/match?phone=89161234567');
    await ask('GET', '/api/v1/route?phone=89161234567&line=main');
    expect((await ask('GET', '/api/v1/route?phone=89161234567&format=dial')).text).toBe('PJSIP/101');
  });

  it('describes interactions with all their parts, and loses none of them', async () => {
    const call = missedCall('full');
    const end = { manager: null, extension: '101', phone: null };
    const recording = {
      file: 'a.wav',
      path: join(dir, 'a.wav'),
      leg: 0,
      kind: 'call',
      state: 'ready',
      startedAt: call.startedAt,
      seconds: 1,
      mime: 'audio/wav',
      bytes: 10,
    } as const;
    await office.intake.apply([{ op: 'destinations', names: ['crm'], at: 1 }]);
    await office.intake.emit({
      ...call,
      legs: [{ ...ringingLeg, talkedAt: call.startedAt + 2000, endedAt: call.endedAt, outcome: 'answered' }],
      state: 'answered',
      transfers: [
        {
          kind: 'blind',
          from: { extension: end.extension, phone: null },
          to: { extension: '102', phone: null },
          at: call.startedAt + 3000,
          outcome: 'done',
        },
      ],
      recordings: [recording],
    });
    await office.intake.apply([
      {
        op: 'routed',
        call: call.key,
        route: {
          decision: 'responsible',
          to: '101',
          trace: [traceStep('responsible', 'applied', [reason('reachable', { manager: 'Анна' })])],
        },
        responsible: { id: 'm1', name: 'Anna Ivanova' },
        turn: null,
        at: 1,
      },
    ]);
    const listed = (await ask('GET', '/api/v1/interactions?client=c1&limit=1')).body.items;
    const id = listed[0].id as InteractionId;
    const path = `/api/v1/interactions/${id}`;
    const link = { id: '7', url: 'https://crm.example/7', client: 'x', deal: 'y' };
    const { revision } = listed[0];
    await office.intake.apply([
      {
        op: 'delivered',
        destination: 'crm',
        kind: 'interaction',
        subject: id,
        revision,
        outcome: { kind: 'done', link },
        at: 1,
      },
    ]);
    await ask('PATCH', path, {
      client: 'c1',
      contact: 'p1',
      note: 'wants chairs',
      disposition: 'sale',
      object: { type: 'deal', id: 'd1' },
    });
    expect((await ask('PATCH', path, { note: 'late' }, { 'if-match': `"${revision}"` })).status).toBe(412);

    const read = await ask('GET', path);
    expect(read.body).toEqual(JSON.parse(JSON.stringify(await office.store.read.interaction(id))));
    expect(read.body).toMatchObject({
      contact: { id: 'p1' },
      transfers: [{ kind: 'blind' }],
      recordings: [{ mime: 'audio/wav' }],
      links: { crm: link },
      route: { trace: [{ rule: 'responsible' }] },
      notes: [{ text: 'wants chairs' }],
      object: { type: 'deal', id: 'd1' },
    });
    expect((await ask('GET', '/api/v1/interactions?deal=d1')).body.items).toEqual([read.body]);
    await ask('GET', `${path}/history`);
    await ask('POST', '/api/v1/interactions', {
      channel: 'meeting',
      direction: 'outbound',
      startedAt: '2026-01-12T12:00:00+03:00',
      line: 'main',
    });
    const audio = `/api/v1/recordings/${read.body.recordings[0].id}`;
    await ask('GET', audio);
    await ask('GET', audio, undefined, { range: 'bytes=1-2' });
    await ask('PUT', `${audio}/transcript`, { language: 'en', phrases: [{ from: 0, to: 1.5, text: 'Hello' }] });
    await ask('GET', `${audio}/transcript`);
    await ask('GET', path);
    await office.intake.emit(ringingCall('live'));
    await ask('GET', '/api/v1/interactions?state=ringing');
  });

  it('describes requested calls', async () => {
    expect((await ask('POST', '/api/v1/calls', { manager: 'm1', phone: '89161112233' })).status).toBe(202);
    expect((await ask('POST', '/api/v1/calls', { manager: 'm1', phone: 'x' })).status).toBe(422);
  });

  it('describes letters and their files', async () => {
    const sent = await ask('POST', '/api/v1/messages', {
      manager: 'm1',
      to: 'client@example.com',
      text: 'Good day',
      attachments: [{ name: 'a.txt', mime: 'text/plain', content: Buffer.from('x').toString('base64') }],
    });
    await ask('POST', `/api/v1/messages/${sent.body.id}/resend`);
    const postponed = { manager: 'm1', to: 'client@example.com', text: 'Tomorrow', undo: true };
    const later = await ask('POST', '/api/v1/messages', postponed);
    await ask('POST', `/api/v1/messages/${later.body.id}/send-now`);
    await ask('POST', `/api/v1/messages/${later.body.id}/cancel`);
    expect((await ask('POST', `/api/v1/messages/${later.body.id}/cancel`)).status).toBe(409);
    await ask('GET', `/api/v1/attachments/${sent.body.attachments[0].id}`);
    const blob = (await blobs.put(Readable.from(['<p>Good day']), 100)).id;
    const body = { blob, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] } as const;
    await office.intake.emit(letter('with html', { body }));
    const received = (await ask('GET', '/api/v1/interactions?channel=email&state=received')).body.items[0];
    await ask('GET', `/api/v1/interactions/${received.id}/html`);
    const conversation = `/api/v1/interactions/${received.id}`;
    expect((await ask('POST', `${conversation}/handover`, { to: 'm2', note: 'knows him' })).status).toBe(200);
    await ask('POST', `${conversation}/handover`, { to: 'm9' });
    for (const state of ['open', 'unanswered']) await ask('GET', `/api/v1/conversations?state=${state}`);
    const chosen = { name: 'order', language: 'ru', values: { 'body.1': 'Ольга' } };
    await ask('POST', '/api/v1/messages', { manager: 'm1', to: '+79161234567', text: '', template: chosen });
    for (const path of [`interactions/${received.id}/ways`, 'templates?connection=wa', 'templates?connection=none'])
      await ask('GET', `/api/v1/${path}`);
    for (const path of ['conversations/counts', 'lines', 'answers', 'answers/none/files/0'])
      await ask('GET', `/api/v1/${path}`);
    const several = { interactions: [received.id, 'none'] };
    for (const to of ['m2', 'm9']) await ask('POST', '/api/v1/conversations/handover', { ...several, to });
    expect((await ask('POST', `${conversation}/close`)).status).toBe(200);
    await ask('POST', '/api/v1/conversations/close', several);
    await ask('POST', `${conversation}/close`);
    const failed = { email: 'client@example.com', status: '5.1.1', why: 'no such user' };
    const copy = { party: { phone: null, email: failed.email, account: null, name: null }, automatic: null };
    await office.intake.emit(answerTo('none', 'lost', copy));
    await office.intake.emit(report('lost', { state: 'failed', problem: 'x', undeliverable: [failed] }));
    const identifiers = [{ kind: 'email', value: failed.email }];
    const client = await ask('PUT', '/api/v1/clients/lost', { name: 'Lost', identifiers });
    expect(client.body.identifiers[0].undeliverable).toMatchObject({ status: '5.1.1', why: 'no such user' });
    const { id: _id, ...fields } = client.body;
    expect((await ask('PUT', '/api/v1/clients/lost', fields)).body).toEqual(client.body);
    const [mark] = (await ask('GET', '/api/v1/undeliverable?email=Client@Example.com')).body.items;
    expect(mark).toEqual({ ...failed, since: writtenTime(0) });
    expect((await ask('DELETE', '/api/v1/undeliverable/Client@Example.com')).status).toBe(204);
    expect((await ask('DELETE', '/api/v1/undeliverable/Client@Example.com')).status).toBe(404);
    expect((await ask('GET', '/api/v1/undeliverable')).body.items).toEqual([]);
    expect((await ask('GET', '/api/v1/undeliverable?email=none')).body.items).toEqual([]);
    await ask('POST', '/api/v1/hooks/nobody', {});
    await ask('GET', '/api/v1/hooks/nobody');
  });

  it('describes forms', async () => {
    const form = { phone: '89161112233', comment: 'How much?' };
    await ask('POST', '/api/v1/forms/site', form);
    await ask('POST', '/api/v1/forms/site', form);
    await ask('POST', '/api/v1/forms/site', {});
    await ask('POST', '/api/v1/forms/nowhere', form);
    await ask('GET', '/api/v1/forms/site/widget.js');
    await ask('POST', '/api/v1/forms/site/number', { visit: 'visit-one' });
  });

  it('describes leads and tasks', async () => {
    const now = Date.now();
    const party = { raw: '+79990000001', name: 'Stranger', withheld: false };
    const call = { ...missedCall('stranger'), party, startedAt: now - 20_000, endedAt: now };
    await office.intake.emit({ ...call, legs: [] });
    const [lead] = (await ask('GET', '/api/v1/leads?state=open')).body.items;
    await ask('GET', `/api/v1/leads/${lead.id}`);
    await ask('POST', `/api/v1/leads/${lead.id}/take`);
    await ask('POST', `/api/v1/leads/${lead.id}/reject`, { reason: 'wrong number' });
    await ask('POST', `/api/v1/leads/${lead.id}/qualify`, {});
    const [owed] = (await ask('GET', '/api/v1/tasks?state=open')).body.items;
    await ask('GET', `/api/v1/tasks/${owed.id}`);
    const made = await ask('POST', '/api/v1/tasks', { text: 'send a quote', manager: 'm1' });
    await ask('POST', `/api/v1/tasks/${made.body.id}/done`);
  });

  it('describes commands to calls', async () => {
    office.intake.changes.on('command', () => void refuseCommands());
    const refuseCommands = async () => {
      const outcome = { kind: 'failed', reason: reason('transferUnset') } as const;
      const at = office.clock.now();
      for (const { id } of await office.store.read.outboundDue('pbx', at, 10))
        await office.intake.apply([
          { op: 'begin-sending', id, at },
          { op: 'end-sending', id, outcome, at },
        ]);
    };
    await office.intake.emit(ringingCall('commanded'));
    const { items } = await office.store.read.interactions({ limit: 1, cursor: null, state: 'ringing' });
    const id = items[0]?.id;
    const command = await ask('POST', `/api/v1/calls/${id}/commands`, { action: 'hang_up', manager: 'm1' });
    expect(command.body.problemReason.code).toBe('transferUnset');
    await ask('GET', `/api/v1/commands/${command.body.id}`);
    await ask('POST', `/api/v1/calls/${id}/listen`, { manager: 'm2' });
    await ask('POST', '/api/v1/calls/pick-up', { colleague: 'm1', manager: 'm2' });
    await office.intake.emit(missedCall('commanded'));
  });

  it('describes operations', async () => {
    const deliveries = (await ask('GET', '/api/v1/deliveries')).body.items;
    await ask('POST', `/api/v1/deliveries/${deliveries[0].id}/retry`);
    await ask('GET', '/api/v1/connections');
    await ask('GET', '/api/v1/alarms');
    await ask('GET', '/api/v1/managers');
    await ask('GET', '/api/v1/reports/quiet-lines');
    const csv = await office.call('GET', '/api/v1/reports/quiet-lines?format=csv');
    expect([csv.headers.get('content-type'), Buffer.from(await csv.arrayBuffer()).toString()]).toEqual([
      'text/csv; charset=utf-8',
      '\ufeff"line","connection","quiet","window","since","expected","seen","probability","weeks"\r\n' +
        '"\'=HYPERLINK(""evil"")","pbx",true,3,"2026-01-12T09:00:00.000Z",4.5,0,0.0001,8\r\n',
    ]);
    await ask('POST', '/api/v1/session', { login: 'anna', password: 'secret-anna' });
    await ask('GET', '/api/v1/session', undefined, { cookie: await office.login('boss'), authorization: '' });
    await ask('DELETE', '/api/v1/session');
    await office.intake.apply([{ op: 'quarantine', entry: quarantined }]);
    expect((await ask('GET', '/api/v1/quarantine')).body.items).toMatchObject([
      { id: 'q1', kind: 'written', tries: 1 },
    ]);
    expect((await ask('GET', '/api/v1/quarantine/q1')).body.event).toMatchObject({ kind: 'written' });
    expect((await ask('POST', '/api/v1/quarantine/q1/retry')).status).toBe(202);
    expect((await ask('DELETE', '/api/v1/quarantine/q1')).status).toBe(204);
    expect((await ask('POST', '/api/v1/quarantine/q1/retry')).status).toBe(404);
    await ask('GET', '/api/v1/setup');
    await ask('POST', '/api/v1/setup', { code: 'x', login: 'eve', password: 'longenough' });
  });

  it('describes users, tokens, sessions and the audit log', async () => {
    await office.intake.apply([
      { op: 'put-user', user: { login: 'ivan', role: 'operator', manager: null, passwordHash: 'none' } },
      { op: 'put-token', token: { name: 'old', role: 'integration', tokenHash: 'none', createdAt: 0 } },
    ]);
    await office.login('boss');
    await ask('GET', '/api/v1/users');
    await ask('PATCH', '/api/v1/users/ivan', { scope: 'own', manager: 'm1' });
    const [session] = (await ask('GET', '/api/v1/sessions')).body.items;
    await ask('DELETE', `/api/v1/sessions/${session.id}`);
    await ask('DELETE', '/api/v1/users/ivan/sessions');
    await ask('DELETE', '/api/v1/users/ivan');
    await ask('GET', '/api/v1/tokens');
    await ask('DELETE', '/api/v1/tokens/old');
    await ask('GET', '/api/v1/audit');
  });

  it('describes every route, and the tests above call each of them', () => {
    const asked = [...seen].map((one) => one.replace(/ \d+$/, ''));
    const names = operations(document).map(([name]) => name);
    expect(names.filter((one) => !asked.includes(one))).toEqual([]);
    expect(document.openapi).toBe('3.1.0');
  });

  it('gives every operation a unique id, a summary, and tags with descriptions', () => {
    const all = operations(document);
    const known = document.tags.map(({ name }) => name);
    const incomplete = all.filter(
      ([, { operationId, summary, tags = [] }]) =>
        operationId === undefined ||
        summary === undefined ||
        tags.length === 0 ||
        !tags.every((one) => known.includes(one)),
    );
    expect(incomplete.map(([name]) => name)).toEqual([]);
    expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
    const used = new Set(all.flatMap(([, { tags = [] }]) => tags));
    expect(known.filter((name) => !used.has(name))).toEqual([]);
  });

  it('has a valid example of every body and every path parameter', () => {
    const missing: string[] = [];
    for (const [name, { parameters = [], requestBody, responses }] of operations(document)) {
      for (const parameter of parameters)
        if (parameter.in === 'path' && parameter.example === undefined) missing.push(`${name} {${parameter.name}}`);
      const bodies = Object.entries({ ...responses, body: requestBody ?? {} });
      for (const [what, { content = {} }] of bodies)
        for (const [type, { schema, example }] of Object.entries(content)) {
          const isBinary = 'format' in schema && schema.format === 'binary';
          if (example === undefined && !isBinary) missing.push(`${name} ${what} ${type}`);
          if (type.includes('json') && example !== undefined)
            expect([...Compile(resolveSchema(schema, document) as never).Errors(example)], `${name} ${what}`).toEqual(
              [],
            );
        }
    }
    expect(missing).toEqual([]);
  });
});

describe('invalid requests', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  const errorsOf = async (method: string, path: string, body?: unknown) => {
    const response = await office.call(method, path, body);
    expect(response.status).toBe(422);
    return ((await response.json()) as { errors: unknown[] }).errors;
  };

  it('get one error for each key, with the expected value', async () => {
    const meeting = { channel: 'meeting', direction: 'outbound', startedAt: '2026-01-12T12:00:00Z' };
    expect(await errorsOf('POST', '/api/v1/interactions', { ...meeting, channel: 'fax', 'a/b': 1 })).toEqual([
      { path: '/a~1b', code: 'additionalProperties', message: 'unknown key' },
      { path: '/channel', code: 'enum', message: 'expected one of: call, email, message, form, meeting' },
    ]);
    expect(await errorsOf('POST', '/api/v1/interactions', { channel: 'call', direction: 'inbound' })).toEqual([
      { path: '/startedAt', code: 'required', message: 'is missing' },
    ]);
    expect(await errorsOf('POST', '/api/v1/interactions', { ...meeting, client: 7 })).toMatchObject([
      { path: '/client', code: 'type' },
    ]);
    expect(await errorsOf('POST', '/api/v1/interactions', { ...meeting, client: 'nobody' })).toMatchObject([
      { path: '/client', code: 'invalid' },
    ]);
    expect(await errorsOf('GET', '/api/v1/match')).toMatchObject([{ code: 'required' }]);
    expect(await errorsOf('GET', '/api/v1/interactions?sinse=2026')).toMatchObject([{ path: '/sinse' }]);
  });

  it('include cursors of other listings, which would start again for ever', async () => {
    const cursor = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const wrong of ['rubbish', cursor('1'), cursor('1', '2', '3')])
      expect(await errorsOf('GET', `/api/v1/interactions?cursor=${wrong}`)).toMatchObject([{ path: '/cursor' }]);
    expect(await errorsOf('GET', `/api/v1/deliveries?cursor=${cursor('a', 'b')}`)).toMatchObject([{ path: '/cursor' }]);
  });

  it('do not include a time whose plus was not encoded as %2B', async () => {
    const response = await office.call('GET', '/api/v1/interactions?since=2026-01-12T12:00:00+03:00');
    expect(response.status).toBe(200);
  });
});
