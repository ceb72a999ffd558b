import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SchedulerOptions } from '../../src/delivery/options.ts';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { SharedQueue } from '../../src/delivery/shared-queue.ts';
import type { Owed } from '../../src/domain/delivery/delivery.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';

/** Deliveries of one row through a given shared queue. */
function deliveriesWith(queue: Pick<SharedQueue, 'ready' | 'put'>) {
  let due: readonly Owed[] = [
    { id: '1', kind: 'interaction', subject: 'i', destination: 'crm', revision: 1, nextAt: 0, attempts: 0 } as Owed,
  ];
  const delivered: string[] = [];
  const options: SchedulerOptions = {
    read: {
      owedDue: () => Promise.resolve(due),
      owedNext: () => Promise.resolve(null),
      interaction: () => Promise.resolve({ revision: 1 } as Interaction),
      lead: () => Promise.resolve(null),
      task: () => Promise.resolve(null),
      client: () => Promise.resolve(null),
      ledger: () => Promise.resolve([]),
    },
    release: async () => undefined,
    claim: ({ urgent }) => Promise.resolve(urgent === true ? [] : due),
    apply: ([write]) => {
      due = [];
      if (write?.op === 'delivered') delivered.push(write.subject);
      return Promise.resolve([{ ok: true, changes: [], followUps: [] }]);
    },
    clock: systemClock,
    log: silentLogger,
    destinations: [{ name: 'crm', destination: { deliver: () => Promise.resolve({ kind: 'done', link: null }) } }],
    poll: 10,
    openQueue: () => ({ ...queue, takePlace: () => Promise.resolve(0), stop: () => Promise.resolve() }),
  };
  return { scheduler: new DeliveryScheduler(options), delivered };
}

describe('a faulty shared queue', () => {
  let stop = async () => {};
  afterEach(async () => {
    vi.useRealTimers();
    await stop();
  });

  it('is bypassed while it is unreachable', async () => {
    const { scheduler, delivered } = deliveriesWith({ ready: true, put: () => Promise.reject(new Error('away')) });
    stop = () => scheduler.stop(0);
    scheduler.start();
    await vi.waitFor(() => expect(delivered).toEqual(['i']), 20_000);
  });

  it('is given some time, then bypassed if it does not process its entries', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let puts = 0;
    const put = () => {
      puts += 1;
      return Promise.resolve();
    };
    const { scheduler, delivered } = deliveriesWith({ ready: true, put });
    stop = () => scheduler.stop(0);
    scheduler.start();
    for (let looks = 1; looks <= 4; looks += 1) {
      await vi.waitFor(() => expect(puts).toBeGreaterThanOrEqual(looks), 20_000);
      vi.advanceTimersByTime(3500);
    }
    expect(delivered).toEqual([]);
    vi.advanceTimersByTime(3500);
    await vi.waitFor(() => expect(delivered).toEqual(['i']), 20_000);
  });
});
