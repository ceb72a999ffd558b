import { describe, expect, it } from 'vitest';
import type { Phrase } from '../../../../src/domain/call/transcript.ts';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { Branch } from './branch.ts';
import { answered, talked } from './flows.ts';

const attach = 'telephony.call.attachTranscription';
const legs = [talked('101', 5, 20), talked('102', 25, 65, 20)];
const phrase = (side: Phrase['side'], from: number, to: number, text: string): Phrase => {
  return { side, manager: null, from, to, text };
};
const spoken = [
  phrase('manager', 0, 0.4, 'Good day'),
  phrase('client', 1.6, 3.2, 'A quote'),
  phrase(null, 4, 5, 'Yes'),
];
const shown = 'User 0-1 Good day, Client 1-4 A quote, Client 4-5 (?) Yes';

/** A call with a recording, as the portal has it already. */
async function reported(settings: object = {}) {
  const branch = await Branch.open(settings);
  const call = answered(legs, 65, { recordings: [await branch.recording('a.mp3', 'sound')] });
  await branch.tell(call);
  return { branch, call };
}

describe('the transcript of a call', () => {
  it('is attached to the call of each manager who talked, in whole seconds', async () => {
    const { branch, call } = await reported();
    expect(await branch.say(call, 'a.mp3', spoken)).toMatchObject({ kind: 'done' });
    expect(branch.transcripts()).toEqual([shown, shown]);
    expect(branch.portal.state.complaints).toEqual([]);
  });

  it('of a single talk stands on that talk only', async () => {
    const branch = await Branch.open();
    const own = await branch.recording('b.mp3', 'second', { leg: 1 });
    const call = answered(legs, 65, { recordings: [own] });
    await branch.tell(call);
    await branch.say(call, 'b.mp3', spoken);
    expect(branch.transcripts()).toEqual([shown]);
  });

  it('is attached once: one that replaces it is not sent', async () => {
    const { branch, call } = await reported();
    await branch.say(call, 'a.mp3', spoken);
    expect(await branch.say(call, 'a.mp3', [phrase(null, 0, 1, 'Other')])).toMatchObject({ kind: 'done' });
    expect([branch.transcripts(), branch.count(attach)]).toEqual([[shown, shown], 2]);
  });

  it.each<FaultKind>(['500', '503', 'malformed', 'empty', 'cut-before', 'cut-after', 'hang-after'])(
    'is attached once when the first two calls end as %s',
    async (kind) => {
      const { branch, call } = await reported();
      branch.fault(attach, kind, 2);
      expect(await branch.say(call, 'a.mp3', spoken)).toMatchObject({ kind: 'done' });
      expect(branch.transcripts()).toEqual([shown, shown]);
      expect(branch.portal.state.complaints).toEqual([]);
    },
  );

  it('is attached once wherever the program is killed', async () => {
    for (let write = 0; ; write += 1) {
      const { branch, call } = await reported();
      branch.killAfter = write;
      await branch.say(call, 'a.mp3', spoken);
      expect(branch.transcripts(), `killed before write ${write}`).toEqual([shown, shown]);
      expect(branch.portal.state.complaints).toEqual([]);
      if (branch.kills === 0) break;
    }
  });

  it('that the portal refuses is parked with its answer, and the call stands', async () => {
    const { branch, call } = await reported();
    branch.portal.state.statistics.clear();
    expect(await branch.say(call, 'a.mp3', spoken)).toMatchObject({ kind: 'park' });
    expect(branch.transcripts()).toEqual([]);
  });
});
