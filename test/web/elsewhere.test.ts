import { describe, expect, it } from 'vitest';
import type { Interaction, Leg } from '../../src/domain/interaction/interaction.ts';
import { elsewhere } from '../../web/src/parts/elsewhere.ts';

const at = '2026-03-10T09:00:00.000Z';

function leg(manager: string, change: Partial<Leg> = {}): Leg {
  const who = { manager: { id: manager, name: manager.toUpperCase() }, extension: manager, phone: null };
  return {
    ...who,
    kind: 'extension',
    rangAt: at,
    lastRangAt: at,
    rings: 1,
    talkedAt: null,
    endedAt: null,
    outcome: null,
    ...change,
  };
}

const call = (...legs: Leg[]) => ({ endedAt: null, legs }) as unknown as Interaction;
const left = { endedAt: at, outcome: 'no_answer' } as const;

describe('the colleague who has a call that left the viewer', () => {
  it('is the next operator after the hunt group moved on, and the first one when it comes round again', () => {
    expect(elsewhere(call(leg('a'), leg('b')), 'a')).toBeNull();
    expect(elsewhere(call(leg('a', left), leg('b')), 'a')).toBe('B');
    expect(elsewhere(call(leg('a', left), leg('b')), 'b')).toBeNull();
    expect(elsewhere(call(leg('a', left), leg('b', left), leg('a')), 'a')).toBeNull();
  });

  it('is the one who answered, not one whose phone still rings', () => {
    expect(elsewhere(call(leg('a', left), leg('b', { talkedAt: at }), leg('c')), 'a')).toBe('B');
  });

  it('is nobody if the viewer has talked or never rang, if nobody has the call, and after its end', () => {
    expect(elsewhere(call(leg('a', { talkedAt: at, endedAt: at }), leg('b')), 'a')).toBeNull();
    expect(elsewhere(call(leg('b')), 'a')).toBeNull();
    expect(elsewhere(call(leg('a', left)), 'a')).toBeNull();
    expect(elsewhere({ ...call(leg('a', left), leg('b')), endedAt: at }, 'a')).toBeNull();
  });
});
