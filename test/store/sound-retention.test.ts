import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingRule } from '../../src/domain/call/recording-retention.ts';
import { recordingId } from '../../src/domain/call/reduce-call.ts';
import type { CallRecording, CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { eraseExpired } from '../../src/store/sound-retention.ts';
import { endedCall } from '../support/calls.ts';
import { storeUrl } from '../support/test-store.ts';

const copy = 'ab'.repeat(32) as BlobId;
const { signal } = new AbortController();
const days = (count: number) => Date.now() + count * 86_400_000;

function recording(more: Partial<CallRecording>): CallRecording {
  return {
    ...{ file: 'a.wav', path: null, leg: null, kind: 'call', state: 'ready', startedAt: Date.now(), seconds: 5 },
    ...{ mime: 'audio/wav', bytes: 80_044, ...more },
  };
}

describe('the retention of recordings', () => {
  let directory: string;
  let store: Store;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-sounds-'));
    store = await openStore({ url: storeUrl(join(directory, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const call = (id: string, recordings: readonly CallRecording[], more: Partial<CallSnapshot> = {}) =>
    endedCall(id, { startedAt: Date.now() - 60_000, endedAt: Date.now(), recordings, ...more });
  async function take(event: CallSnapshot): Promise<Interaction> {
    const [result] = await store.apply([{ op: 'contact', event }]);
    if (result?.ok !== true || result.changes[0] === undefined) throw new Error('the call was not stored');
    return result.changes[0].interaction;
  }
  const states = async ({ id }: Interaction) => (await store.read.interaction(id))?.recordings.map((one) => one.state);

  it('erases by the first rule that applies, and releases copies', async () => {
    const message = recording({ file: 'msg0000', kind: 'voicemail', blob: copy });
    const both = await take(call('1', [recording({ path: '/rec/a.wav' }), message]));
    const missed = await take(call('2', [recording({ path: '/rec/b.wav' })], { state: 'missed' }));
    const rules: readonly RecordingRule[] = [
      { days: 10, kinds: ['voicemail'] },
      { days: 90, states: ['missed'] },
      { days: 30 },
    ];

    expect(await eraseExpired(store, rules, days(9), signal)).toBe(0);
    expect(await eraseExpired(store, rules, days(11), signal)).toBe(1);
    expect([await states(both), await states(missed)]).toEqual([['ready', 'erased'], ['ready']]);
    expect(await eraseExpired(store, rules, days(31), signal)).toBe(1);
    expect([await states(both), await states(missed)]).toEqual([['erased', 'erased'], ['ready']]);
    expect(await eraseExpired(store, rules, days(32), signal)).toBe(0);

    const kept = await store.read.interaction(both.id);
    expect(kept?.recordings[1]).toMatchObject({ url: null, problem: 'the recording was removed after 10 days' });
    expect(await store.read.recording(recordingId(both.id, 'msg0000'))).toMatchObject({ path: null, blob: null });
    expect(await store.read.looseBlobs('', 10)).toEqual([copy]);
  });

  it('does not restore an erased recording when the PBX reports its call again', async () => {
    const event = call('1', [recording({ path: '/rec/a.wav', blob: copy })]);
    const stored = await take(event);
    await eraseExpired(store, [{ days: 1 }], days(2), signal);
    await store.apply([{ op: 'contact', event: { ...event, startedAt: event.startedAt - 1000 } }]);
    expect(await states(stored)).toEqual(['erased']);
    expect(await store.read.recording(recordingId(stored.id, 'a.wav'))).toMatchObject({ path: null, blob: null });
  });

  it('goes through all recordings, also in several pages', async () => {
    for (let i = 0; i < 150; i += 1)
      await take(call(`c${i}`, [recording({ path: '/a.wav' }), recording({ file: 'b.wav', path: '/b.wav' })]));
    expect(await eraseExpired(store, [{ days: 1, kinds: ['call'] }], days(2), signal)).toBe(300);
  });

  it('keeps a copy that a call refers to', async () => {
    await take(call('1', [recording({ blob: copy })]));
    const other = await take(call('2', [recording({ blob: copy })]));
    await store.apply([
      { op: 'erase-recordings', interaction: other.id, recordings: [other.recordings[0]?.id ?? ''], days: 1, at: 0 },
    ]);
    expect(await store.read.looseBlobs('', 10)).toEqual([]);
  });
});
