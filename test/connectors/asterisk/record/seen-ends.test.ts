import { describe, expect, it } from 'vitest';
import { SeenEnds } from '../../../../src/connectors/asterisk/record/seen-ends.ts';
import { eventKey } from '../../../../src/domain/base/ids.ts';
import { call, endedCall } from '../../../support/calls.ts';

const recorded = endedCall('1', { basis: 'record' });
const keys = ['1', '2', '3'].map((id) => eventKey('pbx', id));

describe('calls whose end was seen', () => {
  it('has a call that was stored with its end', () => {
    const ends = new SeenEnds();
    expect(ends.has(keys.slice(0, 1))).toBe(false);
    ends.stored(endedCall('1'));
    expect(ends.has(keys.slice(0, 1))).toBe(true);
  });

  it('has no call that is under way, was partly missed, or comes from the record', () => {
    const ends = new SeenEnds();
    for (const one of [call('1'), endedCall('1', { reconstructed: true }), recorded]) ends.stored(one);
    expect(ends.has(keys.slice(0, 1))).toBe(false);
  });

  it('has no call that the record knows under a further key', () => {
    const ends = new SeenEnds();
    ends.stored(endedCall('1', { aliases: [eventKey('pbx', '2')] }));
    expect(ends.has(keys.slice(0, 2))).toBe(true);
    expect(ends.has(keys)).toBe(false);
  });
});
