import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { RoutingPlan } from '../../../src/domain/routing/routing.ts';
import type { CallBackSettings } from '../../../src/domain/written/form-settings.ts';
import { promisedBy } from '../../../src/forms/http/call-back.ts';
import { type FormOffice, openFormOffice } from '../../support/forms.ts';
import { manager } from '../../support/office.ts';

const callBack: CallBackSettings = { countries: [], perNumber: 1, perAddress: 2, perForm: 4 };
const wish = (phone: string, more: object = {}) => ({ phone, _pb_request: 'callback', ...more });

interface Answer {
  readonly ok: true;
  readonly id?: string;
  readonly duplicate?: true;
  readonly callback?: { readonly state: string; readonly by: string; readonly text: string };
}

describe('a form that asks for a call', () => {
  let office: FormOffice;
  const rung: Interaction[] = [];
  const begin = vi.fn(async (form: Interaction): Promise<{ id: string; name: string } | null> => {
    rung.push(form);
    return { id: 'm1', name: 'Anna' };
  });

  const open = async () => {
    rung.length = 0;
    begin.mockClear();
    office = await openFormOffice({ site: { callBack }, plain: {} }, { callBacks: { begin } });
  };
  afterEach(() => office.close());

  const submit = async (body: object, headers: Record<string, string> = {}, line = 'site') =>
    (await (await office.submit(line, body, headers)).json()) as Answer;

  it('starts a call, and tells the visitor that we are calling and by when at the latest', async () => {
    await open();
    const { id, callback } = await submit(wish('8 916 123-45-67'));
    expect(callback).toMatchObject({ state: 'calling', text: expect.stringContaining('Сейчас вам позвоним') });
    expect(rung).toMatchObject([{ id, channel: 'form', party: { phone: '+79161234567' } }]);
    const task = await office.store.read.task(id ?? '');
    expect(task).toMatchObject({ kind: 'call_back', state: 'open', dueAt: callback?.by });
    expect(Date.parse(callback?.by ?? '') - office.clock.now()).toBeGreaterThan(14 * 60_000);
  });

  it('starts one call, however often the form is sent', async () => {
    await open();
    const body = wish('+79161234567', { _pb_key: 'one' });
    const answers = await Promise.all([submit(body), submit(body), submit(body)]);
    expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(2);
    expect(rung).toHaveLength(1);
  });

  it('tells the visitor in their language if nobody can call now', async () => {
    await open();
    begin.mockResolvedValueOnce(null);
    const { callback } = await submit(wish('+79161234567', { _pb_lang: 'en' }));
    expect(callback).toMatchObject({
      state: 'later',
      text: expect.stringMatching(/Nobody can call right now.* by \d\d:\d\d/),
    });
  });

  it('keeps the form if the call could not be started', async () => {
    await open();
    begin.mockRejectedValueOnce(new Error('the store is away'));
    const { ok, callback } = await submit(wish('+79161234567'));
    expect([ok, callback?.state]).toEqual([true, 'later']);
    expect(await office.taken()).toHaveLength(1);
  });

  it.each([
    ['a foreign number', '+4930901820'],
    ['a premium-rate number', '+78091234567'],
    ['a toll-free number', '88001234567'],
    ['a number of a neighbouring country with the same code', '+77012345678'],
  ])('never calls %s', async (_name, phone) => {
    await open();
    const { ok, callback } = await submit(wish(phone));
    expect(ok).toBe(true);
    expect(callback?.state).not.toBe('calling');
    expect(rung).toEqual([]);
  });

  it('limits calls per number, per address and per form', async () => {
    await open();
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const state = async (phone: string, address: string) =>
      (await submit(wish(phone, { n: Math.random() }), from(address))).callback?.state;
    expect(await state('+79161234567', '203.0.113.1')).toBe('calling');
    expect(await state('+79161234567', '203.0.113.2')).toBe('later');
    expect(await state('+79161234568', '203.0.113.1')).toBe('calling');
    expect(await state('+79161234569', '203.0.113.1')).toBe('later');
    expect(await state('+79161234570', '203.0.113.3')).toBe('calling');
    expect(await state('+79161234571', '203.0.113.4')).toBe('calling');
    // The limit of the form applies across all numbers and addresses.
    expect(await state('+79161234572', '203.0.113.5')).toBe('later');
    expect(rung).toHaveLength(4);
    office.clock.shift(5 * 60_000);
    expect(await state('+79161234567', '203.0.113.1')).toBe('calling');
  });

  it('does not call for bots, for requests that took too long to arrive, or for forms without the setting', async () => {
    await open();
    expect((await submit(wish('+79161234567', { _pb_website: 'x' }))).callback).toBeUndefined();
    expect((await submit(wish('+79161234568', { _pb_waited: '61000' }))).callback?.state).toBe('later');
    const { id, callback } = await submit(wish('+79161234569'), {}, 'plain');
    expect(callback).toBeUndefined();
    expect(await office.store.read.task(id ?? '')).toMatchObject({ kind: 'call_back' });
    expect((await submit({ phone: '+79161234570' })).callback).toBeUndefined();
    expect(rung).toEqual([]);
  });
});

describe('the promised time', () => {
  const day = [{ from: 9 * 60, to: 18 * 60 }];
  const hours = {
    office: { timezone: 'Europe/Moscow', week: [day, day, day, day, day, [], []], holidays: [], workdays: [] },
  };
  const plan = { hours, within: { callBack: 15, answer: 60 } } as unknown as RoutingPlan;
  const anna = { ...manager('m1', 'Anna', '101', null), hours: 'office' };
  // A Friday, 20:00 in Moscow.
  const friday = Date.parse('2026-01-16T17:00:00Z');

  it('falls into working hours', () => {
    expect(promisedBy([anna], plan, friday)).toBe(Date.parse('2026-01-19T06:15:00Z'));
    expect(promisedBy([], plan, friday)).toBeNull();
  });

  it('takes absences into account', () => {
    const away = { from: friday, to: friday + 7 * 86_400_000, deputy: null, reason: null };
    expect(promisedBy([{ ...anna, absences: [away] }], plan, friday)).toBeNull();
    const [always] = [manager('m2', 'Petr', '102', null)];
    expect(promisedBy([{ ...anna, absences: [away] }, always], plan, friday)).toBe(friday + 15 * 60_000);
  });
});
