import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Leases } from '../../src/domain/ports/store.ts';
import { Lease } from '../../src/runtime/lease.ts';
import { silentLogger } from '../../src/runtime/log.ts';

const times = { life: 60, renew: 10, look: 10 };

/** Leases in memory, with the semantics of a store, for several holders; `away` makes the store fail. */
class FakeLeases {
  away = false;
  /** How often the lease was taken or renewed. */
  taken = 0;
  #holder: string | null = null;
  #epoch = 0;
  #until = 0;

  of(holder: string): Leases {
    return {
      take: async (_name, life, onlyOwn) => {
        if (this.away) throw new Error('the store is away');
        const free = this.#holder === null || (!onlyOwn && performance.now() > this.#until);
        if (this.#holder !== holder && !free) return null;
        if (this.#holder !== holder) this.#epoch += 1;
        this.taken += 1;
        this.#holder = holder;
        this.#until = performance.now() + life;
        return this.#epoch;
      },
      release: async (_name, epoch) => {
        if (this.#holder === holder && this.#epoch === epoch) this.#holder = null;
      },
    };
  }
}

describe('a lease', () => {
  const leases: Lease[] = [];
  let working: string[] = [];

  afterEach(async () => {
    await Promise.all(leases.splice(0).map((lease) => lease.stop()));
    working = [];
  });

  function start(store: FakeLeases, name: string, continueInDoubt = false): Lease {
    const lease = new Lease({
      name: 'l',
      leases: store.of(name),
      log: silentLogger,
      continueInDoubt,
      times,
      onHeld: async () => void working.push(name),
      onLost: async () => {
        working = working.filter((one) => one !== name);
      },
    });
    leases.push(lease);
    lease.start();
    return lease;
  }

  it('has one holder at a time, and passes to the next when the first releases it', async () => {
    const store = new FakeLeases();
    const first = start(store, 'one');
    await vi.waitFor(() => expect(working).toEqual(['one']), 20_000);
    start(store, 'two');
    await first.stop();
    await vi.waitFor(() => expect(working).toEqual(['two']), 20_000);
    expect(leases.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('stops outbound work while the lease holder is unknown, before another instance may start', async () => {
    const store = new FakeLeases();
    start(store, 'one');
    await vi.waitFor(() => expect(working).toEqual(['one']), 20_000);
    store.away = true;
    await vi.waitFor(() => expect(working).toEqual([]), 20_000);
    store.away = false;
    await vi.waitFor(() => expect(working).toEqual(['one']), 20_000);
  });

  it('keeps receiving while the lease holder is unknown, and keeps its epoch if nobody else took the lease', async () => {
    const store = new FakeLeases();
    const lease = start(store, 'one', true);
    await vi.waitFor(() => expect(working).toEqual(['one']), 20_000);
    start(store, 'two', true);
    store.away = true;
    await new Promise((resolve) => setTimeout(resolve, 2 * times.life));
    expect(working).toEqual(['one']);
    store.away = false;
    const { taken } = store;
    await vi.waitFor(() => expect(store.taken).toBeGreaterThan(taken + 1), 20_000);
    expect([working, lease.epoch]).toEqual([['one'], 1]);
  });

  it('is taken over from a dead holder even if every second request fails', async () => {
    const store = new FakeLeases();
    await store.of('gone').take('l', times.life, false);
    const { take, release } = store.of('two');
    let asked = 0;
    const slow: Leases = {
      take: (...question) => {
        asked += 1;
        return asked % 2 === 0 ? Promise.reject(new Error('it took too long')) : take(...question);
      },
      release,
    };
    vi.spyOn(store, 'of').mockReturnValue(slow);
    start(store, 'two');
    await vi.waitFor(() => expect(working).toEqual(['two']), 20_000);
  });

  it('retries a failed start, and keeps the lease meanwhile', async () => {
    const store = new FakeLeases();
    let tries = 0;
    const lease = new Lease({
      name: 'l',
      leases: store.of('one'),
      log: silentLogger,
      continueInDoubt: false,
      times,
      onHeld: async () => {
        tries += 1;
        if (tries === 1) throw new Error('not yet');
      },
      onLost: async () => undefined,
    });
    leases.push(lease);
    lease.start();
    await vi.waitFor(() => expect(tries).toBe(2), 20_000);
    expect(lease.epoch).toBe(1);
  });
});
