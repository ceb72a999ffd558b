import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Line } from '../../src/domain/directory/manager.ts';
import { missedCall, type Office, openOffice, ringingCall, staff } from '../support/office.ts';

const meeting = { channel: 'meeting', direction: 'outbound', startedAt: '2026-01-12T12:00:00+03:00', text: 'talked' };

describe('the REST API', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
    await office.call('PUT', '/api/v1/clients/c1', {
      name: 'Romashka',
      kind: 'company',
      responsible: 'm1',
      identifiers: [
        { kind: 'phone', value: '8 916 123-45-67' },
        { kind: 'email', value: 'Info@Romashka.ru' },
      ],
      deals: [{ id: 'd1', name: 'Chairs', stage: 'new' }],
    });
  });
  afterAll(() => office.close());

  it('creates, finds and deletes a client', async () => {
    const made = await office.call('PUT', '/api/v1/clients/c2', {
      name: 'Vasilek',
      identifiers: [{ kind: 'phone', value: '+7 495 765-43-21' }],
    });
    const again = await office.call('PUT', '/api/v1/clients/c2', {
      name: 'Vasilek',
      identifiers: [{ kind: 'phone', value: '+7 495 765-43-21' }],
    });
    expect([made.status, again.status]).toEqual([201, 200]);

    const found = (await (await office.call('GET', '/api/v1/clients?phone=84957654321')).json()) as {
      items: { id: string }[];
    };
    expect(found.items.map((item) => item.id)).toEqual(['c2']);

    expect((await office.call('DELETE', '/api/v1/clients/c2')).status).toBe(204);
    expect((await office.call('GET', '/api/v1/clients/c2')).status).toBe(404);
  });

  it('imports clients and reports the rejected rows', async () => {
    const rows = [
      { id: 'i1', name: 'Lilia', identifiers: [{ kind: 'phone', value: '+7 495 111-22-33' }] },
      { id: 'i2', name: 'Rosa', identifiers: [{ kind: 'phone', value: '12' }] },
    ];
    const send = (type: string) =>
      office.call('POST', '/api/v1/clients/import', rows.map((row) => JSON.stringify(row)).join('\n'), {
        'content-type': type,
      });
    const response = await send('application/x-ndjson');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accepted: 1, refused: 1, rows: [{ row: 2 }] });
    expect((await office.call('GET', '/api/v1/clients/i1')).status).toBe(200);
    expect((await send('text/plain')).status).toBe(415);
  });

  it('matches by phone in any notation', async () => {
    const response = await office.call('GET', `/api/v1/match?phone=${encodeURIComponent('7 (916) 1234567')}`);
    expect(await response.json()).toMatchObject({ outcome: 'matched', candidates: [{ client: { id: 'c1' } }] });
  });

  it('returns a route as a plain dial string', async () => {
    const response = await office.call('GET', '/api/v1/route?phone=89161234567&line=main&format=dial');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe('PJSIP/101');
  });

  it('follows a call from ringing to the operator’s decision', async () => {
    await office.intake.emit(ringingCall('rest-1'));
    await office.intake.emit(missedCall('rest-1'));
    const list = (await (await office.call('GET', '/api/v1/interactions?client=c1&state=missed')).json()) as {
      items: { id: string; revision: number }[];
    };
    const [call] = list.items;
    const path = `/api/v1/interactions/${call?.id}`;

    const patched = await office.call(
      'PATCH',
      path,
      { note: 'asked for chairs', disposition: 'hot' },
      { 'if-match': `"${call?.revision}"` },
    );
    const stale = await office.call('PATCH', path, { note: 'late' }, { 'if-match': `${call?.revision}` });
    const history = await office.call('GET', `${path}/history`);

    expect(patched.status).toBe(200);
    expect(await patched.json()).toMatchObject({
      disposition: 'hot',
      notes: [{ text: 'asked for chairs' }],
      client: { id: 'c1' },
    });
    expect(stale.status).toBe(412);
    expect(((await history.json()) as { items: unknown[] }).items.length).toBeGreaterThanOrEqual(3);
  });

  it('suggests the company with the domain of an unknown address, as the intake does', async () => {
    const identifiers = [{ kind: 'email', value: 'info@works.example' }];
    await office.call('PUT', '/api/v1/clients/works', { name: 'Works', identifiers });
    const response = await office.call('GET', '/api/v1/match?email=new.buyer%40works.example');
    expect(await response.json()).toMatchObject({
      outcome: 'unknown',
      client: null,
      candidates: [{ client: { id: 'works' }, via: { kind: 'domain', value: 'works.example' } }],
    });
  });

  it('stores no attribution if the line has none', async () => {
    const attribution = { source: null, medium: null, campaign: null };
    const line: Line = {
      id: 'plain',
      channel: 'call',
      address: '1',
      label: 'P',
      connection: null,
      attribution,
      route: null,
    };
    const plain = await openOffice({ staff: () => ({ ...staff, lines: [line] }) });
    const response = await plain.call('POST', '/api/v1/interactions', { ...meeting, line: 'plain' });
    expect(await response.json()).toMatchObject({ line: { id: 'plain' }, attribution: null });
    await plain.close();
  });

  it('records an external interaction once per key', async () => {
    const first = await office.call('POST', '/api/v1/interactions', {
      ...meeting,
      key: 'k1',
      phone: '89161234567',
      manager: 'm2',
    });
    const second = await office.call('POST', '/api/v1/interactions', {
      ...meeting,
      key: 'k1',
      phone: '89161234567',
      manager: 'm2',
    });
    const [one, two] = [(await first.json()) as { id: string }, (await second.json()) as { id: string }];
    expect(one).toMatchObject({
      channel: 'meeting',
      state: 'sent',
      client: { id: 'c1' },
      startedAt: '2026-01-12T09:00:00.000Z',
    });
    expect(two.id).toBe(one.id);
    expect([first.status, second.status]).toEqual([201, 200]);
  });

  it.each([
    ['POST', '/api/v1/interactions', '{"channel":', 400, 'bad-request'],
    ['POST', '/api/v1/interactions', { ...meeting, surprise: 1 }, 422, 'invalid'],
    ['POST', '/api/v1/interactions', { ...meeting, phone: '101' }, 422, 'invalid'],
    ['POST', '/api/v1/interactions', { ...meeting, text: 'x'.repeat(2_000_000) }, 413, 'too-large'],
    ['PUT', '/api/v1/clients/c3', { name: '', identifiers: [{ kind: 'fax', value: '1' }] }, 422, 'invalid'],
    ['PATCH', '/api/v1/interactions/not-a-uuid', { note: 'x' }, 404, 'not-found'],
    ['PATCH', '/api/v1/interactions/0197d1f0-0000-7000-8000-000000000000', { note: 'x' }, 404, 'not-found'],
    ['GET', '/api/v1/interactions?limit=9999', undefined, 422, 'invalid'],
    ['POST', '/api/v1/deliveries/none/retry', undefined, 404, 'not-found'],
    ['GET', '/api/v1/clients/%E0%A4%A', undefined, 400, 'bad-request'],
    ['GET', '/api/v1/nothing', undefined, 404, 'not-found'],
  ])('answers %s %s with a problem', async (method, path, body, status, slug) => {
    const response = await office.call(method, path, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await response.json()) as { type: string };
    expect(problem.type).toBe(`urn:patchbay:${slug}`);
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:/);
  });

  it('serves its description, health and metrics', async () => {
    const openapi = (await (await office.call('GET', '/api/v1/openapi.json')).json()) as { paths: object };
    expect(Object.keys(openapi.paths)).toContain('/api/v1/interactions/{id}');
    expect((await fetch(`${office.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${office.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${office.url}/metrics`)).text()).toContain('patchbay_desk_sockets 0');
  });

  it('has logged no numbers, names or addresses', () => {
    expect(office.logged()).not.toMatch(/916\D?123|9161234567|romashka|zaytsev|asked for chairs/i);
    expect(office.logged()).toContain('/api/v1/interactions');
  });
});
