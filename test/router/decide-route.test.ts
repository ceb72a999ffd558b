import { describe, expect, it, vi } from 'vitest';
import type { ManagerId } from '../../src/domain/base/ids.ts';
import { decideRoute } from '../../src/router/decide-route.ts';
import { DeviceStates } from '../../src/router/device-states.ts';
import { facts, head, line, manager, match, noon, office, plan, question } from './facts.ts';

const anna = manager('anna', { extensions: ['101'], hours: 'office', deputy: 'boris' as ManagerId });
const boris = manager('boris', { extensions: ['102'], deputy: 'vera' as ManagerId });
const vera = manager('vera', { extensions: ['103'], deputy: 'anna' as ManagerId });
const managers = [anna, boris, vera];
const leave = { from: noon, to: noon + 1, deputy: null, reason: 'leave' };
const known = match('matched', [head('c1', { responsible: 'anna', segment: 'vip' })]);
const sales = { id: 'sales', members: ['anna', 'boris', 'vera'], strategy: 'all', queue: '600' } as const;

function devices(...states: readonly [string, 'in_use' | 'ringing' | 'unavailable' | 'dnd' | 'idle'][]): DeviceStates {
  const all = new DeviceStates();
  all.update(states.map(([extension, state]) => ({ connection: 'pbx', extension, state })));
  return all;
}

function rung(answer: ReturnType<typeof decideRoute>): readonly string[] {
  return answer.managers.map((one) => `${one.manager.id}/${one.extension}`);
}

describe('the manager who talked last', () => {
  const again = { rules: [{ name: 'again', when: {}, to: { kind: 'last' } }] } as const;
  const given = { plan: again, managers, match: known, lastTalker: 'vera' };

  it('is rung before the responsible manager, and the trace explains why', () => {
    const answer = decideRoute(question(), facts(given));
    expect(answer).toMatchObject({ decision: 'responsible', responsible: { id: 'anna' } });
    expect(rung(answer)).toEqual(['vera/103']);
    const step = answer.trace.find(({ rule }) => rule === 'again');
    expect(step).toMatchObject({ outcome: 'applied' });
    expect(step?.reasons.map(({ code }) => code)).toEqual(['lastTalkerIs', 'reachable']);
  });

  it('is rung if the caller is not a known client', () => {
    expect(rung(decideRoute(question(), facts({ ...given, match: match('unknown') })))).toEqual(['vera/103']);
  });

  it.each([
    ['talks', { devices: devices(['103', 'in_use']) }, {}, 'onAnotherCall'],
    ['was tried', {}, { tried: ['vera'] }, 'alreadyTried'],
    ['is not configured any more', { lastTalker: 'ghost' }, {}, 'lastTalkerMissing'],
    ['is away', { managers: [anna, boris, manager('vera', { ...vera, absences: [leave] })] }, {}, 'managerAway'],
    ['is not at work', { managers: [anna, boris, manager('vera', { ...vera, hours: 'night' })] }, {}, 'offHours'],
  ])('is replaced by the next step, not by a deputy, when the manager %s', (_, more, asked, code) => {
    const hours = { ...plan().hours, night: { ...office, week: office.week.map(() => []) } };
    const answer = decideRoute(question(asked), facts({ ...given, plan: { ...again, hours }, ...more }));
    expect(rung(answer)).toEqual(['anna/101']);
    const step = answer.trace.find(({ rule }) => rule === 'again');
    expect(step).toMatchObject({ outcome: 'skipped' });
    expect(step?.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('is skipped if nobody talked with the caller', () => {
    const answer = decideRoute(question(), facts({ plan: again, managers, match: known }));
    expect(rung(answer)).toEqual(['anna/101']);
    expect(answer.trace[1]?.reasons).toEqual([{ code: 'noLastTalk', values: { days: 30 } }]);
  });

  it('is not looked up if no target asks for it', () => {
    const lookUp = vi.fn(() => 'vera');
    decideRoute(question(), { ...facts({ managers, match: known }), lastTalker: lookUp });
    expect(lookUp).not.toHaveBeenCalled();
  });
});

describe('the responsible manager', () => {
  it('is rung, and the trace explains why', () => {
    const answer = decideRoute(question(), facts({ managers, match: known }));
    expect(answer).toMatchObject({
      decision: 'responsible',
      client: { id: 'c1' },
      responsible: { id: 'anna' },
      timeout: 20,
    });
    expect(rung(answer)).toEqual(['anna/101']);
    expect(answer.trace.map((step) => step.outcome)).toEqual(['noted', 'applied']);
  });

  it.each([
    ['talks', { devices: devices(['101', 'in_use']) }, {}],
    ['is being called', { devices: devices(['101', 'ringing']) }, {}],
    ['has enabled do-not-disturb', { devices: devices(['101', 'dnd']) }, {}],
    ['has no telephone', { devices: devices(['101', 'unavailable']) }, {}],
    ['was tried by id', {}, { tried: ['anna'] }],
    ['was tried by extension', {}, { tried: ['101'] }],
    ['has gone home', {}, { at: Date.parse('2026-03-10T16:00:00Z') }],
  ])('is replaced by the deputy when the manager %s', (_, given, asked) => {
    const answer = decideRoute(question(asked), facts({ managers, match: known, ...given }));
    expect(answer.decision).toBe('deputy');
    expect(rung(answer)).toEqual(['boris/102']);
  });

  it('is replaced by the deputy of the absence, otherwise by the usual deputy', () => {
    const absence = { from: noon, to: noon + 1, deputy: 'vera' as ManagerId, reason: 'leave' };
    const away = manager('anna', { ...anna, absences: [absence] });
    const answer = decideRoute(question(), facts({ managers: [away, boris, vera], match: known }));
    expect(rung(answer)).toEqual(['vera/103']);
    const back = decideRoute(question({ at: noon + 1 }), facts({ managers: [away, boris, vera], match: known }));
    expect(rung(back)).toEqual(['anna/101']);
  });

  it('is replaced by the deputy’s deputy, and circular deputies end the search', () => {
    const busy = devices(['101', 'in_use'], ['102', 'in_use']);
    expect(rung(decideRoute(question(), facts({ managers, match: known, devices: busy })))).toEqual(['vera/103']);
    busy.update([{ connection: 'pbx', extension: '103', state: 'dnd' }]);
    const answer = decideRoute(question(), facts({ managers, match: known, devices: busy }));
    expect(answer.decision).toBe('default');
  });

  it('is busy while talking on any phone, and a phone that is switched off does not matter', () => {
    const two = manager('anna', { extensions: ['101', 'pbx/111', 'other/199'] });
    const ask = (states: DeviceStates) =>
      rung(decideRoute(question(), facts({ managers: [two], match: known, devices: states })));
    expect(ask(devices(['111', 'in_use']))).toEqual([]);
    expect(ask(devices(['111', 'unavailable']))).toEqual(['anna/101']);
    expect(ask(devices())).toEqual(['anna/101', 'anna/111']);
  });

  it('is named in the trace if not configured', () => {
    const answer = decideRoute(
      question(),
      facts({ managers, match: match('matched', [head('c1', { responsible: 'ghost' })]) }),
    );
    expect(answer.decision).toBe('default');
    expect(answer.trace[0]?.why).toContain('not configured');
  });
});

describe('an ambiguous match', () => {
  const fallback = { kind: 'group', id: 'sales' } as const;

  it('rings the manager that all candidates share', () => {
    const clients = [head('c1', { responsible: 'anna' }), head('c2', { responsible: 'anna' })];
    const answer = decideRoute(question(), facts({ managers, clients, match: match('ambiguous', clients) }));
    expect(rung(answer)).toEqual(['anna/101']);
    expect(answer.client).toBeNull();
  });

  it('goes to the group if they share no manager', () => {
    const clients = [head('c1', { responsible: 'anna' }), head('c2')];
    const given = { managers, clients, match: match('ambiguous', clients), plan: { fallback, groups: { sales } } };
    expect(decideRoute(question(), facts(given)).decision).toBe('group');
  });
});

describe('a group in order', () => {
  const groups = { sales: { ...sales, strategy: 'order' } } as const;
  const plan = { fallback: { kind: 'group', id: 'sales' }, groups } as const;

  it('rings the first member who can be reached, then the next', () => {
    const first = decideRoute(question(), facts({ managers, plan }));
    expect(rung(first)).toEqual(['anna/101']);
    expect(first.turn).toBeNull();
    const next = decideRoute(question({ tried: ['anna'] }), facts({ managers, plan }));
    expect(rung(next)).toEqual(['boris/102']);
  });

  it('goes to the queue if all have been tried', () => {
    const answer = decideRoute(question({ tried: ['anna', 'boris', 'vera'] }), facts({ managers, plan }));
    expect(answer).toMatchObject({ decision: 'queue', queue: '600' });
  });
});

describe('rules', () => {
  const vip = {
    name: 'vip',
    when: { segments: ['vip'], match: ['matched'] },
    to: { kind: 'manager', id: 'vera' },
  } as const;
  const night = { name: 'night', when: { hours: '!office' }, to: { kind: 'queue', id: '900' } } as const;
  const ads = { name: 'ads', when: { lines: ['+74950000001'] }, to: { kind: 'group', id: 'sales' } } as const;

  it('apply in order, and the first one with a target decides', () => {
    const answer = decideRoute(question(), facts({ managers, match: known, plan: { rules: [night, vip] } }));
    expect(rung(answer)).toEqual(['vera/103']);
    expect(answer.trace.map((step) => [step.rule, step.outcome])).toEqual([
      ['client', 'noted'],
      ['night', 'skipped'],
      ['vip', 'applied'],
    ]);
  });

  it('apply outside their hours if marked with an exclamation mark', () => {
    const answer = decideRoute(question({ at: noon + 12 * 3_600_000 }), facts({ plan: { rules: [night] } }));
    expect(answer).toMatchObject({ decision: 'queue', queue: '900', managers: [] });
  });

  it('find a line by its DID with or without the plus, and by its configured id', () => {
    const given = { managers, plan: { rules: [ads], groups: { sales } } };
    expect(decideRoute(question(), facts(given)).decision).toBe('group');
    expect(decideRoute(question({ line: '74950000002' }), facts(given)).decision).toBe('default');
    const byId = { ...ads, when: { lines: ['main'] } };
    const answer = decideRoute(
      question(),
      facts({ ...given, lines: [line()], plan: { rules: [byId], groups: { sales } } }),
    );
    expect(answer.decision).toBe('group');
  });

  it('are skipped if their target is unavailable, and the line’s route comes before the fallback', () => {
    const rules = [{ name: 'gone', when: {}, to: { kind: 'manager', id: 'ghost' } }] as const;
    const given = {
      lines: [line({ route: 'queue:601' })],
      plan: { rules, fallback: { kind: 'queue', id: '602' } },
    } as const;
    expect(decideRoute(question(), facts(given))).toMatchObject({ decision: 'queue', queue: '601' });
    expect(decideRoute(question({ line: null }), facts(given))).toMatchObject({ decision: 'queue', queue: '602' });
  });
});

describe('groups', () => {
  const fallback = { kind: 'group', id: 'sales' } as const;

  it('ring every available member', () => {
    const given = { managers, devices: devices(['102', 'in_use']), plan: { fallback, groups: { sales } } };
    expect(rung(decideRoute(question(), facts(given)))).toEqual(['anna/101', 'vera/103']);
  });

  it('rotate, starting after the member of the last turn, and report the new turn', () => {
    const groups = { sales: { ...sales, strategy: 'rotate' } } as const;
    const ask = (turns: Record<string, string>, tried: readonly string[] = []) =>
      decideRoute(question({ tried }), facts({ managers, turns, plan: { fallback, groups } }));
    expect(ask({}).turn).toEqual({ group: 'sales', manager: 'anna' });
    expect(ask({ sales: 'anna' }).turn).toEqual({ group: 'sales', manager: 'boris' });
    expect(ask({ sales: 'vera' }).turn).toEqual({ group: 'sales', manager: 'anna' });
    expect(ask({ sales: 'anna' }, ['boris']).turn).toEqual({ group: 'sales', manager: 'vera' });
  });

  it('go to their queue if nobody is available, otherwise nowhere', () => {
    const tried = ['anna', 'boris', 'vera'];
    const ask = (queue: string | null) =>
      decideRoute(question({ tried }), facts({ managers, plan: { fallback, groups: { sales: { ...sales, queue } } } }));
    expect(ask('600')).toMatchObject({ decision: 'queue', queue: '600', managers: [], turn: null });
    expect(ask(null).decision).toBe('default');
    expect(ask('600,evil').decision).toBe('default');
  });
});
