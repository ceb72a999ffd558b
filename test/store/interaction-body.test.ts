import { describe, expect, it } from 'vitest';
import { InteractionSchema } from '../../src/api/schemas/interaction.ts';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import { callParty } from '../../src/domain/call/call-facts.ts';
import { reduceCall } from '../../src/domain/call/reduce-call.ts';
import { StaffIndex } from '../../src/domain/directory/staff-index.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { compactBody, parseInteraction } from '../../src/store/shared/interaction-body.ts';
import { callStart, endedCall } from '../support/calls.ts';

/** A missed call of a stranger, in which most fields are empty. */
function missedCall(): Interaction {
  const snapshot = endedCall('1', { state: 'missed' });
  const staff = new StaffIndex({ managers: [], lines: [] }, 'RU');
  const made = reduceCall(null, snapshot, {
    id: '01a2b3c4-0000-7000-8000-000000000000' as InteractionId,
    party: callParty(snapshot, staff),
    match: {
      outcome: 'unknown',
      decidedBy: 'auto',
      by: null,
      chosenAt: null,
      client: null,
      contact: null,
      candidates: [],
    },
    staff,
    visit: null,
    publicUrl: 'http://pb',
    now: callStart,
  });
  if (made === null) throw new Error('the call made no interaction');
  return made;
}

describe('the stored body of an interaction', () => {
  it('leaves empty fields out, and they are back when it is read', () => {
    const call = missedCall();
    const body = compactBody(call);

    expect(Object.values(JSON.parse(body))).not.toContain(null);
    expect(body.length).toBeLessThan(JSON.stringify(call).length * 0.75);
    expect(parseInteraction(body)).toEqual(call);
  });

  it('keeps values that only look empty', () => {
    const call = { ...missedCall(), text: '', waitSeconds: 0, reconstructed: false };

    expect(parseInteraction(compactBody(call))).toEqual(call);
  });

  it('gets every key of the contract', () => {
    expect(Object.keys(parseInteraction(compactBody(missedCall()))).sort()).toEqual(
      Object.keys(InteractionSchema.properties).sort(),
    );
  });

  it('gets codes that an earlier version did not write', () => {
    const step = { rule: 'line', outcome: 'skipped', why: 'no rule' };
    const old = { ...missedCall(), route: { decision: 'default', to: null, trace: [step] } };

    expect(parseInteraction(JSON.stringify(old)).route?.trace).toEqual([{ ...step, reasons: [] }]);
  });
});
