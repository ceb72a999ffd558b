import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { call, callStart, leg } from '../../../support/calls.ts';
import { Branch, phone } from './branch.ts';

const at = (seconds: number) => callStart + seconds * 1000;

describe('a call that is followed live', () => {
  it('shows the card to all who ring, hides it for the others on answer, and is finished with its talk', async () => {
    const branch = await Branch.open();
    const legs = [leg('101'), leg('102')];
    await branch.tell(call('a', { legs }));
    expect(branch.openCards()).toEqual([1, 2]);
    const talking = [leg('101', { endedAt: at(5), outcome: 'elsewhere' }), leg('102', { talkedAt: at(5) })];
    await branch.tell(call('a', { state: 'talking', legs: talking }));
    expect(branch.openCards()).toEqual([2]);
    const ended: Partial<CallSnapshot> = {
      state: 'answered',
      endedAt: at(35),
      legs: [talking[0] ?? leg('101'), leg('102', { talkedAt: at(5), endedAt: at(35), outcome: 'answered' })],
    };
    expect(await branch.tell(call('a', ended))).toEqual({
      kind: 'done',
      link: { id: null, url: null, client: null, deal: null },
    });
    expect(branch.openCards()).toEqual([]);
    expect(branch.rows()).toEqual([{ userId: 2, phone, type: 2, duration: 30, code: '200', at: '09:00:00' }]);
    expect(branch.portal.state.calls.size).toBe(1);
    expect(branch.portal.state.complaints).toEqual([]);
  });
});
