import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventKey, newInteractionId } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { Housekeeper } from '../../src/store/housekeeper.ts';
import { letter } from '../support/written.ts';
import { streamOf } from './blobs/conformance.ts';
import { meeting } from './retention-conformance.ts';

const entry = { who: 'a', action: 'login', what: 'POST /session', subject: null, count: null, address: null } as const;
const months = (n: number) => n * 31 * 86_400_000;

describe('housekeeping', () => {
  let directory: string;
  let store: Store;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-house-'));
    store = await openStore({ url: `sqlite:${join(directory, 'a.db')}`, country: 'RU', publicUrl: 'http://pb' });
  });

  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('removes expired contacts and their files, unless the files were stored again recently', async () => {
    const blobs = new FileBlobs(join(directory, 'blobs'));
    const files = [];
    for (const text of ['old', 'stored again']) files.push(await blobs.put(streamOf(text), 100));
    const [old, again] = files.map(({ id, bytes }) => ({ blob: id, name: 'a.txt', mime: 'text/plain', bytes }));
    if (old === undefined || again === undefined) throw new Error('two files were stored');
    const pathOf = (blob: string) => join(directory, 'blobs', blob.slice(0, 2), blob);
    utimesSync(pathOf(old.blob), 1, 1);
    await store.apply([{ op: 'contact', event: letter('1', { attachments: [old, again] }) }]);
    const now = Date.now() + months(3);
    const [kept] = await store.apply([
      {
        op: 'record',
        id: newInteractionId(now),
        key: eventKey('t', '1'),
        interaction: meeting,
        by: { id: 'a', name: 'A' },
        at: now,
      },
    ]);
    const openHousekeeper = () =>
      new Housekeeper({
        store: { ...store, apply: (writes) => store.apply(writes) },
        blobs,
        retention: { months: 1, keepDetached: false },
        recordings: [],
        auditMonths: () => 1,
        clock: { now: () => now },
        log: silentLogger,
      });
    const audit = (at: number) => ({ ...entry, id: newInteractionId(at), at });
    await store.apply([
      { op: 'audit', entry: audit(now - months(3)) },
      { op: 'audit', entry: audit(now) },
    ]);
    // The same bytes are stored again before anything refers to them.
    utimesSync(pathOf(again.blob), now / 1000, now / 1000);
    // The first run sets it aside; the next one, an hour later or after a restart, deletes it.
    const first = openHousekeeper();
    first.start();
    await vi.waitFor(() => expect(existsSync(pathOf(old.blob))).toBe(false), 60_000);
    expect(await blobs.size(old.blob)).toBe(3);
    await first.stop();
    const next = openHousekeeper();
    next.start();
    await vi.waitFor(async () => expect(await blobs.size(old.blob)).toBeNull(), 60_000);
    await next.stop();
    expect(kept?.ok).toBe(true);
    expect((await store.read.audit({ limit: 9, cursor: null })).items.map(({ at }) => at)).toEqual([now]);
    expect((await store.read.interactions({ limit: 9, cursor: null })).items).toHaveLength(1);
    expect(await blobs.size(again.blob)).toBe(12);
    expect(await store.read.looseBlobs('', 9)).toEqual([again.blob]);
  });
});
