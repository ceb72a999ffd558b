import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { SharedQueue } from '../../src/delivery/shared-queue.ts';
import type { Owed } from '../../src/domain/delivery/delivery.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { silentLogger } from '../../src/runtime/log.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A destination with a backlog and a rate of one per second. Deliveries are noted as `SECOND SUBJECT`. */
function paced(queue?: SharedQueue) {
  const row = (subject: string) => ({ id: subject, kind: 'interaction', subject, revision: 1, attempts: 0 }) as Owed;
  const backlog = Array.from({ length: 100 }, (_, i) => row(`old-${i}`));
  const urgent: Owed[] = [];
  const began = performance.now();
  const delivered: string[] = [];
  const scheduler = new DeliveryScheduler({
    read: {
      owedDue: () => Promise.resolve([]),
      owedNext: () => Promise.resolve(null),
      interaction: (id) => Promise.resolve({ id, revision: 1 } as Interaction),
      lead: () => Promise.resolve(null),
      task: () => Promise.resolve(null),
      client: () => Promise.resolve(null),
      ledger: () => Promise.resolve([]),
    },
    release: async () => undefined,
    claim: (claim) => Promise.resolve((claim.urgent === true ? urgent : backlog).splice(0, claim.room)),
    apply: (writes) => Promise.resolve(writes.map(() => ({ ok: true, changes: [], followUps: [] }) as const)),
    clock: { now: () => Date.now() },
    log: silentLogger,
    destinations: [
      {
        name: 'crm',
        rate: 1,
        destination: {
          deliver: async (subject, _signal, isUrgent) => {
            const at = Math.floor((performance.now() - began) / 1000);
            if (subject.kind === 'interaction') delivered.push(`${at} ${subject.interaction.id} ${isUrgent}`);
            return { kind: 'done', link: null };
          },
        },
      },
    ],
    ...(queue !== undefined && { openQueue: () => queue }),
  });
  const ring = (...ids: readonly string[]) => {
    urgent.push(...ids.map(row));
    scheduler.nudge();
  };
  return { scheduler, delivered, ring };
}

describe('a call that rings at a destination with a rate', () => {
  it('takes the next place, and the backlog waits', async () => {
    const { scheduler, delivered, ring } = paced();
    scheduler.start();
    await vi.advanceTimersByTimeAsync(1500);
    ring('a', 'b');
    await vi.advanceTimersByTimeAsync(3000);
    await scheduler.stop(0);
    expect(delivered).toEqual(['0 old-0 false', '1 old-1 false', '2 a true', '3 b true', '4 old-2 false']);
  });

  it('does not go through a shared queue, but takes a place of its rate', async () => {
    const queue: SharedQueue = {
      ready: true,
      put: () => Promise.resolve(),
      takePlace: () => Promise.resolve(1000),
      stop: () => Promise.resolve(),
    };
    const { scheduler, delivered, ring } = paced(queue);
    scheduler.start();
    await vi.advanceTimersByTimeAsync(500);
    ring('a', 'b');
    await vi.advanceTimersByTimeAsync(3000);
    await scheduler.stop(0);
    expect(delivered).toEqual(['1 a true', '2 b true']);
  });
});
