import { describe, expect, it } from 'vitest';
import { owedSteps } from '../../../../src/crm/bitrix24/calls/plan.ts';
import { reportedOf } from '../../../../src/crm/bitrix24/calls/reported.ts';
import type { Staff } from '../../../../src/crm/bitrix24/calls/talks.ts';
import type { LedgerStep } from '../../../../src/domain/delivery/ledger.ts';
import type { Interaction, Leg } from '../../../../src/domain/interaction/interaction.ts';
import { initialFields } from '../../../../src/domain/interaction/untouched.ts';

const time = (second: number) => `2026-12-01T09:00:${String(second).padStart(2, '0')}.000Z`;

function leg(extension: string, more: Partial<Leg> = {}): Leg {
  const rang = { rangAt: time(1), lastRangAt: time(1), rings: 1, talkedAt: null, endedAt: null, outcome: null };
  const rest = { manager: null, phone: null, heldAt: null, position: null, left: null };
  return { kind: 'extension', extension, ...rang, ...rest, ...more };
}

function callOf(more: Partial<Interaction>): Interaction {
  const call = {
    ...initialFields,
    id: 'i1',
    revision: 3,
    channel: 'call',
    direction: 'inbound',
    startedAt: time(0),
    endedAt: null,
    talkSeconds: null,
    result: null,
    recordings: [],
    ...more,
  };
  return call as unknown as Interaction;
}

const staff: Staff = { legs: [1, 2], owner: 7, fallback: null };
const step = (name: string, state: LedgerStep['state'] = 'done', remote: string | null = null): LedgerStep => ({
  step: name,
  state,
  remote,
  at: 0,
});
const plan = (call: Interaction, steps: readonly LedgerStep[] = [], show = true) =>
  owedSteps(call, staff, reportedOf(steps), { show });

const ringing = callOf({ state: 'ringing', legs: [leg('101'), leg('102')] });
const ended = callOf({ state: 'missed', endedAt: time(20), legs: [leg('101'), leg('102')] });
const registered = step('register 1 1', 'done', 'externalCall.a.1');
const shown = step('cards 1 1 1,2');

describe('the steps owed for a call', () => {
  it('are a registration and the cards while it rings', () => {
    expect(plan(ringing)).toEqual([
      { kind: 'register', part: 1, user: 1, startedAt: time(0) },
      { kind: 'cards', part: 1, users: [1, 2], show: [1, 2], hide: [] },
    ]);
    expect(plan(ringing, [], false)).toHaveLength(1);
    expect(plan(ringing, [registered, shown])).toEqual([]);
  });

  it('are none of a call that proves to be one between colleagues, but its cards are closed', () => {
    const party = { raw: '102' } as Interaction['party'];
    const own = { ...ended, party, direction: 'internal', state: 'answered' } as const;
    const steps = [registered, shown];
    expect(plan(own, steps)).toEqual([{ kind: 'cards', part: 1, users: [], show: [], hide: [1, 2] }]);
    expect(plan(own, [registered])).toEqual([]);
    expect(owedSteps(own, staff, reportedOf(steps), { show: true, internal: true })).toMatchObject([
      {},
      { kind: 'finish' },
    ]);
  });

  it('complete a registration for the user for whom it was begun', () => {
    const other = callOf({
      state: 'ringing',
      legs: [leg('101', { endedAt: time(9), outcome: 'no_answer' }), leg('102')],
    });
    expect(plan(other, [step('register 1 1', 'uncertain')])[0]).toMatchObject({ kind: 'register', user: 1 });
    expect(plan(ended, [step('register 1 1', 'intended')]).map(({ kind }) => kind)).toEqual(['register', 'finish']);
  });

  it('show and hide everybody again while it is uncertain who sees the card', () => {
    const one = callOf({
      state: 'ringing',
      legs: [leg('101', { endedAt: time(9), outcome: 'no_answer' }), leg('102')],
    });
    expect(plan(one, [registered, shown])).toEqual([{ kind: 'cards', part: 1, users: [2], show: [], hide: [1] }]);
    expect(plan(one, [registered, step('cards 1 1 1,2', 'uncertain')])).toEqual([
      { kind: 'cards', part: 1, users: [2], show: [2], hide: [1] },
    ]);
  });

  it('are one end of a miss, after the cards are closed', () => {
    const finish = { kind: 'finish', part: 1, user: 7, startedAt: time(0), seconds: 0, code: '304', reason: null };
    expect(plan(ended)).toEqual([finish]);
    expect(plan(ended, [registered, shown])).toEqual([
      { kind: 'cards', part: 1, users: [], show: [], hide: [1, 2] },
      finish,
    ]);
    expect(plan(ended, [registered, step('finish 1 7', 'done', 'externalCall.a.1 5 contact-1')])).toEqual([]);
  });

  it('keep the user of an end that is uncertain', () => {
    expect(plan(ended, [registered, step('finish 1 2', 'uncertain')])).toMatchObject([{ kind: 'finish', user: 2 }]);
  });

  it('are none for a call that was only asked for, and for one that the PBX did not accept', () => {
    expect(plan(callOf({ state: 'queued', direction: 'outbound', legs: [] }))).toEqual([]);
    const refused = callOf({ state: 'failed', direction: 'outbound', legs: [], problem: 'no such context' });
    expect(plan(refused)).toEqual([]);
    // The portal shows a card for it until it is finished.
    expect(plan(refused, [step('clicked', 'done', 'externalCall.b.1')])).toMatchObject([
      { kind: 'finish', part: 1, code: 'OTHER', reason: 'no such context' },
    ]);
  });
});
