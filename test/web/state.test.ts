import { describe, expect, it } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { callsOfDay, emptyDesk, reduceDesk } from '../../web/src/state.ts';

const anna = { id: 'anna', name: 'Anna' };
const leg = { manager: anna, extension: '101', phone: null };

/** As much of an interaction as the desk's state looks at. */
function interaction(id: string, change: Partial<Interaction> = {}): Interaction {
  const some = { id, revision: 1, channel: 'call', state: 'ringing', startedAt: '2026-03-10T09:00:00.000Z' };
  const rest = { endedAt: null, handledBy: null, client: null, mergedInto: null, legs: [leg] };
  return { ...some, ...rest, ...change } as unknown as Interaction;
}

describe('what the desk shows', () => {
  it('keeps the highest revision, in whatever order messages come', () => {
    const late = interaction('a', { revision: 3, state: 'missed' });
    const popped = reduceDesk(emptyDesk, { type: 'pop', interaction: interaction('a'), card: null });
    const ended = reduceDesk(popped, { type: 'update', interaction: late });
    const stale = reduceDesk(ended, { type: 'known', interactions: [interaction('a', { revision: 2 })] });

    expect(stale.known).toEqual([late]);
    expect(stale.calls.map((call) => call.interaction)).toEqual([late]);
  });

  it('takes up what telephones changed into what is known of all', () => {
    const [ann, bob] = ['ann', 'bob'].map((id) => ({ manager: { id, name: id }, state: 'idle' as const }));
    if (ann === undefined || bob === undefined) throw new Error('there are two');
    const all = reduceDesk(emptyDesk, { type: 'presence', whole: true, managers: [ann, bob] });
    const rings = { ...bob, state: 'ringing' as const };
    const changed = reduceDesk(all, { type: 'presence', whole: false, managers: [rings] });

    expect(changed.presence).toEqual([ann, rings]);
    expect(reduceDesk(changed, { type: 'presence', whole: true, managers: [rings] }).presence).toEqual([rings]);
  });

  it('takes a pop as the later revision that is known already', () => {
    const late = interaction('a', { revision: 3, state: 'missed' });
    const known = reduceDesk(emptyDesk, { type: 'known', interactions: [late] });
    const popped = reduceDesk(known, { type: 'pop', interaction: interaction('a'), card: null });

    expect(popped.calls[0]?.interaction).toEqual(late);
  });

  it('lets a call that is being spoken on stay in front when another rings', () => {
    const talking = interaction('a', { state: 'talking' });
    const first = reduceDesk(emptyDesk, { type: 'pop', interaction: talking, card: null });
    const second = reduceDesk(first, { type: 'pop', interaction: interaction('b'), card: null });

    expect(second.selected).toBe('a');
    expect(second.calls).toHaveLength(2);
  });

  it('takes nobody away from an open card because somebody writes', () => {
    const ended = interaction('a', { state: 'answered', endedAt: '2026-03-10T09:05:00.000Z' });
    const first = reduceDesk(emptyDesk, { type: 'pop', interaction: ended, card: null });
    const letter = interaction('b', { channel: 'email', state: 'received', legs: [] });
    const second = reduceDesk(first, { type: 'pop', interaction: letter, card: null });
    const alone = reduceDesk(emptyDesk, { type: 'pop', interaction: letter, card: null });

    expect([second.selected, second.calls.length, alone.selected]).toEqual(['a', 2, 'b']);
  });

  it('drops what was merged into another', () => {
    const popped = reduceDesk(emptyDesk, { type: 'pop', interaction: interaction('a'), card: null });
    const merged = reduceDesk(popped, {
      type: 'update',
      interaction: interaction('a', { revision: 2, mergedInto: 'b' as InteractionId }),
    });

    expect([merged.calls, merged.known]).toEqual([[], []]);
  });

  it('counts as mine today only calls of the company’s day that rang here or that I handled', () => {
    const mine = interaction('mine');
    const taken = interaction('taken', { legs: [], handledBy: anna });
    const known = [
      mine,
      taken,
      interaction('letter', { channel: 'email' }),
      interaction('yesterday', { startedAt: '2026-03-09T20:00:00.000Z' }),
      interaction('only responsible', { legs: [], responsible: anna }),
    ];
    const now = new Date('2026-03-10T12:00:00Z');

    expect(callsOfDay(known, 'anna', now, 'Europe/Moscow')).toEqual([mine, taken]);
  });

  it('forgets on reset what may be another database’s', () => {
    const known = reduceDesk(emptyDesk, { type: 'known', interactions: [interaction('a')] });

    expect(reduceDesk(known, { type: 'reset' }).known).toEqual([]);
  });
});
