import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawSource } from '../../src/domain/interaction/quarantine.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { Quarantine } from '../../src/intake/quarantine.ts';
import { QuarantineKeeper } from '../../src/intake/quarantine-keeper.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createLogger, silentLogger } from '../../src/runtime/log.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { cure, poison } from '../support/poison.ts';
import { storeUrl } from '../support/test-store.ts';
import { letter } from '../support/written.ts';

const signal = new AbortController().signal;
const bytes = Buffer.from('Subject: poison\r\n\r\nHow much?');
const source: RawSource = { facts: { role: 'inbox' }, bytes };
const poisoned = letter('1', { subject: 'poison' });

describe('the quarantine', () => {
  let directory: string;
  let url: string;
  let store: Store;
  let blobs: FileBlobs;
  let intake: Intake;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-quarantine-'));
    url = storeUrl(join(directory, 'a.db'));
    store = await openStore({ url, country: 'RU', publicUrl: 'http://pb' });
    blobs = new FileBlobs(join(directory, 'blobs'));
    intake = new Intake(store, silentLogger);
  });

  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function quarantineOf(version = '1', more: Partial<ConstructorParameters<typeof Quarantine>[0]> = {}): Quarantine {
    const apply = intake.apply.bind(intake);
    return new Quarantine({ apply, blobs, clock: systemClock, log: silentLogger, version, ...more });
  }

  function keeperOf(
    version: string,
    replay: (source: RawSource) => Promise<void> = () => Promise.reject(new Error('no')),
  ) {
    const quarantine = quarantineOf(version);
    const parts = { store, intake, quarantine, blobs, version, log: silentLogger };
    return new QuarantineKeeper({ ...parts, replay: (connection) => (connection === 'mail' ? replay : null) });
  }

  const kept = async () => (await store.read.quarantine({ limit: 10, cursor: null })).items;
  const letters = async () => (await store.read.interactions({ limit: 10, cursor: null })).items;

  it('keeps what the store rejects, with its bytes, once however often it arrives', async () => {
    await poison(url);
    const quarantine = quarantineOf();
    for (const _ of [1, 2]) await quarantine.guard(poisoned, source, () => intake.emit(poisoned));

    const [entry, ...others] = await kept();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ connection: 'mail', event: poisoned, version: '1', tries: 2 });
    expect(entry?.source).toMatchObject({ facts: source.facts, bytes: bytes.length });
    expect(await blobs.size(entry?.source?.blob as never)).toBe(bytes.length);
    expect(await store.read.quarantineCounts()).toMatchObject([{ connection: 'mail', count: 1 }]);
    expect(quarantine.counts.get('mail')).toBe(2);
  });

  it('gives a reason that repeats nothing of the contact or the database', async () => {
    await poison(url);
    const lines: string[] = [];
    const log = createLogger({
      level: 'debug',
      destination: { write: (line: string) => void lines.push(line) } as never,
    });
    intake = new Intake(store, log);
    await quarantineOf('1', { log }).guard(poisoned, undefined, () => intake.emit(poisoned));
    const [entry] = await kept();
    expect(entry?.reason).toMatch(
      /^the store refused it: the store failed to write this \((23514|SQLITE_CONSTRAINT_TRIGGER)\)/,
    );
    expect(JSON.stringify(lines)).not.toContain('How much?');
  });

  it('is retried by another version of the program, and by the same one only on request', async () => {
    await poison(url);
    await quarantineOf('1').guard(poisoned, undefined, () => intake.emit(poisoned));

    expect(await keeperOf('1').tryAll(signal)).toBe(0);
    expect((await kept())[0]?.tries).toBe(1);
    expect(await keeperOf('2').tryAll(signal)).toBe(0);
    expect((await kept())[0]).toMatchObject({ tries: 2, version: '2' });

    await cure(url);
    expect(await keeperOf('2').tryAll(signal)).toBe(0);
    await intake.apply([{ op: 'quarantine-retry', id: null }]);
    expect(await keeperOf('2').tryAll(signal)).toBe(1);
    expect(await kept()).toEqual([]);
    expect((await letters()).map(({ subject }) => subject)).toEqual(['poison']);
  });

  it('lets the connection read a source again, and keeps it if that fails', async () => {
    const quarantine = quarantineOf('1');
    await quarantine.keepSource('mail', source, new TypeError('no such part'));
    expect((await kept())[0]).toMatchObject({ event: null, reason: expect.stringMatching(/: TypeError at /) });

    const worse = keeperOf('2', () => Promise.reject(new RangeError('too deep')));
    expect(await worse.tryAll(signal)).toBe(0);
    expect((await kept())[0]).toMatchObject({ tries: 2, reason: expect.stringMatching(/: RangeError at /) });

    const seen: Buffer[] = [];
    const better = keeperOf('3', async (given) => {
      seen.push(Buffer.from(given.bytes));
      await intake.emit(letter('1'));
    });
    expect(await better.tryAll(signal)).toBe(1);
    expect(seen).toEqual([bytes]);
    expect(await kept()).toEqual([]);
    expect(await store.read.looseBlobs('', 10)).toHaveLength(1);
  });

  it('keeps an entry that is rejected again on its way through the connection', async () => {
    await poison(url);
    const quarantine = quarantineOf('1');
    await quarantine.guard(poisoned, source, () => intake.emit(poisoned));
    const again = quarantineOf('2');
    const keeper = keeperOf('2', (given) => again.guard(poisoned, given, () => intake.emit(poisoned)));
    expect(await keeper.tryAll(signal)).toBe(0);
    expect(await kept()).toMatchObject([{ tries: 2, version: '2' }]);
  });

  it('leaves an entry unchanged while the environment fails', async () => {
    await quarantineOf('1').keepSource('mail', source, new TypeError('x'));
    const keeper = keeperOf('2', () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })));
    await expect(keeper.tryAll(signal)).rejects.toThrow('full');
    expect(await kept()).toMatchObject([{ tries: 1, version: '1' }]);
  });

  it('reports that the connection needed for a retry is no longer configured', async () => {
    await quarantineOf('1').keepSource('gone', source, new TypeError('x'));
    expect(await keeperOf('2').tryAll(signal)).toBe(0);
    expect((await kept())[0]?.reason).toContain('no configured connection gone can read it');
  });

  it('rejects if it can store nothing, so that no cursor advances', async () => {
    const refused = quarantineOf('1', { apply: async () => [{ ok: false, code: 'invalid', message: 'no' }] });
    await expect(refused.keepSource('mail', source, new TypeError('x'))).rejects.toThrow('quarantine');
    const full = quarantineOf('1', { blobs: { put: () => Promise.reject(new Error('disk full')) } });
    await expect(full.keepSource('mail', source, new TypeError('x'))).rejects.toThrow('disk full');
  });

  it('deletes entries past their retention, with their bytes', async () => {
    await quarantineOf('1', { clock: { now: () => Date.parse('2020-01-01') } }).keepSource(
      'mail',
      source,
      new TypeError('x'),
    );
    const keepFrom = Date.parse('2021-01-01');
    await store.housekeep({ now: Date.now(), keepFrom, keepDetached: false, signal });
    expect(await kept()).toEqual([]);
    expect(await store.read.looseBlobs('', 10)).toHaveLength(1);
  });
});
