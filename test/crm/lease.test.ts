import { expect, it } from 'vitest';
import { coreLease } from '../../src/crm/lease.ts';
import type { Leases } from '../../src/domain/ports/store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { sleep } from '../../src/runtime/sleep.ts';

/** Leases shared by two instances. As in the stores, an instance that holds a lease gets it again. */
function sharedLeases(): (instance: string) => Leases {
  const holders = new Map<string, string>();
  return (instance) => ({
    take: async (name) => {
      if ((holders.get(name) ?? instance) !== instance) return null;
      holders.set(name, instance);
      return 1;
    },
    release: async (name) => void holders.delete(name),
  });
}

it('a lease runs one task at a time, within an instance and across instances', async () => {
  const leasesOf = sharedLeases();
  const { signal } = new AbortController();
  const instances = ['a', 'b'].map((name) => coreLease('crm', { leases: leasesOf(name), log: silentLogger, signal }));
  let working = 0;
  let maxRunning = 0;
  const work = async () => {
    working += 1;
    maxRunning = Math.max(maxRunning, working);
    await sleep(20);
    working -= 1;
    return maxRunning;
  };
  const all = instances.flatMap((lease) => [lease.hold('token', work), lease.hold('token', work)]);
  expect(await Promise.all(all)).toEqual([1, 1, 1, 1]);
  await Promise.all(instances.map((lease, i) => lease.hold(`other ${i}`, work)));
  expect(maxRunning).toBe(2);
});

it('a lease continues after a failed task, and stops waiting when the program stops', async () => {
  const leasesOf = sharedLeases();
  const stopping = new AbortController();
  const lease = coreLease('crm', { leases: leasesOf('a'), log: silentLogger, signal: stopping.signal });
  await expect(lease.hold('token', () => Promise.reject(new Error('no token')))).rejects.toThrow('no token');
  expect(await lease.hold('token', async () => 'well')).toBe('well');
  await leasesOf('b').take('crm:crm/token', 1, false);
  const waiting = lease.hold('token', async () => 'never');
  stopping.abort();
  await expect(waiting).rejects.toThrow();
});
