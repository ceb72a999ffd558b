import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallOutbox } from '../../../src/connectors/asterisk/call-outbox.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { call, endedCall } from '../../support/calls.ts';

describe('the outbox of calls', () => {
  let emitted: CallSnapshot[];
  let stopping: AbortController;
  let outbox: CallOutbox;

  beforeEach(() => {
    vi.useFakeTimers();
    emitted = [];
    stopping = new AbortController();
    outbox = new CallOutbox(
      async (snapshot) => {
        emitted.push(snapshot);
      },
      silentLogger,
      stopping.signal,
    );
  });

  afterEach(() => vi.useRealTimers());

  it('emits the events of one moment as one snapshot, within 10 ms of the first', async () => {
    const [channel, ringing] = [call('1', { legs: [] }), call('1')];
    void outbox.push(channel);
    await vi.advanceTimersByTimeAsync(9);
    void outbox.push(ringing);
    expect(emitted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(emitted).toEqual([ringing]);
  });

  it('emits other changes together with the next ring, or after 100 ms', async () => {
    const [ended, other, ringing] = [endedCall('1'), endedCall('2'), call('3')];
    void outbox.push(ended);
    await vi.advanceTimersByTimeAsync(50);
    void outbox.push(ringing);
    await vi.advanceTimersByTimeAsync(10);
    expect(emitted).toEqual([ended, ringing]);
    void outbox.push(other);
    await vi.advanceTimersByTimeAsync(99);
    expect(emitted).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(emitted).toEqual([ended, ringing, other]);
  });

  it('emits rings that follow each other closely at most every 50 ms', async () => {
    const rings = ['1', '2', '3'].map((id) => call(id));
    const [first, second, third] = rings;
    for (const [ring, pause] of [
      [first, 10],
      [second, 20],
      [third, 29],
    ] as const) {
      if (ring !== undefined) void outbox.push(ring);
      await vi.advanceTimersByTimeAsync(pause);
    }
    expect(emitted).toEqual([first]);
    await vi.advanceTimersByTimeAsync(1);
    expect(emitted).toEqual(rings);
  });

  it('does not let a ring wait for a change of the same call that could wait', async () => {
    const [talking, ringsAgain] = [endedCall('1'), call('1')];
    void outbox.push(talking);
    void outbox.push(ringsAgain);
    await vi.advanceTimersByTimeAsync(10);
    expect(emitted).toEqual([ringsAgain]);
  });

  it('has a call until its latest state is stored', async () => {
    const ended = endedCall('1');
    const stored = outbox.push(ended);
    expect(outbox.has(ended.key)).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    await stored;
    expect(outbox.has(ended.key)).toBe(false);
  });

  it('emits at once when it is flushed, and after the stop', async () => {
    const [first, second] = [endedCall('1'), endedCall('2')];
    void outbox.push(first);
    await outbox.flush();
    expect(emitted).toEqual([first]);
    stopping.abort();
    void outbox.push(second);
    await outbox.flush();
    expect(emitted).toEqual([first, second]);
  });
});
