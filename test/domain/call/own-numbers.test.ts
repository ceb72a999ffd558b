import { describe, expect, it } from 'vitest';
import { withOwnNumbers } from '../../../src/domain/call/own-numbers.ts';
import { StaffIndex } from '../../../src/domain/directory/staff-index.ts';
import type { CallLeg, CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { missedCall, ringingLeg, staff } from '../../support/office.ts';

const [anna, ...others] = staff.managers;
if (anna === undefined) throw new Error('the office has no managers');
const index = new StaffIndex({ ...staff, managers: [{ ...anna, mobile: '+79990000901' }, ...others] }, 'RU');
const from = (raw: string, change: Partial<CallSnapshot> = {}) =>
  withOwnNumbers({ ...missedCall('1'), party: { raw, name: null, withheld: false }, ...change }, index, 'RU');
const mobile = (phone: string): CallLeg => ({
  ...ringingLeg,
  kind: 'mobile',
  extension: null,
  phone,
  talkedAt: 2,
  outcome: 'answered',
});

describe('our own numbers behind a trunk', () => {
  it.each(['89990000901', '+7 999 000-09-01', '74951234567', '102'])('%s calls in: an internal call', (raw) => {
    expect(from(raw)).toMatchObject({
      direction: 'internal',
      state: 'unanswered',
      party: { raw: '101' },
      dialled: null,
    });
  });

  it('is an outbound call of the manager whose mobile calls a client through the PBX', () => {
    const call = from('89990000901', { legs: [mobile('89161234567')] });
    expect(call).toMatchObject({ direction: 'outbound', state: 'answered', party: { raw: '89161234567' } });
    expect(call.legs).toMatchObject([{ kind: 'mobile', phone: '89990000901', talkedAt: 2 }]);
  });

  it('is an outbound call of the manager whose mobile is originated first', () => {
    const call = from('89990000901', { direction: 'outbound', state: 'unanswered', legs: [mobile('89161234567')] });
    expect(call).toMatchObject({ direction: 'outbound', state: 'answered', party: { raw: '89161234567' } });
  });

  it('is internal if a colleague is called on the mobile', () => {
    expect(from('89990000901', { direction: 'outbound', state: 'unanswered' })).toMatchObject({
      direction: 'internal',
    });
  });

  it('leaves calls of clients alone, also those that a mobile of ours answers', () => {
    expect(from('89161234567', { legs: [mobile('89990000901')] }).direction).toBe('inbound');
    expect(from('', { party: { raw: '', name: null, withheld: true } }).direction).toBe('inbound');
  });
});
