import { describe, expect, it } from 'vitest';
import { type CountedBy, LoginThrottle } from '../../src/api/login/throttle.ts';
import type { LoginFailures } from '../../src/domain/access/login-failures.ts';

/** A store shared by instances, and a clock that can be set. */
function setUp() {
  const rows = new Map<string, LoginFailures>();
  const time = { now: 1e12, elapsed: 0 };
  const instance = () =>
    new LoginThrottle({
      read: async (keys) => keys.flatMap((key) => rows.get(key) ?? []),
      failed: async (keys) => {
        for (const [key, { at }] of rows) if (Math.abs(time.now - at) > 3_600_000) rows.delete(key);
        for (const key of keys) rows.set(key, { key, failures: (rows.get(key)?.failures ?? 0) + 1, at: time.now });
      },
      forgiven: async (keys) => {
        for (const key of keys) rows.delete(key);
      },
      now: () => time.now,
      elapsed: () => time.elapsed,
    });
  const pass = (ms: number) => {
    time.now += ms;
    time.elapsed += ms;
  };
  return { rows, time, instance, pass };
}

const by = (key: string, free = 3): CountedBy[] => [{ key, free, atOnce: free }];

/** Makes one failed attempt; returns the delay in milliseconds if it was not allowed. */
async function fail(throttle: LoginThrottle, key: string): Promise<number> {
  const attempt = await throttle.begin(by(key));
  if (typeof attempt === 'number') return attempt;
  await attempt.failed();
  return 0;
}

describe('login delays', () => {
  it('begin after several failures, double, and stop growing at five minutes', async () => {
    const { instance, pass } = setUp();
    const throttle = instance();
    const waits: number[] = [];
    for (let i = 0; i < 16; i += 1) {
      const wait = await fail(throttle, 'anna');
      waits.push(wait);
      pass(wait);
      if (wait > 0) expect(await fail(throttle, 'anna')).toBe(0);
    }
    expect(waits).toEqual([0, 0, 0, ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300].map((s) => s * 1000)]);
  });

  it('are kept even after ten thousand other names', async () => {
    const { instance } = setUp();
    const throttle = instance();
    for (let i = 0; i < 3; i += 1) await fail(throttle, 'anna');
    for (let i = 0; i < 25_000; i += 1) await fail(throttle, `other-${i}`);
    expect(await fail(throttle, 'anna')).toBe(1000);
  });

  it('apply to simultaneous attempts', async () => {
    const { instance } = setUp();
    const throttle = instance();
    const begun = await Promise.all(Array.from({ length: 100 }, () => throttle.begin(by('anna'))));
    expect(begun.filter((one) => typeof one !== 'number')).toHaveLength(3);
  });

  it('apply to all instances and after a restart, and end with a successful login', async () => {
    const { instance } = setUp();
    const [one, other] = [instance(), instance()];
    await fail(one, 'anna');
    await fail(other, 'anna');
    await fail(one, 'anna');
    expect([await fail(other, 'anna'), await fail(instance(), 'anna')]).toEqual([1000, 1000]);
    const { instance: anew } = setUp();
    const throttle = anew();
    for (let i = 0; i < 2; i += 1) await fail(throttle, 'anna');
    const attempt = await throttle.begin(by('anna'));
    if (typeof attempt !== 'number') await attempt.succeeded();
    for (let i = 0; i < 3; i += 1) expect(await fail(throttle, 'anna')).toBe(0);
  });

  it('do not grow if the clock is set back by two days, even after a restart', async () => {
    const { instance, time, pass } = setUp();
    const throttle = instance();
    for (let i = 0; i < 3; i += 1) await fail(throttle, 'anna');
    time.now -= 48 * 3_600_000;
    const restarted = instance();
    expect([await fail(throttle, 'anna'), await fail(restarted, 'anna')]).toEqual([1000, 1000]);
    pass(1000);
    expect(await fail(restarted, 'anna')).toBe(0);
    expect(await fail(throttle, 'anna')).toBeLessThanOrEqual(2000);
  });

  it('are reset after an hour without failures', async () => {
    const { instance, pass } = setUp();
    const throttle = instance();
    for (let i = 0; i < 3; i += 1) await fail(throttle, 'anna');
    pass(3_600_001);
    for (let i = 0; i < 3; i += 1) expect(await fail(throttle, 'anna')).toBe(0);
    expect(await fail(throttle, 'anna')).toBe(1000);
  });
});
