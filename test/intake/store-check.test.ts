import { describe, expect, it, vi } from 'vitest';
import { StoreUnavailableError } from '../../src/domain/ports/store.ts';
import type { WriteResult } from '../../src/domain/ports/writes.ts';
import { storeCheck } from '../../src/intake/store-check.ts';
import { monotonicClock } from '../../src/runtime/clock.ts';

const written: readonly WriteResult[] = [{ ok: true, changes: [], followUps: [] }];

describe('the check whether the store can be written', () => {
  it('writes once for many callers, and again after the pause', async () => {
    let writes = 0;
    let now = 0;
    const apply = async () => {
      writes += 1;
      return written;
    };
    const check = storeCheck({ apply, rejected: () => 0 }, { now: () => now }, { pause: 1000 });
    expect(await Promise.all([check(), check(), check()])).toContainEqual({ name: 'store', ok: true, reason: null });
    expect(writes).toBe(1);
    now = 1000;
    await check();
    expect(writes).toBe(2);
  });

  it('keeps writing after the system clock is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      let writes = 0;
      const apply = async () => {
        writes += 1;
        return written;
      };
      const check = storeCheck({ apply, rejected: () => 0 }, monotonicClock, { pause: 0 });
      await check();
      vi.setSystemTime(Date.now() - 48 * 3600_000);
      await check();
      expect(writes).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a store that rejects writes, without the text of the error', async () => {
    const check = storeCheck(
      { apply: () => Promise.reject(new Error('/secret/path: disk full')), rejected: () => 1 },
      { now: () => 0 },
    );
    const { ok, reason } = await check();
    expect(ok).toBe(false);
    expect(reason).not.toContain('secret');
  });

  it('does not wait for a hanging store', async () => {
    const check = storeCheck(
      { apply: () => new Promise(() => undefined), rejected: () => 0 },
      { now: () => 0 },
      { patience: 10 },
    );
    expect(await check()).toMatchObject({ ok: false });
  });

  it('passes on the public reason of the store, without a path', async () => {
    const error = new StoreUnavailableError('/var/lib/secret/patchbay.db: the disk is full', {
      publicReason: 'the disk is full: free some space',
    });
    const check = storeCheck({ apply: () => Promise.reject(error), rejected: () => 0 }, { now: () => 0 });
    const { reason } = await check();
    expect(reason).toBe('the store cannot write: the disk is full: free some space');
  });

  it('fails while larger writes of others are rejected, even if its own succeeds, and recovers by itself', async () => {
    let now = 0;
    let rejected = 0;
    const check = storeCheck(
      { apply: async () => written, rejected: () => rejected },
      { now: () => now },
      { pause: 1000, memory: 5000 },
    );
    expect(await check()).toMatchObject({ ok: true });
    rejected = 3;
    now = 1000;
    expect(await check()).toMatchObject({ ok: false, reason: expect.stringContaining('disk is full') });
    now = 5000;
    expect(await check()).toMatchObject({ ok: false });
    now = 6000;
    expect(await check()).toMatchObject({ ok: true });
  });
});
