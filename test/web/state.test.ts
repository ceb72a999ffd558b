import { describe, expect, it } from 'vitest';
import type { ScreenPop } from '../../src/desk/protocol.ts';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import {
  callsOfDay,
  type DeskState,
  emptyDesk,
  liveCall,
  reduceDesk,
  takesFront,
} from '../../web/src/session/desk-state.ts';

const anna = { id: 'anna', name: 'Anna' };
const leg = { manager: anna, extension: '101', phone: null, talkedAt: null, endedAt: null };
const ended = { state: 'missed', endedAt: '2026-03-10T09:05:00.000Z' } as const;

/** The fields of an interaction that the desk's state uses. */
function interaction(id: string, change: Partial<Interaction> = {}): Interaction {
  const some = { id, revision: 1, channel: 'call', state: 'ringing', startedAt: '2026-03-10T09:00:00.000Z' };
  const rest = { endedAt: null, handledBy: null, client: null, mergedInto: null, direction: 'inbound', legs: [leg] };
  return { ...some, ...rest, ...change } as unknown as Interaction;
}

const desk = emptyDesk('anna');
const pop = (state: DeskState, one: Interaction) => reduceDesk(state, { type: 'pop', interaction: one, card: null });
const ids = ({ cards }: DeskState) => cards.map((card) => card.interaction.id);
const screen = (one: Interaction): ScreenPop => ({ interaction: one, client: null, candidates: [], route: null });
const greeted = (state: DeskState, ...calls: Interaction[]) =>
  reduceDesk(state, { type: 'greeted', calls: calls.map(screen) });

describe('what the desk shows', () => {
  it('keeps the highest revision, in any order of messages', () => {
    const late = interaction('a', { revision: 3, ...ended });
    const updated = reduceDesk(pop(desk, interaction('a')), { type: 'update', interaction: late });
    const stale = reduceDesk(updated, { type: 'known', interactions: [interaction('a', { revision: 2 })] });

    expect(stale.known).toEqual([late]);
    expect(stale.cards.map((card) => card.interaction)).toEqual([late]);
  });

  it('merges changed phones into the known ones', () => {
    const [ann, bob] = ['ann', 'bob'].map((id) => ({ manager: { id, name: id }, state: 'idle' as const }));
    if (ann === undefined || bob === undefined) throw new Error('there are two');
    const all = reduceDesk(desk, { type: 'presence', whole: true, managers: [ann, bob] });
    const rings = { ...bob, state: 'ringing' as const };
    const changed = reduceDesk(all, { type: 'presence', whole: false, managers: [rings] });

    expect(changed.presence).toEqual([ann, rings]);
    expect(reduceDesk(changed, { type: 'presence', whole: true, managers: [rings] }).presence).toEqual([rings]);
  });

  it('shows a pop in a later revision if that is already known', () => {
    const late = interaction('a', { revision: 3, ...ended });
    const known = reduceDesk(desk, { type: 'known', interactions: [late] });

    expect(pop(known, interaction('a')).cards[0]?.interaction).toEqual(late);
  });

  it('removes what was merged into another', () => {
    const merged = reduceDesk(pop(desk, interaction('a')), {
      type: 'update',
      interaction: interaction('a', { revision: 2, mergedInto: 'b' as InteractionId }),
    });

    expect([merged.cards, merged.known]).toEqual([[], []]);
  });

  it('counts only those calls of the company’s day that rang here or that I handled as calls of today', () => {
    const mine = interaction('mine');
    const taken = interaction('taken', { legs: [], handledBy: anna });
    const known = [
      mine,
      taken,
      interaction('letter', { channel: 'email' }),
      interaction('yesterday', { startedAt: '2026-03-09T20:00:00.000Z' }),
      interaction('only responsible', { legs: [], responsible: anna }),
    ];

    expect(callsOfDay(known, 'anna', new Date('2026-03-10T12:00:00Z'), 'Europe/Moscow')).toEqual([mine, taken]);
  });

  it('clears on reset what may belong to another database', () => {
    const known = reduceDesk(desk, { type: 'known', interactions: [interaction('a')] });

    expect(reduceDesk(known, { type: 'reset' }).known).toEqual([]);
  });
});

describe('calls in progress', () => {
  it('have cards from the greeting, the list and updates', () => {
    expect(ids(greeted(desk, interaction('a')))).toEqual(['a']);
    expect(ids(reduceDesk(desk, { type: 'known', interactions: [interaction('b')] }))).toEqual(['b']);
    expect(ids(reduceDesk(desk, { type: 'update', interaction: interaction('c') }))).toEqual(['c']);
  });

  it('have no card if they have ended, moved to a colleague, or concern a manager only indirectly', () => {
    const others = [
      interaction('ended', ended),
      interaction('passed on', { legs: [{ ...leg, endedAt: '2026-03-10T09:00:30.000Z' }] as never }),
      interaction('responsible', { legs: [], responsible: anna }),
    ];
    expect(ids(reduceDesk(desk, { type: 'known', interactions: others }))).toEqual([]);
    expect(ids(reduceDesk(emptyDesk(null), { type: 'known', interactions: [interaction('a')] }))).toEqual([]);
  });

  it('stay closed until they ring again or are opened', () => {
    const closed = reduceDesk(pop(desk, interaction('a')), { type: 'close', id: 'a' });
    const talking = interaction('a', { revision: 2, state: 'talking' });

    expect(ids(reduceDesk(closed, { type: 'update', interaction: talking }))).toEqual([]);
    expect(ids(greeted(emptyDesk('anna', closed.dismissed), talking))).toEqual([]);
    expect(ids(pop(closed, talking))).toEqual(['a']);
    expect(ids(reduceDesk(closed, { type: 'open', interaction: talking }))).toEqual(['a']);
  });

  it('are shown by an empty desk, active conversations first', () => {
    const both = greeted(desk, interaction('rings'), interaction('talks', { state: 'talking' }));

    expect(liveCall(both.cards, 'anna')?.id).toBe('talks');
    expect(liveCall(greeted(desk, interaction('rings')).cards, 'anna')?.id).toBe('rings');
    expect(liveCall(pop(desk, interaction('over', ended)).cards, 'anna')).toBeNull();
  });
});

describe('a card that pops up', () => {
  const call = interaction('b');
  const letter = interaction('b', { channel: 'email', state: 'received', legs: [] });

  it('does not interrupt a conversation', () => {
    expect(takesFront(call, interaction('a', { state: 'talking' }), false)).toBe(false);
    expect(takesFront(call, interaction('a', ended), false)).toBe(true);
    expect(takesFront(call, null, false)).toBe(true);
  });

  it('replaces no other card and no other page if it is for a letter', () => {
    expect(takesFront(letter, interaction('a', ended), false)).toBe(false);
    expect(takesFront(letter, null, false)).toBe(false);
    expect(takesFront(letter, null, true)).toBe(true);
  });
});
