import { describe, expect, it } from 'vitest';
import { ceilingOf, orderOf, simulate } from '../../bench/simulation/commit-order.ts';
import { seededRandom } from '../support/random.ts';

describe('the simulated order of commits', () => {
  it('waits as long as queueing theory predicts if each commit takes one write', () => {
    // M/D/1, Pollaczek and Khinchine: the mean wait before service is ρ·s / (2·(1 − ρ)).
    for (const load of [0.3, 0.6, 0.9]) {
      const service = 2;
      const { meanBefore, load: busy } = simulate(
        { fixed: 1.5, each: 0.5, maxWrites: 1 },
        (load * 1000) / service,
        500_000,
        seededRandom(3),
      );
      expect(busy).toBeCloseTo(load, 2);
      expect(meanBefore / ((load * service) / (2 * (1 - load)))).toBeCloseTo(1, 1);
    }
  });

  it('groups writes under load, and never exceeds its maximum rate', () => {
    const order = { fixed: 4, each: 0.1, maxWrites: 50 };
    expect(ceilingOf(order)).toBeCloseTo(5555.6, 1);
    const quiet = simulate(order, 10, 20_000, seededRandom(5));
    expect(quiet.group).toBeLessThan(1.1);
    expect(quiet.half).toBeCloseTo(4.1, 1);
    const busy = simulate(order, 5000, 200_000, seededRandom(5));
    expect(busy.group).toBeGreaterThan(20);
    expect(busy.load).toBeLessThan(1.01);
    const beyond = simulate(order, 8000, 100_000, seededRandom(5));
    expect(beyond.group).toBeCloseTo(50, 0);
    expect(beyond.p99).toBeGreaterThan(1000);
  });

  it('derives its parameters from measurements with one writer and with many', () => {
    const order = { fixed: 3, each: 0.2, maxWrites: 500 };
    const rate = (crowd: number) => (1000 * crowd) / (order.fixed + order.each * crowd);
    const found = orderOf(rate(1), rate(100), 100, 500);
    expect(found.fixed).toBeCloseTo(3, 9);
    expect(found.each).toBeCloseTo(0.2, 9);
  });
});
