import { afterEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../src/runtime/jobs/job.ts';
import { JobPool } from '../../../src/runtime/jobs/pool.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { spawnThread } from '../../../src/runtime/thread.ts';

// This module cannot be imported here: importing it would serve jobs in this thread.
const job = <In, Out>(name: string) => ({ name, run: () => Promise.reject(new Error('not here')) }) as Job<In, Out>;
const double = job<number, number>('double');
const endless = job<null, null>('endless');

describe('a pool of threads', () => {
  let pool: JobPool;

  function open(change: { threads?: number; deadline?: number; maxQueue?: number } = {}): JobPool {
    pool = new JobPool({
      spawn: () =>
        spawnThread(import.meta.url, '../../support/job-thread', { resourceLimits: { maxOldGenerationSizeMb: 32 } }),
      threads: 1,
      deadline: 200,
      maxQueue: 100,
      log: silentLogger,
      ...change,
    });
    return pool;
  }

  afterEach(() => pool.stop());

  it('runs jobs in parallel', async () => {
    open({ threads: 2, deadline: 5000 });
    const done = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.run(double, i)));
    expect(done).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(pool.counts).toEqual({ double: { done: 20 } });
  });

  it('transfers buffers both ways', async () => {
    open({ deadline: 5000 });
    const input = new Uint8Array([1, 2]);
    const result = await pool.run(job<Uint8Array, Uint8Array>('bytes'), input, { transfer: [input.buffer] });
    expect([...result]).toEqual([2, 3]);
    expect(input.length).toBe(0);
  });

  it('aborts a job that exceeds its deadline, and continues with the next', async () => {
    open();
    const given = pool.run(endless, null);
    const next = pool.run(double, 4);
    await expect(given).rejects.toMatchObject({ overrun: 'time' });
    expect(await next).toBe(8);
    expect(pool.counts).toEqual({ endless: { time: 1 }, double: { done: 1 } });
  });

  it('does not count what a thread prepares towards the deadline of its first job', async () => {
    open();
    expect(await pool.run(job('slow at first'), null)).toBe('done');
  });

  it('aborts a job that exceeds the memory limit of its thread', async () => {
    open({ deadline: 60_000 });
    await expect(pool.run(job('greedy'), null)).rejects.toMatchObject({ overrun: 'memory' });
    expect(await pool.run(double, 4)).toBe(8);
  });

  it('reports errors thrown by a job, and arguments that cannot be cloned', async () => {
    open({ deadline: 5000 });
    await expect(pool.run(job('refusing'), null)).rejects.toThrow('not that');
    await expect(pool.run(job('unheard'), null)).rejects.toThrow('unknown job "unheard"');
    await expect(pool.run(job<() => void, null>('double'), () => undefined)).rejects.toThrow('could not be cloned');
    expect(await pool.run(double, 4)).toBe(8);
  });

  it('rejects jobs that would wait too long, and runs urgent jobs first', async () => {
    open({ deadline: 5000, maxQueue: 2 });
    const order: string[] = [];
    const first = pool.run(double, 1);
    const second = pool.run(double, 2).then(() => order.push('second'));
    const urgent = pool.run(double, 3, { urgent: true }).then(() => order.push('urgent'));
    await expect(pool.run(double, 4)).rejects.toMatchObject({ overrun: 'queue' });
    await Promise.all([first, second, urgent]);
    expect(order).toEqual(['urgent', 'second']);
  });

  it('aborts running jobs when it stops', async () => {
    open({ deadline: 60_000 });
    const given = [pool.run(endless, null), pool.run(double, 4)];
    const ends = Promise.allSettled(given);
    await pool.stop();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.run(double, 4)).rejects.toMatchObject({ overrun: 'stopped' });
  });
});
