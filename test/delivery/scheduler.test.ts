import { describe, expect, it } from 'vitest';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { Owed } from '../../src/domain/delivery/delivery.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { because } from '../support/written.ts';
import { deliveryConformance } from './conformance.ts';

deliveryConformance('from the store alone', () => null);

describe('an unavailable receiver', () => {
  /** The outcome of the attempt that follows `attempts` failed ones, with a maximum wait of `longest` milliseconds. */
  async function outcomeAfter(attempts: number, longest: number): Promise<string> {
    const row = { kind: 'interaction', subject: 'i', destination: 'crm', revision: 1, attempts } as Owed;
    let due: readonly Owed[] = [row];
    return new Promise((resolve) => {
      const scheduler = new DeliveryScheduler({
        read: {
          owedDue: () => Promise.resolve([]),
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
          if (write?.op === 'delivered') resolve(write.outcome.kind);
          void scheduler.stop(0);
          return Promise.resolve([{ ok: true, changes: [], followUps: [] }]);
        },
        clock: systemClock,
        log: silentLogger,
        destinations: [
          {
            name: 'crm',
            backoff: { min: 1000, max: longest },
            destination: {
              deliver: () => Promise.resolve({ kind: 'retry', reason: because('away'), after: null, status: 503 }),
            },
          },
        ],
      });
      scheduler.start();
    });
  }

  it('is retried for days even if the waits are short', async () => {
    expect(await outcomeAfter(5_000, 1000)).toBe('retry');
    expect(await outcomeAfter(900_000, 1000)).toBe('park');
  });

  it('is given up after days even if the waits are long', async () => {
    expect(await outcomeAfter(60, 2 * 3600_000)).toBe('retry');
    expect(await outcomeAfter(120, 2 * 3600_000)).toBe('park');
  });
});
