import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transcriptOf } from '../../src/domain/call/transcript.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { SearchIndexer } from '../../src/intake/search/search-indexer.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { eraseExpired } from '../../src/store/sound-retention.ts';
import { endedCall } from '../support/calls.ts';
import { storeUrl } from '../support/test-store.ts';

const spoken = (text: string) =>
  transcriptOf({ language: 'ru', source: null, phrases: [{ side: null, manager: null, from: 0, to: 2, text }] });

describe('transcripts in the store', () => {
  let directory: string;
  let store: Store;
  let indexer: SearchIndexer;
  const now = Date.now();
  const call: CallSnapshot = endedCall('1', {
    ...{ startedAt: now - 60_000, endedAt: now },
    recordings: [
      {
        ...({ file: 'a.wav', path: '/rec/a.wav', leg: null, kind: 'call', state: 'ready', startedAt: now } as const),
        ...{ seconds: 9, mime: 'audio/wav', bytes: 100 },
      },
    ],
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-transcripts-'));
    store = await openStore({ url: storeUrl(join(directory, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
    const blobs = new FileBlobs(join(directory, 'blobs'));
    const parts = { store, read: store.read, apply: (writes: readonly Write[]) => store.apply(writes) };
    indexer = new SearchIndexer({ ...parts, blobs, jobs: inProcessJobs, log: silentLogger });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function take(event: Extract<Write, { op: 'contact' }>['event']): Promise<Interaction | null> {
    const [result] = await store.apply([{ op: 'contact', event }]);
    if (result?.ok !== true) throw new Error('the event was refused');
    return result.changes[0]?.interaction ?? null;
  }
  const heard = (text: string, file = 'a.wav') =>
    take({ kind: 'transcript', key: call.key, connection: 'pbx', file, transcript: spoken(text) });
  async function found(q: string): Promise<number> {
    while ((await indexer.once()) === 0);
    return (await store.read.interactions({ q, limit: 5, cursor: null })).items.length;
  }

  it('belong to a recording, survive later snapshots of the call, and are found by their words', async () => {
    const stored = await take(call);
    const after = await heard('Пришлите смету');
    const id = stored?.recordings[0]?.id ?? '';
    expect(after).toMatchObject({ id: stored?.id, revision: 2 });
    expect(await store.read.transcript(id)).toEqual(spoken('Пришлите смету'));
    expect(await heard('Пришлите смету')).toBeNull();
    const later = await take({ ...call, startedAt: call.startedAt - 1000 });
    expect(later?.recordings[0]?.transcript).toEqual(after?.recordings[0]?.transcript);
    expect([await found('смета'), await found('договор')]).toEqual([1, 0]);
    await heard('Пришлите договор');
    expect([await found('смета'), await found('договор')]).toEqual([0, 1]);
  });

  it('are dropped if their call or recording is not known', async () => {
    expect(await heard('Hello')).toBeNull();
    await take(call);
    expect(await heard('Hello', 'other.wav')).toBeNull();
  });

  it('are erased with their recording, and do not come back', async () => {
    const id = (await take(call))?.recordings[0]?.id ?? '';
    await heard('Пришлите смету');
    expect(await found('смета')).toBe(1);
    const signal = new AbortController().signal;
    expect(await eraseExpired(store, [{ days: 1 }], now + 2 * 86_400_000, signal)).toBe(1);
    expect([await store.read.transcript(id), await found('смета')]).toEqual([null, 0]);
    expect(await heard('Пришлите смету')).toBeNull();
    const [
      {
        recordings: [recording],
      } = { recordings: [] },
    ] = (await store.read.interactions({ limit: 1, cursor: null })).items;
    expect(recording?.transcript).toMatchObject({ state: 'erased', url: null });
  });

  it('are erased in time even if the sound was never found', async () => {
    const missing = { ...call.recordings[0], path: null, state: 'missing', mime: null, bytes: null } as const;
    await take({ ...call, recordings: [missing as CallSnapshot['recordings'][number]] });
    await heard('Hello');
    const signal = new AbortController().signal;
    expect(await eraseExpired(store, [{ days: 1 }], now + 2 * 86_400_000, signal)).toBe(1);
    expect(await eraseExpired(store, [{ days: 1 }], now + 2 * 86_400_000, signal)).toBe(0);
  });
});
