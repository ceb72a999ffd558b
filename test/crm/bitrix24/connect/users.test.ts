import { describe, expect, it } from 'vitest';
import type { ManagerId } from '../../../../src/domain/base/ids.ts';
import type { Staff } from '../../../../src/domain/directory/manager.ts';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { manager } from '../../../support/office.ts';
import { start } from '../portal/start.ts';
import { emptyStore, hookConfig, instance } from './instances.ts';

const { signal } = new AbortController();
const anna = 'anna' as ManagerId;
const staff: Staff = { managers: [manager(anna, 'Anna', '101', null)], lines: [] };

async function set(count = 120) {
  const users = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: `User ${i + 1}`,
    admin: i === 0,
    extension: i === count - 1 ? '101' : String(1000 + i),
  }));
  const { portal, clock } = await start({ users });
  const store = emptyStore();
  const open = () => instance('one', hookConfig(portal), { store, clock, staff });
  return { portal, clock, store, open, count };
}

describe("the portal's users", () => {
  it('are read page by page', async () => {
    const { open, portal, count } = await set();
    const { users } = open();
    expect(await users.of(anna, signal)).toEqual({ id: count, extension: '101', email: null });
    expect(await users.managerOf(count, signal)).toBe(anna);
    expect(await users.byExtension('1000', signal)).toMatchObject({ id: 1 });
    expect(portal.state.counts.get('user.get')).toBe(3);
    expect(portal.state.complaints).toEqual([]);
  });

  it.each<[FaultKind, number]>([
    ['empty', 1],
    ['empty', 2],
    ['malformed', 1],
    ['html', 3],
    ['500', 2],
    ['no-subscription', 1],
    ['cut-after', 2],
  ])('survive a poisoned answer (%s at page %i), also through a restart', async (fault, nth) => {
    const { open, portal, clock, count } = await set();
    const { users } = open();
    await users.of(anna, signal);
    clock.pass(600);
    portal.faults.on('user.get', fault, { nth });
    expect(await users.of(anna, signal)).toMatchObject({ id: count });
    expect(portal.faults.happened).toHaveLength(1);
    portal.faults.everything = 'html';
    expect(await open().users.of(anna, signal)).toMatchObject({ id: count });
  });

  it('who became inactive get nothing any more', async () => {
    const { open, portal, clock, count } = await set(5);
    const { users } = open();
    await users.of(anna, signal);
    const user = portal.state.users.get(count);
    if (user !== undefined) portal.state.users.set(count, { ...user, active: false });
    clock.pass(600);
    expect(await users.of(anna, signal)).toBeNull();
  });
});
