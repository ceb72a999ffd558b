import { describe, expect, it } from 'vitest';
import { guid, pointsTo, quoted, typeName } from '../../../src/crm/onec/api/literals.ts';
import { baseTime, momentOfBase } from '../../../src/crm/onec/api/times.ts';
import type { OnecFault } from '../../support/onec/faults.ts';
import { openBase, signal } from './open-base.ts';

const users = 'Catalog_Пользователи';
const query = { select: ['Ref_Key'] };

describe('the client of OData', () => {
  it('reads and writes objects and records under Cyrillic names', async () => {
    const { onec, open } = await openBase();
    const { base } = open();
    const options = { signal: signal() };
    const key = onec.people.addClient({ name: "O'Brien", phones: ['+7 916 123-45-67'] });
    const filter = `Description eq ${quoted("O'Brien")}`;
    expect(await base.list('Catalog_Партнеры', { select: ['Ref_Key', 'Description'], filter }, options)).toEqual([
      { Ref_Key: key, Description: "O'Brien" },
    ]);
    expect(await base.count('Catalog_Партнеры', { filter }, options)).toBe(1);
    const own = '11111111-2222-5333-8444-555555555555';
    const call = await base.create('Document_ТелефонныйЗвонок', { Ref_Key: own, Тема: 'Звонок' }, options);
    expect(call.Ref_Key).toBe(own);
    await expect(base.create('Document_ТелефонныйЗвонок', { Ref_Key: own }, options)).rejects.toMatchObject({
      trouble: 'refused',
      code: '15',
    });
    await base.update('Document_ТелефонныйЗвонок', own, { Тема: 'Другая' }, options);
    expect(await base.read('Document_ТелефонныйЗвонок', own, ['Тема'], options)).toMatchObject({ Тема: 'Другая' });
    const register = 'InformationRegister_ПредметыПапкиВзаимодействий';
    const type = typeName('Document_ТелефонныйЗвонок');
    await base.create(register, { Взаимодействие: own, Взаимодействие_Type: type, Рассмотрено: false }, options);
    const record = { Взаимодействие: quoted(own), Взаимодействие_Type: quoted(type) };
    await base.update(register, record, { Рассмотрено: true }, options);
    expect(await base.read(register, record, ['Рассмотрено'], options)).toEqual({ Рассмотрено: true });
    expect(await base.read('Catalog_Партнеры', own, ['Ref_Key'], options)).toBeNull();
    const found = await base.list(
      register,
      { select: ['Рассмотрено'], filter: pointsTo('Взаимодействие', 'Document_ТелефонныйЗвонок', own) },
      options,
    );
    expect(found).toEqual([{ Рассмотрено: true }]);
    expect(onec.state.complaints).toEqual([]);
  });

  it.each<readonly [OnecFault, string, string]>([
    ['no-licence', 'later', 'baseBusy'],
    ['closed-for-update', 'later', 'baseClosed'],
    ['closed-for-sessions', 'later', 'baseClosed'],
    ['exclusive', 'later', 'baseClosed'],
    ['locked', 'later', 'baseLocked'],
    ['login-page', 'later', 'basePage'],
    ['502', 'unknown', 'basePage'],
    ['forbidden', 'access', 'serviceDenied'],
    ['malformed', 'later', 'answerUnreadable'],
    ['cut-before', 'unknown', 'serviceUnreachable'],
  ])('says what %s means', async (fault, trouble, code) => {
    const { onec, open } = await openBase();
    onec.faults.on(`GET ${users}`, fault);
    await expect(open().base.list(users, query, { signal: signal() })).rejects.toMatchObject({
      trouble,
      reason: { code },
    });
  });

  it('tells missing objects, missing rights, a wrong password and a refusal by the configuration apart', async () => {
    const { onec, open, states } = await openBase({
      users: [{ name: 'Обмен', password: 'секрет', rights: { Catalog_Контрагенты: 'none' } }],
    });
    const { base } = open();
    const options = { signal: signal() };
    await expect(base.list('Catalog_Нет', query, options)).rejects.toMatchObject({ trouble: 'access', code: '8' });
    await expect(base.list('Catalog_Контрагенты', query, options)).rejects.toMatchObject({
      trouble: 'access',
      code: '20',
    });
    await expect(base.list(users, { select: ['Нет'] }, options)).rejects.toMatchObject({
      trouble: 'refused',
      code: '10',
    });
    const refusal = '{"odata.error":{"code":"-1","message":{"lang":"ru","value":"Не заполнено поле"}}}';
    onec.next.push({ status: 500, headers: { 'content-type': 'application/json' }, body: refusal });
    await expect(base.create('Document_Встреча', {}, options)).rejects.toMatchObject({
      trouble: 'refused',
      code: '-1',
    });
    expect(states.at(-1)).toBe('ready');
    const stranger = open({ password: 'wrong' });
    await expect(stranger.base.list(users, query, options)).rejects.toMatchObject({
      trouble: 'access',
      reason: { code: 'serviceDenied' },
    });
    expect(states.at(-1)).toBe('failed');
  });

  it('lets a ringing call pass a backlog, and keeps a session for it', async () => {
    const { onec, open } = await openBase();
    const { base } = open();
    const release = onec.hold();
    const ended: string[] = [];
    const ask = (urgency: 'live' | 'background', name: string) =>
      base.list(users, query, { signal: signal(), urgency }).then(() => void ended.push(name));
    const backlog = Array.from({ length: 6 }, (_, n) => ask('background', `background ${n}`));
    await expect.poll(() => onec.asked.length).toBe(2);
    const live = ask('live', 'live');
    await expect.poll(() => onec.asked.length).toBe(3);
    release();
    await Promise.all([live, ...backlog]);
    expect(ended.indexOf('live')).toBeLessThan(3);
    expect(onec.state.highestSessions).toBe(3);
    expect(onec.state.refusedSessions).toBe(0);
  });

  it('goes on in its sessions if it may, and begins another when one has ended', async () => {
    const { onec, open, clock } = await openBase();
    const { base } = open({ keepSessions: true });
    const ask = () => base.list(users, query, { signal: signal() });
    for (let n = 0; n < 5; n += 1) await ask();
    expect([...onec.state.requestsOf.values()]).toEqual([5]);
    clock.pass(60);
    await Promise.all([ask(), ask(), ask()]);
    expect(onec.state.requestsOf.size).toBe(4);
    await ask();
    expect(onec.state.requestsOf.size).toBe(4);
    expect(onec.state.highestSessions).toBe(3);
    expect(onec.state.refusedSessions).toBe(0);
  });

  it('writes dates in the zone of the base', () => {
    const at = Date.parse('2026-12-01T09:30:15.700Z');
    expect(baseTime(at, 'Europe/Moscow')).toBe('2026-12-01T12:30:15');
    expect(baseTime(at, 'Asia/Vladivostok')).toBe('2026-12-01T19:30:15');
    expect(momentOfBase('2026-12-01T12:30:15', 'Europe/Moscow')).toBe(Date.parse('2026-12-01T09:30:15Z'));
    expect(momentOfBase('0001-01-01T00:00:00', 'Europe/Moscow')).toBeNull();
    expect(momentOfBase('yesterday', 'Europe/Moscow')).toBeNull();
  });

  it('refuses to put anything but a reference into an address', () => {
    expect(() => guid("1' or true")).toThrow('expected a reference');
    expect(quoted("O'Brien")).toBe("'O''Brien'");
  });
});
