import { unlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Branch } from './branch.ts';
import { answered, missed, rang, talked } from './flows.ts';

const attach = 'telephony.externalCall.attachRecord';
const legs = [talked('101', 5, 20), talked('102', 25, 65, 20)];

describe('the recording of a call', () => {
  it('of the whole call stands on each talk; one of a leg only on its own', async () => {
    const branch = await Branch.open();
    const whole = await branch.recording('a.mp3', 'whole');
    const own = await branch.recording('b.mp3', 'second', { leg: 1 });
    await branch.tell(answered(legs, 65, { recordings: [whole, own] }));
    expect(branch.records()).toEqual(['whole', 'second']);
  });

  it('that is longer replaces one that was attached before, and no other', async () => {
    const branch = await Branch.open();
    const short = await branch.recording('a.mp3', 'short', { seconds: 5 });
    const long = await branch.recording('b.mp3', 'long', { seconds: 50 });
    const one = [talked('101', 5, 65)];
    await branch.tell(answered(one, 65, { recordings: [short, { ...long, state: 'pending' }] }));
    expect(branch.records()).toEqual(['short']);
    await branch.tell(answered(one, 65, { recordings: [short, long] }));
    expect(branch.records()).toEqual(['long']);
    await branch.tell(
      answered(one, 65, { recordings: [short, long], party: { raw: '89161234567', name: 'I', withheld: false } }),
    );
    expect(branch.count(attach)).toBe(2);
  });

  it.each([
    ['a.webm', { mime: 'audio/webm' }, {}],
    ['a.wav', {}, { calls: { largestRecord: 1 } }],
  ])('that the portal takes not is left out, and the call reported all the same: %s', async (name, more, settings) => {
    const branch = await Branch.open(settings);
    const recording = await branch.recording(name, 'x'.repeat(1024 * 1024 + 1), more);
    expect(await branch.tell(answered(legs, 65, { recordings: [recording] }))).toMatchObject({ kind: 'done' });
    expect(branch.rows()).toHaveLength(2);
    expect(branch.count(attach)).toBe(0);
  });

  it('is retried while its file is away, and the call reported meanwhile', async () => {
    const branch = await Branch.open();
    const recording = await branch.recording('a.mp3', 'sound');
    await unlink(recording.path ?? '');
    expect(await branch.tell(answered([talked('101', 5, 65)], 65, { recordings: [recording] }))).toMatchObject({
      kind: 'retry',
      reason: { code: 'recordingNotFound' },
    });
    expect(branch.rows()).toHaveLength(1);
    await branch.recording('a.mp3', 'sound');
    expect(await branch.deliver()).toMatchObject({ kind: 'done' });
    expect(branch.records()).toEqual(['sound']);
  });

  it('that is small is sent within the request, by setting', async () => {
    const branch = await Branch.open({ calls: { inlineRecords: 1 } });
    const recording = await branch.recording('a.wav', 'sound');
    await branch.tell(answered([talked('101', 5, 65)], 65, { recordings: [recording] }));
    expect(branch.records()).toEqual(['sound']);
    expect(branch.portal.asked.filter(({ path }) => path.includes('upload'))).toEqual([]);
  });

  it('of a menu that nobody answered is not attached', async () => {
    const branch = await Branch.open();
    const recordings = [await branch.recording('a.wav', 'music')];
    await branch.tell(missed([rang('101', 1, 20)], 20, { recordings }));
    expect(branch.records()).toEqual([]);
  });
});
