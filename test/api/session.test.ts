import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callActions } from '../../src/domain/call/call-command.ts';
import { type Office, openOffice, tokens } from '../support/office.ts';

describe('sessions', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ settings: { loginAttempts: 3 } });
  });
  afterAll(() => office.close());

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${office.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('begin with a login, report the current user, and end with a logout', async () => {
    const cookie = await office.login('anna');
    const me = await fetch(`${office.url}/api/v1/session`, { headers: { cookie } });
    expect(await me.json()).toEqual({
      login: 'anna',
      role: 'operator',
      manager: { id: 'm1', name: 'Anna Ivanova' },
      calls: false,
      messengers: false,
      controls: [...callActions],
      timezone: 'Europe/Moscow',
      extension: '101',
      department: null,
      company: 'Our company',
      undo: 10_000,
    });

    const out = await fetch(`${office.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie, origin: office.url },
    });
    expect(out.status).toBe(204);
    expect((await fetch(`${office.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
  });

  it('use a cookie that scripts and other sites cannot read', async () => {
    const response = await post({ login: 'anna', password: 'secret-anna' });
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
  });

  it('reject a change by cookie without an origin or with a foreign one', async () => {
    const cookie = await office.login('anna');
    for (const headers of [{ cookie }, { cookie, origin: 'https://evil.example' }]) {
      const response = await fetch(`${office.url}/api/v1/session`, { method: 'DELETE', headers });
      expect(response.status).toBe(403);
    }
    const foreign = await post({ login: 'anna', password: 'secret-anna' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
  });

  it('end when they expire', async () => {
    const cookie = await office.login('boss');
    office.clock.shift(13 * 3600_000);
    expect((await fetch(`${office.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
  });

  it('are extended when used in their second half, and not before', async () => {
    const cookie = await office.login('boss');
    const look = async () => {
      const response = await fetch(`${office.url}/api/v1/session`, { headers: { cookie } });
      return [response.status, response.headers.get('set-cookie')?.split(';')[0] ?? null];
    };
    office.clock.shift(5 * 3600_000);
    expect(await look()).toEqual([200, null]);
    office.clock.shift(2 * 3600_000);
    expect(await look()).toEqual([200, cookie]);
    // After the original expiry, but before the new one.
    office.clock.shift(11 * 3600_000);
    expect(await look()).toEqual([200, cookie]);
    office.clock.shift(12 * 3600_000 + 1);
    expect(await look()).toEqual([401, null]);
  });

  it('end a week after login, even when in use', async () => {
    const cookie = await office.login('boss');
    const hour = 3600_000;
    const look = async () => (await fetch(`${office.url}/api/v1/session`, { headers: { cookie } })).status;
    for (let hours = 0; hours < 7 * 24 - 5; hours += 5) {
      office.clock.shift(5 * hour);
      expect([hours, await look()]).toEqual([hours, 200]);
    }
    office.clock.shift(5 * hour);
    expect(await look()).toBe(401);
  });

  it('give the same response for a wrong password and an unknown user, and then 429', async () => {
    office.clock.shift(600_000);
    const wrong = await post({ login: 'anna', password: 'no' });
    const unknown = await post({ login: 'nobody', password: 'no' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());

    // The delay doubles with each failure, so it outgrows what a busy machine takes for a password.
    let limited = unknown;
    for (let i = 0; i < 12 && limited.status === 401; i += 1) limited = await post({ login: 'nobody', password: 'no' });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.headers.get('content-type')).toContain('application/problem+json');
  });

  it('reject a body longer than any login and password', async () => {
    expect((await post({ login: 'x'.repeat(20_000), password: 'no' })).status).toBe(413);
  });

  it('separate the roles', async () => {
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const deliveries = (token: string) => office.call('GET', '/api/v1/deliveries', undefined, as(token));
    expect((await deliveries(tokens.supervisor)).status).toBe(200);
    expect((await deliveries('token-of-nobody')).status).toBe(401);
    office.clock.shift(600_000);
    const cookie = await office.login('anna');
    expect((await fetch(`${office.url}/api/v1/deliveries`, { headers: { cookie } })).status).toBe(403);
    expect((await office.call('DELETE', '/api/v1/clients/x', undefined, as(tokens.supervisor))).status).toBe(403);
  });

  it('offer no set-up once there are users', async () => {
    const state = await fetch(`${office.url}/api/v1/setup`);
    expect(await state.json()).toEqual({ needed: false });
    const response = await office.call('POST', '/api/v1/setup', { code: 'x', login: 'eve', password: 'longenough' });
    expect(response.status).toBe(409);
  });
});

describe('the first set-up', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ users: false, settings: { setupCode: 'the-printed-code' } });
  });
  afterAll(() => office.close());

  const setUp = (code: string) => office.call('POST', '/api/v1/setup', { code, login: 'root', password: 'longenough' });

  it('creates one administrator for the holder of the code, once', async () => {
    expect(await (await fetch(`${office.url}/api/v1/setup`)).json()).toEqual({ needed: true });
    expect((await setUp('guessed')).status).toBe(403);
    for (const password of ['short', 'password123', 'aaaaaaaaaaaa']) {
      const weak = await office.call('POST', '/api/v1/setup', { code: 'the-printed-code', login: 'root', password });
      expect([weak.status, await weak.json()]).toMatchObject([422, { errors: [{ path: '/password' }] }]);
    }
    const made = await setUp('the-printed-code');
    const again = await setUp('the-printed-code');

    expect([made.status, again.status]).toEqual([200, 409]);
    expect(await made.json()).toMatchObject({ login: 'root', role: 'admin', manager: null });
    expect(await office.login('root', 'longenough')).toMatch(/^patchbay_session=/);
  });
});

describe('behind a reverse proxy', () => {
  let office: Office;
  afterEach(() => office.close());

  const logIn = (from: string, login = 'nobody', password = 'no') =>
    fetch(`${office.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from, 'x-forwarded-proto': 'https' },
      body: JSON.stringify({ login, password }),
    });
  const statuses = async (...from: string[]) => {
    const answers: number[] = [];
    for (const [i, address] of from.entries()) answers.push((await logIn(address, `nobody-${i}`)).status);
    return answers;
  };

  it('counts attempts by the forwarded address, and trusts the forwarded protocol', async () => {
    office = await openOffice({ settings: { loginAttempts: 0.1 } });
    expect(await statuses('192.0.2.1', '192.0.2.1', '192.0.2.2')).toEqual([401, 429, 401]);
    expect((await logIn('192.0.2.3', 'anna', 'secret-anna')).headers.get('set-cookie')).toContain('; Secure');
  });

  it.each([
    ['nobody', false],
    ['another one', ['198.51.100.0/24']],
  ])('ignores forwarded headers if %s is trusted', async (_whom, trustProxy) => {
    office = await openOffice({ settings: { loginAttempts: 0.1, trustProxy } });
    expect(await statuses('192.0.2.1', '192.0.2.2')).toEqual([401, 429]);
  });

  it('sets a cookie that works over HTTP if there is no TLS', async () => {
    office = await openOffice({ settings: { trustProxy: false } });
    expect((await logIn('192.0.2.3', 'anna', 'secret-anna')).headers.get('set-cookie')).not.toContain('Secure');
  });
});
