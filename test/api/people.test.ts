import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../src/api/cookie.ts';
import type { AccessSettings } from '../../src/domain/access/access.ts';
import type { Staff } from '../../src/domain/directory/manager.ts';
import { access, type Office, openOffice, staff, TestPage, tokens } from '../support/office.ts';

interface Listing<T> {
  readonly items: readonly T[];
}

describe('users, tokens and sessions', () => {
  let office: Office;
  let scopes: AccessSettings['scopes'] = { operator: 'department', supervisor: 'company' };
  beforeAll(async () => {
    office = await openOffice({ access: () => ({ ...access, scopes }), staff: () => people });
  });
  afterAll(() => office.close());

  let people: Staff = {
    ...staff,
    managers: staff.managers.map((one) => (one.id === 'm2' ? { ...one, user: 'petr', scope: 'own' as const } : one)),
  };
  const list = async <T>(path: string) => ((await (await office.call('GET', path)).json()) as Listing<T>).items;
  const add = (login: string, more: object = {}) =>
    office.intake.apply([
      { op: 'put-user', user: { login, role: 'operator', manager: null, passwordHash: 'none', ...more } },
      {
        op: 'open-session',
        session: { tokenHash: hashToken(cookieOf(login)), login, expiresAt: office.clock.now() + 1e6 },
      },
    ]);
  const cookieOf = (login: string) => `cookie-of-${login}`.padEnd(30, '_');
  const session = async (login: string) =>
    (await fetch(`${office.url}/api/v1/session`, { headers: { cookie: `patchbay_session=${cookieOf(login)}` } }))
      .status;

  it('lists users with their scope: the user’s own, otherwise the manager’s, otherwise the role’s', async () => {
    await add('petr');
    await add('olga', { scope: 'company' });
    expect(await list('/api/v1/users')).toEqual([
      { login: 'anna', role: 'operator', manager: null, scope: null, sees: 'department', disabled: false, sessions: 0 },
      { login: 'boss', role: 'supervisor', manager: null, scope: null, sees: 'company', disabled: false, sessions: 0 },
      {
        login: 'olga',
        role: 'operator',
        manager: null,
        scope: 'company',
        sees: 'company',
        disabled: false,
        sessions: 1,
      },
      { login: 'petr', role: 'operator', manager: null, scope: null, sees: 'own', disabled: false, sessions: 1 },
    ]);
  });

  it('does not admit a disabled user until enabled again', async () => {
    await add('nina');
    expect(await session('nina')).toBe(200);
    expect((await office.call('PATCH', '/api/v1/users/nina', { disabled: true })).status).toBe(200);
    expect(await session('nina')).toBe(401);
    const login = { login: 'anna', password: 'secret-anna' };
    await office.call('PATCH', '/api/v1/users/anna', { disabled: true });
    const post = () =>
      fetch(`${office.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(login),
      });
    expect((await post()).status).toBe(401);
    await office.call('PATCH', '/api/v1/users/anna', { disabled: false });
    expect((await post()).status).toBe(200);
  });

  it('ends the sessions of a user whose role changes or who is removed', async () => {
    for (const act of ['PATCH', 'DELETE'] as const) {
      await add('oleg');
      expect(await session('oleg')).toBe(200);
      const answer = await office.call(act, '/api/v1/users/oleg', act === 'PATCH' ? { role: 'supervisor' } : undefined);
      expect([act, answer.status]).toEqual([act, act === 'PATCH' ? 200 : 204]);
      expect(await session('oleg')).toBe(401);
    }
    expect((await office.call('DELETE', '/api/v1/users/oleg')).status).toBe(404);
  });

  it('keeps at least one administrator who can log in', async () => {
    await add('root', { role: 'admin' });
    for (const change of [{ disabled: true }, { role: 'operator' }])
      expect((await office.call('PATCH', '/api/v1/users/root', change)).status).toBe(409);
    expect((await office.call('DELETE', '/api/v1/users/root')).status).toBe(409);
    await add('second', { role: 'admin' });
    expect((await office.call('DELETE', '/api/v1/users/root')).status).toBe(204);
  });

  it('reports what is wrong with a change', async () => {
    expect((await office.call('PATCH', '/api/v1/users/none', { disabled: true })).status).toBe(404);
    for (const change of [{}, { role: 'king' }, { scope: 'planet' }, { manager: 'nobody' }, { password: 'x' }])
      expect((await office.call('PATCH', '/api/v1/users/petr', change)).status).toBe(422);
  });

  it('lists the browsers that are logged in, and ends one session or all of a user’s', async () => {
    const cookie = await office.login('boss');
    const mine = (await list<{ id: string; login: string; createdAt: string }>('/api/v1/sessions?login=boss'))[0];
    expect(mine).toMatchObject({ login: 'boss', createdAt: expect.stringMatching(/^20/), agent: 'node' });
    expect((await office.call('DELETE', `/api/v1/sessions/${mine?.id}`)).status).toBe(204);
    expect((await fetch(`${office.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
    expect((await office.call('DELETE', `/api/v1/sessions/${mine?.id}`)).status).toBe(404);
    await add('petr');
    expect((await office.call('DELETE', '/api/v1/users/petr/sessions')).status).toBe(204);
    expect(await session('petr')).toBe(401);
  });

  it('lists tokens without their secrets, and revokes one', async () => {
    const made = { name: 'shop', role: 'integration', tokenHash: hashToken('token-of-a-shop'), createdAt: 0 } as const;
    await office.intake.apply([{ op: 'put-token', token: made }]);
    const ask = () => fetch(`${office.url}/api/v1/managers`, { headers: { authorization: 'Bearer token-of-a-shop' } });
    expect((await ask()).status).toBe(200);
    expect(await list('/api/v1/tokens')).toContainEqual({
      name: 'shop',
      role: 'integration',
      createdAt: '1970-01-01T00:00:00.000Z',
    });
    expect((await office.call('DELETE', '/api/v1/tokens/shop')).status).toBe(204);
    expect((await ask()).status).toBe(401);
    expect((await office.call('DELETE', '/api/v1/tokens/shop')).status).toBe(404);
  });

  it('checks the current rights for each desk decision, and closes the desk if they are gone', async () => {
    await add('ivan');
    const page = TestPage.ofCookie(office, `patchbay_session=${cookieOf('ivan')}`);
    await page.next('hello');
    // Nothing watches for changes here, so the decision itself must check.
    await office.store.apply([{ op: 'close-sessions', login: 'ivan' }]);
    page.send({ type: 'note', interaction: '01a00000-0000-7000-8000-000000000000', text: 'late' });
    expect((await page.closed).code).toBe(4401);
  });

  it('disconnects only those desks whose view a configuration change narrows', async () => {
    await add('zina', { manager: 'm1' });
    await add('yana', { manager: 'm1', scope: 'company' });
    const [narrowed, other] = ['zina', 'yana'].map((login) =>
      TestPage.ofCookie(office, `patchbay_session=${cookieOf(login)}`),
    ) as [TestPage, TestPage];
    await Promise.all([narrowed.next('hello'), other.next('hello')]);
    scopes = { operator: 'own', supervisor: 'company' };
    people = { ...people, lines: people.lines.map((line) => ({ ...line, route: 'manager:m2' })) };
    await office.desk.recheck('everybody');
    expect((await narrowed.closed).code).toBe(1012);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    other.close();
  });

  it('sets a host-bound cookie if browsers use HTTPS, and accepts no other', async () => {
    const secure = await openOffice({ settings: { publicUrl: 'https://pb.example' } });
    try {
      const response = await fetch(`${secure.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'anna', password: 'secret-anna' }),
      });
      const cookie = response.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(/^__Host-patchbay_session=[\w-]+; .*Path=\/; HttpOnly; Secure; SameSite=Strict/);
      expect(cookie).not.toMatch(/Domain/i);
      const value = cookie.split(';')[0]?.split('=')[1] ?? '';
      const ask = (name: string) => fetch(`${secure.url}/api/v1/session`, { headers: { cookie: `${name}=${value}` } });
      expect((await ask('__Host-patchbay_session')).status).toBe(200);
      expect((await ask('patchbay_session')).status).toBe(401);
      expect((await ask('__Host-patchbay_session')).headers.get('permissions-policy')).toContain('camera=()');
    } finally {
      await secure.close();
    }
  });

  it('is for administrators only', async () => {
    for (const token of [tokens.supervisor, tokens.integration]) {
      const answer = await office.call('GET', '/api/v1/users', undefined, { authorization: `Bearer ${token}` });
      expect(answer.status).toBe(403);
    }
  });
});
