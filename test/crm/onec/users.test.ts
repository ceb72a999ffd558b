import { describe, expect, it } from 'vitest';
import type { ManagerId } from '../../../src/domain/base/ids.ts';
import { manager, staff } from '../../support/office.ts';
import { openBase, signal } from './open-base.ts';

const m1 = 'm1' as ManagerId;
const m2 = 'm2' as ManagerId;

describe('managers and users of a scripted 1C', () => {
  it('are matched by extension, e-mail address, name or setting', async () => {
    const people = [
      { ...manager('m1', 'Anna', '101', null) },
      { ...manager('m2', 'Boris', '102', null), email: 'Boris@example.com' },
      { ...manager('m3', 'Семёнова  Вера', '103', null) },
      { ...manager('m4', 'Galina', '104', null) },
      { ...manager('m5', 'Dima', '105', null) },
    ];
    const { onec, open } = await openBase({}, { ...staff, managers: people });
    const anna = onec.people.addUser({ name: 'Иванова Анна', extension: '101' });
    const boris = onec.people.addUser({ name: 'Петров Борис', email: 'boris@example.com' });
    const vera = onec.people.addUser({ name: 'семенова вера' });
    const galina = onec.people.addUser({ name: 'Галина' });
    onec.people.addUser({ name: 'Dima', inactive: true });
    const { users } = open({ users: { m4: 'Галина' } });
    const found = await Promise.all(people.map(async ({ id }) => (await users.of(id, signal()))?.user ?? null));
    expect(found).toEqual([anna, boris, vera, galina, null]);
    const managers = await users.managersOf([anna, vera, 'nobody'], signal());
    expect(Object.fromEntries(managers)).toEqual({ [anna]: 'm1', [vera]: 'm3' });
  });

  it('are employees with their users in УНФ', async () => {
    const { onec, open } = await openBase({ preset: 'unf' });
    const employee = onec.people.addUser({ name: 'Anna Ivanova', extension: '101' });
    const [user] = onec.view.items('Пользователи');
    const found = await open().users.of(m1, signal());
    expect(found).toMatchObject({ responsible: employee, user: user?.Ref_Key, extension: '101' });
  });

  it('are known through failures, empty answers, a lost right and a restart', async () => {
    const { onec, open, clock } = await openBase();
    const anna = onec.people.addUser({ name: 'Иванова', extension: '101' });
    onec.people.addUser({ name: 'Другой', extension: '199' });
    const { users } = open();
    expect((await users.of(m1, signal()))?.user).toBe(anna);
    for (const fault of ['500', 'malformed', 'no-licence', 'cut-after'] as const) {
      clock.pass(1200);
      onec.faults.on('GET Catalog_Пользователи', fault);
      expect((await users.of(m1, signal()))?.user).toBe(anna);
    }
    clock.pass(1200);
    onec.next.push({ headers: { 'content-type': 'application/json;charset=utf-8' }, body: '{"value":[]}' });
    expect((await users.of(m1, signal()))?.user).toBe(anna);
    clock.pass(1200);
    const bare = { Ref_Key: anna, Description: 'Иванова', Недействителен: false, КонтактнаяИнформация: [] };
    onec.next.push({
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body: JSON.stringify({ value: [bare] }),
    });
    expect((await users.of(m1, signal()))?.user).toBe(anna);
    onec.faults.everything = '503';
    expect((await open().users.of(m1, signal()))?.user).toBe(anna);
  });

  it('are nobody while a first reading fails, and of two with one name neither is taken', async () => {
    const { onec, open } = await openBase();
    onec.faults.everything = 'closed-for-update';
    await expect(open().users.of(m1, signal())).rejects.toMatchObject({ trouble: 'later' });
    onec.faults.clear();
    onec.people.addUser({ name: 'Petr Petrov' });
    onec.people.addUser({ name: 'Petr Petrov' });
    expect(await open().users.of(m2, signal())).toBeNull();
  });
});
