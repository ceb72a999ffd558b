import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadRate } from '../../src/api/audit/read-rate.ts';
import { hashToken } from '../../src/api/cookie.ts';
import type { ClientId } from '../../src/domain/base/ids.ts';
import { client } from '../support/calls.ts';
import { access, missedCall, type Office, openOffice, TestPage } from '../support/office.ts';
import { answerTo, report } from '../support/written.ts';

const secret = 'cookie-of-a-user'.padEnd(30, '_');
const cookie = `patchbay_session=${secret}`;

async function openUsersOffice(change: Parameters<typeof openOffice>[0] = {}): Promise<Office> {
  const office = await openOffice(change);
  await office.intake.apply([
    { op: 'put-user', user: { login: 'olga', role: 'supervisor', manager: null, passwordHash: 'none' } },
    {
      op: 'open-session',
      session: { tokenHash: hashToken(secret), login: 'olga', expiresAt: office.clock.now() + 1e7 },
    },
    { op: 'put-clients', clients: Array.from({ length: 20 }, (_, i) => client(`c${i}`, [])), at: 1 },
  ]);
  return office;
}

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly what: string;
  readonly subject: string | null;
  readonly who: string;
}

describe('the audit log', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openUsersOffice();
  });
  afterAll(() => office.close());

  const get = (path: string) => fetch(`${office.url}/api/v1${path}`, { headers: { cookie } });
  const entries = async (query = '') =>
    (await (await office.call('GET', `/api/v1/audit${query}`)).json()) as { items: Entry[]; next: string | null };

  it('records logins and refused logins', async () => {
    await office.login('anna');
    await office.login('anna', 'wrong-password').catch(() => undefined);
    const { items } = await entries('?who=anna');
    expect(items).toMatchObject([
      { who: 'anna', action: 'login-refused', what: 'POST /session', address: '127.0.0.1' },
      { who: 'anna', action: 'login' },
    ]);
    expect(JSON.stringify(items)).not.toContain('wrong-password');
  });

  it('contains no network addresses of people', async () => {
    const failed = { email: 'buyer@works.example', status: '5.1.1', why: 'no such user' };
    const copy = { party: { phone: null, email: failed.email, account: null, name: null }, automatic: null };
    await office.intake.emit(answerTo('none', 'lost', copy));
    await office.intake.emit(report('lost', { state: 'failed', problem: 'x', undeliverable: [failed] }));
    await office.call('DELETE', `/api/v1/undeliverable/${failed.email}`);
    const { items } = await entries();
    const cleared = items.find(({ what }) => what === 'DELETE /undeliverable/:email');
    expect(cleared).toMatchObject({ subject: null });
  });

  it('records who read, changed and deleted a client', async () => {
    await get('/clients/c1');
    await office.call('PUT', '/api/v1/clients/c1', { name: 'Other' });
    await office.call('DELETE', '/api/v1/clients/c1');
    expect((await entries('?subject=c1')).items).toMatchObject([
      { who: 'token:the admin', action: 'delete', what: 'DELETE /clients/:id' },
      { who: 'token:the admin', action: 'change', what: 'PUT /clients/:id' },
      { who: 'olga', action: 'read-client', what: 'GET /clients/:id' },
    ]);
  });

  it('counts the clients of a list, and omits the search text', async () => {
    await get('/clients?q=client&limit=7');
    const [latest] = (await entries('?action=list-clients')).items;
    expect(latest).toMatchObject({ who: 'olga', what: 'GET /clients', subject: null, count: 7 });
  });

  it('records decisions made at the desk', async () => {
    await office.intake.emit(missedCall('a1'));
    const id = (await office.store.read.interactions({ limit: 1, cursor: null })).items[0]?.id ?? '';
    const page = TestPage.ofCookie(office, cookie);
    await page.next('hello');
    page.send({ type: 'note', interaction: id, text: 'secret words' });
    await page.next('ok');
    page.close();
    const { items } = await entries(`?subject=${id}`);
    expect(items).toMatchObject([{ who: 'olga', action: 'change', what: 'desk note' }]);
    expect(JSON.stringify(items)).not.toContain('secret words');
  });

  it('omits requests that were refused or found nothing', async () => {
    await get('/clients/none');
    await get('/users');
    expect((await entries('?subject=none')).items).toEqual([]);
  });

  it('is read page by page and by day, and rejects invalid queries', async () => {
    const all = (await entries('?limit=200')).items;
    const first = await entries('?limit=2');
    const second = await entries(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.slice(0, 4).map(({ id }) => id));
    expect((await entries('?since=2001-01-01&until=2002-01-01')).items).toEqual([]);
    expect((await entries('?since=2001-01-01')).items.length).toBeGreaterThan(4);
    for (const query of ['?since=yesterday', '?action=dance', '?cursor=x', '?since=9999999-01-01'])
      expect((await office.call('GET', `/api/v1/audit${query}`)).status).toBe(422);
  });

  it('fails a read that it cannot record', async () => {
    const apply = office.intake.apply.bind(office.intake);
    office.intake.apply = async (writes) => {
      if (writes.some(({ op }) => op === 'audit')) throw new Error('the disk is full');
      return apply(writes);
    };
    try {
      expect((await get('/clients/c2')).status).toBe(500);
      // A change that was made is reported as made.
      expect((await office.call('PUT', '/api/v1/clients/c2', { name: 'New' })).status).toBe(200);
    } finally {
      office.intake.apply = apply;
    }
    expect((await office.store.read.client('c2' as ClientId))?.name).toBe('New');
  });
});

describe('reading unusually many clients', () => {
  it('counts the different clients and contacts of an hour, regardless of clock changes', () => {
    let now = 0;
    const rate = new ReadRate(
      () => ({ alarm: 2, limit: 3 }),
      () => now,
    );
    expect(rate.count('a', ['1', '2', '1'], 5)).toBeNull();
    expect(rate.isExhausted('a')).toBe(false);
    expect(rate.count('a', ['3'], 6)).toEqual({ login: 'a', since: 5, reads: 3 });
    expect(rate.count('a', ['4'], 7)).toBeNull();
    expect([rate.isExhausted('a'), rate.isExhausted('b'), rate.reported.length]).toEqual([true, false, 1]);
    now += 3_600_000;
    expect([rate.isExhausted('a'), rate.reported]).toEqual([false, []]);
  });

  it('raises an alarm that only supervisors see, and is stopped at the limit', async () => {
    const office = await openUsersOffice({ access: () => ({ ...access, reads: { alarm: 5, limit: 12 } }) });
    try {
      const page = TestPage.ofCookie(office, cookie);
      const other = TestPage.ofCookie(office, await office.login('anna'));
      await Promise.all([page.next('hello'), other.next('hello')]);
      const get = (path: string) => fetch(`${office.url}/api/v1${path}`, { headers: { cookie } });
      for (const id of ['c1', 'c1', 'c2', 'c3', 'c4', 'c5']) expect((await get(`/clients/${id}`)).status).toBe(200);
      expect(await (await get('/alarms')).json()).toEqual({ items: [], next: null });
      expect((await get('/clients?limit=7')).status).toBe(200);
      const alarm = { kind: 'mass-reading', reason: 'olga', seen: expect.any(Number) };
      expect(await page.next('alarm')).toMatchObject({ alarms: [alarm] });
      expect(await (await get('/alarms')).json()).toMatchObject({ items: [alarm] });
      expect((await get('/clients?limit=20')).status).toBe(200);
      for (const path of ['/clients/c1', '/clients', '/interactions', '/match?phone=1'])
        expect((await get(path)).status).toBe(429);
      // Requests that do not concern clients still work, and so do other users.
      expect((await get('/managers')).status).toBe(200);
      expect((await office.call('GET', '/api/v1/clients/c1')).status).toBe(200);
      const { items } = await office.store.read.audit({ limit: 1, cursor: null, action: 'mass-reading' });
      expect(items).toMatchObject([{ who: 'olga' }]);
      expect(office.logged()).toContain('reads unusually many clients');
      expect(other.messages.filter(({ type }) => type === 'alarm')).toEqual([]);
      page.close();
      other.close();
    } finally {
      await office.close();
    }
  });
});
