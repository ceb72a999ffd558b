import { describe, expect, it } from 'vitest';
import type { ManagerId } from '../../../src/domain/base/ids.ts';
import { eventKey, type InteractionId, newInteractionId } from '../../../src/domain/base/ids.ts';
import { callParty } from '../../../src/domain/call/call-facts.ts';
import { type CallContext, reduceCall } from '../../../src/domain/call/reduce-call.ts';
import { deskAudience } from '../../../src/domain/desk/desk-message.ts';
import type { Manager } from '../../../src/domain/directory/manager.ts';
import type { MatchDecision } from '../../../src/domain/directory/match.ts';
import { StaffIndex } from '../../../src/domain/directory/staff-index.ts';
import type { CallLeg, CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';

const t0 = Date.parse('2026-11-24T09:00:00Z');
const manager = (id: string, extension: string): Manager => ({
  id: id as ManagerId,
  name: `Manager ${id}`,
  extensions: [extension],
  mobile: null,
  email: null,
  department: null,
  hours: null,
  user: null,
  deputy: null,
  absences: [],
});
const unknown: MatchDecision = {
  outcome: 'unknown',
  decidedBy: 'auto',
  by: null,
  chosenAt: null,
  client: null,
  contact: null,
  candidates: [],
};
const context: Omit<CallContext, 'party'> = {
  id: 'i' as InteractionId,
  match: unknown,
  staff: new StaffIndex({ managers: [manager('a', '101'), manager('b', '102')], lines: [] }, 'RU'),
  visit: null,
  publicUrl: 'http://pb',
  now: t0,
};
const leg = (extension: string, more: Partial<CallLeg> = {}): CallLeg => ({
  kind: 'extension',
  extension,
  phone: null,
  rangAt: t0 + 1000,
  talkedAt: null,
  endedAt: null,
  outcome: null,
  ...more,
});
const call = (more: Partial<CallSnapshot> = {}): CallSnapshot => ({
  kind: 'call',
  key: eventKey('pbx', '1'),
  aliases: [],
  connection: 'pbx',
  basis: 'live',
  direction: 'inbound',
  state: 'ringing',
  party: { raw: '89161234567', name: 'Ivan\r\nX', withheld: false },
  dialled: '74951234567',
  startedAt: t0,
  endedAt: null,
  legs: [leg('101')],
  transfers: [],
  recordings: [],
  reconstructed: false,
  ...more,
});

function contextOf(snapshot: CallSnapshot, more: Partial<CallContext> = {}): CallContext {
  return { ...context, party: callParty(snapshot, context.staff), ...more };
}

it("reads city numbers with the area code of the call's line", () => {
  const line = { channel: 'call', label: '', connection: null, route: null } as const;
  const lines = [
    {
      ...line,
      id: 'spb',
      address: '78120000200',
      areaCode: '812',
      attribution: { source: null, medium: null, campaign: null },
    },
  ];
  const staff = new StaffIndex({ managers: [], lines }, 'RU/495');
  const party = { raw: '000-01-00', name: null, withheld: false };
  expect(callParty(call({ party, dialled: '78120000200' }), staff).phone).toBe('+78120000100');
  expect(callParty(call({ party, dialled: '74950000100' }), staff).phone).toBe('+74950000100');
});

function reduced(existing: ReturnType<typeof reduceCall>, snapshot: CallSnapshot, more: Partial<CallContext> = {}) {
  const next = reduceCall(existing, snapshot, contextOf(snapshot, more));
  if (next === null) throw new Error('the snapshot changed nothing');
  return next;
}

describe('the interaction of a call', () => {
  it('begins at revision 1 with a normalised party and its manager', () => {
    const first = reduced(null, call());
    expect(first).toMatchObject({
      revision: 1,
      state: 'ringing',
      party: { phone: '+79161234567', name: 'Ivan X' },
      waitSeconds: null,
    });
    expect(first.legs[0]?.manager).toEqual({ id: 'a', name: 'Manager a' });
    expect(first.line).toEqual({ id: '74951234567', label: '74951234567', address: '74951234567', connection: 'pbx' });
  });

  it('is not changed by a repeated snapshot, even a later one', () => {
    const first = reduced(null, call());
    expect(reduceCall(first, call(), contextOf(call(), { now: t0 + 60_000 }))).toBeNull();
  });

  it('counts the wait until the first human answer, and overlapping talk only once', () => {
    const legs = [
      leg('101', { talkedAt: t0 + 5000, endedAt: t0 + 25_000, outcome: 'answered' }),
      leg('102', { talkedAt: t0 + 20_000, endedAt: t0 + 35_400, outcome: 'answered' }),
    ];
    const ended = reduced(reduced(null, call()), call({ state: 'answered', endedAt: t0 + 35_400, legs }));
    expect(ended).toMatchObject({ revision: 2, waitSeconds: 5, talkSeconds: 30, handledBy: { id: 'b' } });
  });

  it('does not count a menu or voicemail as a human answer', () => {
    const legs = [leg('ivr', { kind: 'ivr', talkedAt: t0 + 1000, endedAt: t0 + 20_000 })];
    const ended = reduced(null, call({ state: 'missed', endedAt: t0 + 20_000, legs }));
    expect(ended).toMatchObject({ answeredAt: null, talkSeconds: 0, waitSeconds: 20, handledBy: null });
  });

  it('lets the call record correct an end that was not observed, but nothing that was', () => {
    const recording = {
      file: 'a.wav',
      path: null,
      leg: null,
      kind: 'call' as const,
      state: 'pending' as const,
      startedAt: t0,
      seconds: null,
      mime: null,
      bytes: null,
    };
    const live = call({ state: 'missed', endedAt: t0 + 60_000, recordings: [recording] });
    const legs = [leg('101', { talkedAt: t0 + 5000, endedAt: t0 + 25_000, outcome: 'answered' })];
    const record = call({ basis: 'record', state: 'answered', endedAt: t0 + 25_000, legs, reconstructed: true });

    const guessed = reduced(null, { ...live, reconstructed: true });
    expect(reduced(guessed, record)).toMatchObject({
      state: 'answered',
      talkSeconds: 20,
      reconstructed: true,
      recordings: [{ state: 'pending' }],
    });
    const found = { ...record, recordings: [{ ...recording, state: 'ready' as const, path: '/a.wav' }] };
    expect(reduced(guessed, found).recordings).toMatchObject([{ state: 'ready' }]);
    expect(reduceCall(reduced(null, live), record, contextOf(record))).toBeNull();
  });

  it('takes the transfers of a call record that has them', () => {
    const at = t0 + 8000;
    const [from, to] = [
      { extension: '101', phone: null },
      { extension: '102', phone: null },
    ];
    const park = { kind: 'park', from, to, at, outcome: 'done' } as const;
    const guessed = reduced(null, call({ endedAt: t0 + 9000, reconstructed: true, transfers: [park] }));
    const record = (transfers: CallSnapshot['transfers']) =>
      call({ basis: 'record', endedAt: t0 + 9500, reconstructed: true, transfers });
    expect(reduced(guessed, record([])).transfers).toMatchObject([{ kind: 'park' }]);
    const blind = { ...park, kind: 'blind' } as const;
    expect(reduced(guessed, record([park, blind])).transfers).toMatchObject([{ kind: 'park' }, { kind: 'blind' }]);
  });

  it('adds the recordings of the call record, and keeps those that were seen live or found', () => {
    const sound = (file: string, state: 'pending' | 'ready' | 'missing' = 'pending') => ({
      ...{ file, state, path: null, leg: null, kind: 'call' as const, startedAt: t0 },
      ...{ seconds: null, mime: null, bytes: null },
    });
    const guessed = (...files: string[]) =>
      reduced(null, call({ endedAt: t0 + 9000, reconstructed: true, recordings: files.map((file) => sound(file)) }));
    const record = (...recordings: ReturnType<typeof sound>[]) =>
      call({ basis: 'record', endedAt: t0 + 9000, reconstructed: true, recordings });
    const states = (one: Interaction) => one.recordings.map(({ state }) => state);

    const found = reduced(guessed(), record(sound('a', 'ready')));
    expect(states(found)).toEqual(['ready']);
    expect(reduceCall(found, record(sound('a')), contextOf(call()))).toBeNull();
    expect(states(reduced(found, record(sound('a'), sound('b', 'missing'))))).toEqual(['ready', 'missing']);
    const live = guessed('/elsewhere/a');
    expect(reduceCall(live, record(sound('a', 'missing')), contextOf(call()))).toBeNull();
  });

  it('takes the other party from the call record if only our end was observed', () => {
    const nobody = { raw: '', name: null, withheld: false };
    const half = reduced(null, call({ endedAt: t0 + 9000, party: nobody, dialled: null, reconstructed: true }));
    const client = {
      id: 'c' as never,
      name: 'C',
      kind: 'company',
      responsible: null,
      segment: null,
      url: null,
    } as const;
    const match: MatchDecision = { ...unknown, outcome: 'matched', client };

    const record = call({ basis: 'record', endedAt: t0 + 9000, reconstructed: true });
    expect(reduced(half, record, { match })).toMatchObject({
      party: { phone: '+79161234567' },
      line: { address: '74951234567' },
      client: { id: 'c' },
    });
    const other = call({ ...record, party: { raw: '84950000000', name: null, withheld: false }, endedAt: t0 + 9500 });
    const known = reduced(null, call({ endedAt: t0 + 9000, reconstructed: true }));
    expect(reduced(known, other, { match })).toMatchObject({ party: { phone: '+79161234567' }, client: null });
  });

  it('keeps human decisions', () => {
    const first = reduced(null, call());
    const decided = { ...first, match: { ...first.match, decidedBy: 'human' as const }, disposition: 'sold' };
    const client = {
      id: 'c' as never,
      name: 'C',
      kind: 'company' as const,
      responsible: null,
      segment: null,
      url: null,
    };
    const next = reduced(decided, call({ state: 'talking' }), { match: { ...unknown, outcome: 'matched', client } });
    expect(next).toMatchObject({ client: null, disposition: 'sold', match: { decidedBy: 'human' } });
  });

  it('stores neither a phone nor a client for an internal call', () => {
    const first = reduced(
      null,
      call({ direction: 'internal', party: { raw: '89161234567', name: null, withheld: false } }),
    );
    expect(first.party.phone).toBeNull();
    expect(first.match.outcome).toBe('unknown');
  });
});

describe('screen pops', () => {
  it('appear once, where the phone starts to ring', () => {
    const first = reduced(null, call());
    expect(deskAudience(null, first)).toEqual([{ manager: 'a', kind: 'pop' }]);
    const second = reduced(first, call({ legs: [leg('101'), leg('102')] }));
    expect(deskAudience(first, second)).toEqual([
      { manager: 'a', kind: 'update' },
      { manager: 'b', kind: 'pop' },
    ]);
  });

  it('never appear for a call that has ended', () => {
    const ended = reduced(null, call({ state: 'missed', endedAt: t0 + 9000 }));
    expect(deskAudience(null, ended)).toEqual([{ manager: 'a', kind: 'update' }]);
  });
});

it('interaction ids are well-formed and sorted by time', () => {
  const ids = [1, 2, 3].map((n) => newInteractionId(t0 + n));
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
