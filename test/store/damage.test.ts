import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { storeCheck } from '../../src/intake/store-check.ts';
import { findDamage } from '../../src/store/sqlite/integrity.ts';
import { repairDatabase } from '../../src/store/sqlite/repair.ts';
import { client, endedCall } from '../support/calls.ts';

const calls = 2000;

describe('a damaged SQLite file', () => {
  let directory: string;
  let path: string;

  const open = (alone = false) => openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb', alone });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-damage-'));
    path = join(directory, 'a.db');
    const store = await open();
    await store.apply([{ op: 'put-clients', clients: [client('c1', ['+79161234567'], { name: 'Berry' })], at: 1 }]);
    const events = Array.from({ length: calls }, (_, i) =>
      endedCall(String(i), { party: { raw: `7916${1_000_000 + i}`, name: 'Ivan', withheld: false } }),
    );
    await store.apply(events.map((event) => ({ op: 'contact', event })));
    await store.close();
    const db = new Sqlite(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Overwrites bytes as a failing disk does. */
  function overwrite(at: number, length: number): void {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(length, 0xa5), 0, length, at);
    closeSync(file);
  }

  /** Overwrites leaf pages of the interactions table, counted from its start. */
  function spoilInteractions(...shares: readonly number[]): void {
    const db = new Sqlite(path, { readonly: true });
    const pages = db
      .prepare("SELECT pageno FROM dbstat WHERE name = 'interactions' AND pagetype = 'leaf' ORDER BY path")
      .pluck()
      .all() as number[];
    db.close();
    for (const share of shares) overwrite(((pages[Math.floor(pages.length * share)] ?? 1) - 1) * 4096, 4096);
  }

  async function looked(store: Awaited<ReturnType<typeof open>>): Promise<void> {
    await expect.poll(() => store.health().state, { timeout: 20_000 }).not.toBe('checking');
  }

  it('is detected, and the report says what to do', async () => {
    const whole = await open(true);
    await looked(whole);
    expect(whole.health()).toEqual({ state: 'whole', reason: null });
    await whole.close();
    expect(findDamage(path, 'integrity_check')).toBeNull();

    spoilInteractions(0.5);
    const store = await open(true);
    await looked(store);
    expect(store.health()).toMatchObject({ state: 'damaged', reason: expect.stringContaining('patchbay repair') });
    const check = storeCheck(
      { apply: (w) => store.apply(w), rejected: () => 0, health: () => store.health() },
      { now: () => 0 },
    );
    expect(await check()).toMatchObject({ ok: false, reason: expect.stringContaining('damaged') });
    await store.close();
    expect(findDamage(path, 'integrity_check')).toContain('patchbay repair');
  });

  it('is reported by the query that meets it', async () => {
    spoilInteractions(0.5);
    const store = await open(true);
    await expect(store.read.interactions({ limit: calls, cursor: null })).rejects.toThrow('the database is damaged');
    expect(store.health().state).toBe('damaged');
    await store.close();
  });

  it('is salvaged except for the damaged pages', async () => {
    spoilInteractions(0.2, 0.5, 0.8);
    const { tables, aside } = repairDatabase(path, new Date());
    const interactions = tables.find(({ table }) => table === 'interactions');
    expect(interactions?.kept).toBeGreaterThan(calls * 0.95);
    expect(interactions?.kept).toBeLessThan(calls);
    expect(tables.find(({ table }) => table === 'history')).toEqual({ table: 'history', kept: calls, lost: 0 });
    expect(statSync(aside).size).toBeGreaterThan(0);
    expect(findDamage(path, 'integrity_check')).toBeNull();

    const store = await open();
    expect(await store.read.client('c1' as ClientId)).toMatchObject({ name: 'Berry' });
    expect((await store.read.clients({ limit: 10, cursor: null, q: 'ber' })).items).toHaveLength(1);
    expect(await store.apply([{ op: 'contact', event: endedCall('1') }])).toMatchObject([{ ok: true }]);
    await store.close();
    expect(readdirSync(directory).filter((name) => /salvage|repaired/.test(name))).toEqual([]);
  });

  it('is salvaged completely if only its header was overwritten', async () => {
    overwrite(0, 100);
    await expect(open()).rejects.toThrow(/not a database.*patchbay repair/);
    const { tables } = repairDatabase(path, new Date());
    expect(tables.every(({ lost }) => lost === 0)).toBe(true);
    expect(tables.find(({ table }) => table === 'interactions')?.kept).toBe(calls);
  });

  it('is left unchanged if nothing can be read', () => {
    overwrite(0, statSync(path).size);
    expect(() => repairDatabase(path, new Date())).toThrow(/back-up/);
    expect(readdirSync(directory).filter((name) => !name.endsWith('-lock'))).toEqual(['a.db']);
  });
});

describe('the readiness probe', () => {
  it('still works after the clock was set back', async () => {
    let writes = 0;
    const apply = async () => {
      writes += 1;
      return [{ ok: true as const, changes: [], followUps: [] }];
    };
    let now = 1_000_000;
    const check = storeCheck({ apply, rejected: () => 0 }, { now: () => now });
    await check();
    now += 6000;
    await check();
    expect(writes).toBe(2);
  });
});
