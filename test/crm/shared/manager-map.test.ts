import { describe, expect, it } from 'vitest';
import { ManagerMap } from '../../../src/crm/shared/manager-map.ts';
import type { ReadUser, UserReading } from '../../../src/crm/shared/remote-users.ts';
import type { ManagerId } from '../../../src/domain/base/ids.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { manager } from '../../support/office.ts';

const { signal } = new AbortController();
const anna = manager('anna', 'Anna', '101', null);
const petr = { ...manager('petr', 'Petr', 'pbx/102', null), email: 'Petr@Example.com' };
const vera = manager('vera', 'Vera', '103', null);
const user = (id: string, more: Partial<ReadUser> = {}): ReadUser => ({
  id,
  name: null,
  extension: null,
  email: null,
  isActive: true,
  ...more,
});
const all = (...users: ReadUser[]): UserReading => ({ users, isComplete: true });

function mapOf(users: Readonly<Record<string, string>> = {}) {
  const cursors = new Map<string, string>();
  const state = { now: 0, answer: async (): Promise<UserReading> => all(), readings: 0 };
  const open = () =>
    new ManagerMap({
      staff: () => ({ managers: [anna, petr, vera], lines: [] }),
      users,
      read: () => {
        state.readings += 1;
        return state.answer();
      },
      cursor: {
        get: async (name) => cursors.get(name) ?? null,
        set: async (name, value) => void cursors.set(name, value),
      },
      now: () => state.now,
      log: silentLogger,
    });
  return { state, open, map: open() };
}

const found = async (map: ManagerMap) =>
  Promise.all([anna, petr, vera].map(async ({ id }) => (await map.userOf(id, signal))?.id ?? null));

describe('the mapping of managers', () => {
  it('goes by setting, then by extension, then by e-mail address', async () => {
    const { state, map } = mapOf({ vera: '9' });
    state.answer = async () =>
      all(user('1', { extension: '101' }), user('2', { email: 'petr@example.com' }), user('9'));
    expect(await found(map)).toEqual(['1', '2', '9']);
    expect(await map.managerOf('2', signal)).toBe('petr');
    expect(await map.managerOf('77', signal)).toBeNull();
    expect(state.readings).toBe(1);
  });

  it('holds a setting even if the reading did not list that user, but not for one who has left', async () => {
    const { state, map } = mapOf({ vera: '9', anna: '1' });
    state.answer = async () => all(user('1', { isActive: false, extension: '101' }));
    expect(await found(map)).toEqual([null, null, '9']);
  });

  it('finds no inactive user, and the one with the lowest number of two with one extension', async () => {
    const { state, map } = mapOf();
    const shared = { extension: '101' };
    state.answer = async () => all(user('10', shared), user('3', { ...shared, isActive: false }), user('4', shared));
    expect((await map.userOf(anna.id, signal))?.id).toBe('4');
    expect(await map.userOf('nobody' as ManagerId, signal)).toBeNull();
  });

  it.each([
    ['fails', () => Promise.reject(new Error('502'))],
    ['is empty', async () => all()],
    ['is incomplete', async () => ({ users: [user('2', { extension: '102' })], isComplete: false })],
    ['lacks the fields', async () => all({ ...user('1'), extension: undefined, email: undefined })],
  ])('forgets nobody if a reading %s, even through a restart', async (_, poisoned) => {
    const { state, map, open } = mapOf();
    state.answer = async () => all(user('1', { extension: '101' }));
    expect(await found(map)).toEqual(['1', null, null]);
    state.answer = poisoned;
    state.now += 600_000;
    expect((await found(map))[0]).toBe('1');
    expect((await found(open()))[0]).toBe('1');
    expect(state.readings).toBeGreaterThan(1);
  });

  it('forgets who is certainly gone, and an extension that was taken away', async () => {
    const { state, map } = mapOf();
    state.answer = async () => all(user('1', { extension: '101' }), user('2', { extension: '102' }));
    expect(await found(map)).toEqual(['1', '2', null]);
    state.answer = async () => all(user('1', { extension: null }));
    state.now += 600_000;
    expect(await found(map)).toEqual([null, null, null]);
  });

  it('reports a failed reading if nobody is known, and repeats it soon', async () => {
    const { state, map } = mapOf();
    state.answer = () => Promise.reject(new Error('502'));
    await expect(map.users(signal)).rejects.toThrow('502');
    state.answer = async () => all(user('1', { extension: '101' }));
    state.now += 30_000;
    expect((await map.userOf(anna.id, signal))?.id).toBe('1');
  });

  it('reads once for many at once', async () => {
    const { state, map } = mapOf();
    state.answer = async () => all(user('1', { extension: '101' }));
    await Promise.all([found(map), found(map), map.byExtension('pbx/101', signal)]);
    expect(state.readings).toBe(1);
  });
});
