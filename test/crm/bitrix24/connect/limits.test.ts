import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/crm/bitrix24/api/portal.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { ServiceError } from '../../../../src/runtime/http/service-error.ts';
import { start } from '../portal/start.ts';
import { hookConfig, instance } from './instances.ts';

const { signal } = new AbortController();
const limits = { perSecond: 100, burst: 50, methodSeconds: 480, instances: 1 };

describe('the limit of requests', () => {
  it('is never exceeded by many calls at once, and live calls pass the backlog', async () => {
    const { portal } = await start({ clock: systemClock, rate: { drain: 40, size: 60 } });
    const { portal: api, context } = instance(
      'one',
      { ...hookConfig(portal), limits: { ...limits, perSecond: 40, burst: 60 } },
      { clock: systemClock },
    );
    const done: string[] = [];
    const call = (urgency: 'live' | 'usual' | 'background') =>
      api.call('profile', {}, { signal: context.signal, urgency }).then(() => done.push(urgency));
    const backlog = Array.from({ length: 60 }, () => call('usual'));
    const live = Array.from({ length: 5 }, () => call('live'));
    await Promise.all([...backlog, ...live]);
    expect(portal.rest.bucket.refused).toBe(0);
    expect(done.lastIndexOf('live')).toBeLessThan(20);
    expect(done).toHaveLength(65);
  });

  it('is heeded if others use up the portal: calls are repeated by the queue, not parked', async () => {
    const { portal, clock } = await start({ rate: { drain: 2, size: 1 } });
    const { portal: api, states } = instance('one', { ...hookConfig(portal), limits }, { clock });
    await api.call('profile', {}, { signal });
    await expect(api.call('profile', {}, { signal })).rejects.toMatchObject({ trouble: 'later' });
    expect(states.at(-1)).toEqual(['ready', null]);
  });

  it('does not hold a call longer than its own time limit', async () => {
    const { portal, clock } = await start();
    const slow = { ...limits, perSecond: 0.01, burst: 2 };
    const { portal: api } = instance('one', { ...hookConfig(portal), limits: slow }, { clock });
    const call = api.call('profile', {}, { signal, timeout: 20 });
    await expect(call).rejects.toMatchObject({ trouble: 'later', reason: { code: 'limitReached' } });
    expect(portal.core.state.counts.get('profile')).toBeUndefined();
  });
});

describe('the working time of a method', () => {
  const costly = (limit: number) => ({
    operating: { cost: (method: string) => (method === 'crm.contact.list' ? 100 : 0), limit },
  });
  const list = { filter: {}, select: ['ID'] };

  it('is left to live calls before it is used up, and given back later; other methods go on', async () => {
    const { portal, clock } = await start(costly(480));
    const { portal: api } = instance('one', { ...hookConfig(portal), limits: { ...limits, perSecond: 0 } }, { clock });
    // The rest is counted by a clock that this test does not move: the first answers say when it ends.
    for (let i = 0; i < 4; i += 1) await api.call('crm.contact.list', list, { signal, urgency: 'background' });
    const background = api.call('crm.contact.list', list, { signal, urgency: 'background' });
    await expect(background).rejects.toMatchObject({ trouble: 'later', code: 'OPERATION_TIME_LIMIT' });
    await api.call('crm.contact.list', list, { signal, urgency: 'live' });
    await expect(api.call('crm.contact.list', list, { signal })).rejects.toMatchObject({ trouble: 'later' });
    await api.call('profile', {}, { signal });
    expect(portal.core.state.counts.get('crm.contact.list')).toBe(5);
  });

  it('that the portal calls used up is not tried again before the rest is over', async () => {
    const { portal, clock } = await start(costly(100));
    const { portal: api } = instance('one', { ...hookConfig(portal), limits: { ...limits, perSecond: 0 } }, { clock });
    for (let i = 0; i < 2; i += 1) await api.call('crm.contact.list', list, { signal, urgency: 'live' });
    const refused = () => api.call('crm.contact.list', list, { signal, urgency: 'live' });
    await expect(refused()).rejects.toMatchObject({ trouble: 'later', code: 'OPERATION_TIME_LIMIT' });
    const asked = portal.core.state.counts.get('crm.contact.list');
    await expect(refused()).rejects.toMatchObject({ trouble: 'later', after: expect.any(Number) });
    const batch = api.batch({ a: { method: 'crm.contact.list', parameters: list } }, { signal });
    await expect(batch).rejects.toMatchObject({ trouble: 'later' });
    expect(portal.core.state.counts.get('crm.contact.list')).toBe(asked);
  });
});

describe('a batch', () => {
  it('has each inner result judged', async () => {
    const { portal, clock } = await start();
    const { portal: api, states } = instance('one', hookConfig(portal), { clock });
    const commands: Record<string, Command> = {
      good: { method: 'profile', parameters: {} },
      wrong: { method: 'crm.lead.get', parameters: { id: 77 } },
      denied: { method: 'placement.bind', parameters: {} },
      unknown: { method: 'no.such.method', parameters: {} },
      last: { method: 'user.get', parameters: { FILTER: { ID: '$result[good][ID]' } } },
    };
    const answers = await api.batch(commands, { signal });
    const troubles = Object.entries(answers).map(([name, answer]) => [
      name,
      answer instanceof ServiceError ? answer.trouble : 'good',
    ]);
    expect(Object.fromEntries(troubles)).toEqual({
      good: 'good',
      wrong: 'refused',
      denied: 'access',
      unknown: 'access',
      last: 'good',
    });
    expect(states.at(-1)?.[1]).toMatchObject({ code: 'methodsDenied', values: { methods: expect.any(Array) } });
  });

  it('that halts leaves the rest undone', async () => {
    const { portal, clock } = await start();
    const { portal: api } = instance('one', hookConfig(portal), { clock });
    const answers = await api.batch(
      { bad: { method: 'no.such', parameters: {} }, after: { method: 'profile', parameters: {} } },
      { signal, halt: true },
    );
    expect(answers.after).toMatchObject({ trouble: 'later' });
  });
});
