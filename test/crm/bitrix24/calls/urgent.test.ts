import { expect, it } from 'vitest';
import { shares } from '../../../../src/crm/shared/budget.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { endedCall, call as ringing } from '../../../support/calls.ts';
import { Branch } from './branch.ts';

it('makes every request of an urgent delivery in the reserve that a backlog leaves', async () => {
  const refused = new AbortController();
  /** As full as a backlog makes it. Whoever has to wait for it gives up. */
  const take = async (share: number) => {
    if (share > shares.usual) return 0;
    refused.abort();
    return 3_600_000;
  };
  const bucket = { take, landed: () => undefined, fill: async () => undefined };
  const branch = await Branch.open({ limits: { perSecond: 2 } }, {}, { bucket: () => bucket });
  const latest = async () => (await branch.calls())[0] as Interaction;

  await branch.emit(ringing('1'));
  await branch.attempt(await latest(), true);
  expect(branch.openCards()).toEqual([1]);
  await branch.emit(endedCall('1'));
  await branch.attempt(await latest(), true);
  expect(branch.rows()).toMatchObject([{ userId: 1, duration: 30 }]);

  const again = { ...(await latest()), id: '019aaaaa-0000-7000-8000-000000000000' } as Interaction;
  const result = await branch.attempt(again, false, refused.signal);
  expect(result).toMatchObject({ kind: 'retry', reason: { code: 'limitReached' } });
  expect(branch.rows()).toHaveLength(1);
});
