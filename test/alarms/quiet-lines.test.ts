import { describe, expect, it } from 'vitest';
import { judgeQuietLines, poissonTail } from '../../src/alarms/quiet-lines.ts';
import { type QuietAlarm, QuietMonitor } from '../../src/alarms/quiet-monitor.ts';
import type { ConnectionHealth } from '../../src/domain/ports/connection-state.ts';
import type { HourCount } from '../../src/domain/ports/readers.ts';
import { createLogger, silentLogger } from '../../src/runtime/log.ts';
import { because } from '../support/written.ts';

const hour = 3600_000;
const day = 24 * hour;
const monday = Date.UTC(2026, 0, 5);
const calendar = { timezone: 'UTC', holidays: [] };

/** A small random source with a seed, so that runs are repeatable. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function poisson(rate: number, random: () => number): number {
  const limit = Math.exp(-rate);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** Contacts per hour of an office that works 9–18 on weekdays. */
function rateAt(at: number, perHour: number): number {
  const date = new Date(at);
  const open = date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 9 && date.getUTCHours() < 18;
  return open ? perHour : perHour / 200;
}

function history(from: number, to: number, perHour: number, random: () => number): HourCount[] {
  const counts: HourCount[] = [];
  for (let at = from; at < to; at += hour) {
    const count = poisson(rateAt(at, perHour), random);
    if (count > 0) counts.push({ line: 'main', connection: null, hour: at, count });
  }
  return counts;
}

/** Hours of silence until the line is reported quiet, or null if that takes longer than `limit`. */
function hoursToFind(counts: readonly HourCount[], from: number, limit: number): number | null {
  for (let hours = 1; hours <= limit; hours += 1) {
    const known = counts.filter((one) => one.hour < from);
    if (judgeQuietLines(known, from + hours * hour, calendar).some((row) => row.quiet)) return hours;
  }
  return null;
}

describe('quiet lines', () => {
  it.each([0.3, 3, 30])('raises no false alarm in three years at %s contacts an hour', (perHour) => {
    const random = randomOf(Math.round(perHour * 1000));
    const years = 3;
    const counts = history(monday - 63 * day, monday + years * 365 * day, perHour, random);
    let alarms = 0;
    let begin = 0;
    let end = 0;
    // Every hour between 8 and 20 o'clock, with the history available at that time.
    for (let at = monday; at < monday + years * 365 * day; at += hour) {
      while ((counts[begin]?.hour ?? at) < at - 63 * day) begin += 1;
      while ((counts[end]?.hour ?? at) < at) end += 1;
      const clock = new Date(at).getUTCHours();
      if (clock < 8 || clock > 20) continue;
      if (judgeQuietLines(counts.slice(begin, end), at, calendar).some((row) => row.quiet)) alarms += 1;
    }
    expect(alarms).toBe(0);
  });

  it.each([
    [40, 1],
    [10, 4],
    [2, 26],
  ])('detects the silence of a line with %s contacts an hour within %s hours', (perHour, within) => {
    const start = monday + 10 * hour;
    const counts = history(monday - 56 * day, start, perHour, randomOf(7));
    expect(hoursToFind(counts, start, within)).not.toBeNull();
  });

  it('reports nothing about a new line', () => {
    const counts = history(monday - 10 * day, monday + 10 * hour, 40, randomOf(3));
    expect(hoursToFind(counts, monday + 10 * hour, 8)).toBeNull();
  });

  it('neither evaluates holidays nor compares with them', () => {
    const start = monday + 10 * hour;
    const counts = history(monday - 56 * day, start, 40, randomOf(5));
    const closed = { timezone: 'UTC', holidays: ['2026-01-05'] };
    expect(judgeQuietLines(counts, start + 6 * hour, closed).some((row) => row.quiet)).toBe(false);
  });

  it('computes the Poisson tail', () => {
    expect(poissonTail(0, 2)).toBeCloseTo(Math.exp(-2), 12);
    expect(poissonTail(3, 2)).toBeCloseTo(0.857123, 6);
    expect(poissonTail(500, 400)).toBeCloseTo(1, 5);
  });
});

describe('the monitor', () => {
  it('raises an alarm once and clears it; it names the connection, since when, the reason, and how many messages wait', async () => {
    const changes: (readonly QuietAlarm[])[] = [];
    let now = monday + 12 * hour;
    let counts: readonly HourCount[] = history(monday - 56 * day, monday + 10 * hour, 40, randomOf(11));
    let health: 'ready' | 'degraded' | 'failed' = 'degraded';
    let waiting = 2;
    const trouble = { reason: 'the token is unknown', stateReason: because('tokenInvalid') };
    const monitor = new QuietMonitor({
      read: {
        hourCounts: async () => counts,
        outboundWaiting: async () => [{ connection: 'pbx', count: waiting }],
        quarantineCounts: async () => [],
      },
      connections: () => [{ connection: 'pbx', kind: 'asterisk', health, ...trouble, since: monday }],
      calendar: () => calendar,
      clock: { now: () => now },
      log: silentLogger,
      onChange: (alarms) => changes.push(alarms),
    });

    await monitor.look();
    await monitor.look();
    expect(changes).toHaveLength(1);
    expect(monitor.alarms.map((alarm) => alarm.id).sort()).toEqual(['connection-down:pbx', 'quiet-line:/main']);

    const down = () => monitor.alarms.find(({ kind }) => kind === 'connection-down');
    expect(down()).toMatchObject({ since: new Date(monday).toISOString(), ...trouble, waiting: 2 });

    waiting = 3;
    health = 'failed';
    await monitor.look();
    expect(changes).toHaveLength(2);
    expect(down()).toMatchObject({ since: new Date(monday).toISOString(), waiting: 3 });

    health = 'ready';
    now += hour;
    counts = [
      ...counts,
      ...[10, 11, 12].map((h) => ({ line: 'main', connection: null, hour: monday + h * hour, count: 40 })),
    ];
    await monitor.look();
    expect(changes).toHaveLength(3);
    expect(monitor.alarms).toEqual([]);
  });

  it('reports a connection that needs a human at once, and one that may recover after a minute', async () => {
    let now = monday;
    let health: ConnectionHealth = 'degraded';
    let reads = 0;
    const hourCounts = async () => {
      reads += 1;
      return history(monday - 56 * day, monday - 10 * hour, 40, randomOf(11));
    };
    const changes: (readonly string[])[] = [];
    const monitor = new QuietMonitor({
      read: { hourCounts, outboundWaiting: async () => [], quarantineCounts: async () => [] },
      connections: () => [
        { connection: 'bot', kind: 'telegram', health, reason: null, stateReason: null, since: monday },
      ],
      calendar: () => calendar,
      clock: { now: () => now },
      log: silentLogger,
      onChange: (alarms) => changes.push(alarms.map(({ id }) => id)),
    });
    await monitor.look();
    const before = monitor.alarms.map(({ id }) => id);
    now += 59_000;
    await monitor.glance();
    expect(monitor.alarms.map(({ id }) => id)).toEqual(before);
    now += 1000;
    await monitor.glance();
    expect(changes.at(-1)).toEqual([...before, 'connection-down:bot']);
    health = 'ready';
    await monitor.glance();
    expect(changes.at(-1)).toEqual(before);
    now = monday;
    health = 'failed';
    await monitor.glance();
    expect(changes.at(-1)).toEqual([...before, 'connection-down:bot']);
    expect(reads).toBe(1);
  });

  it('keeps its alarms while the store is unavailable', async () => {
    const lines: string[] = [];
    const monitor = new QuietMonitor({
      read: {
        hourCounts: () => Promise.reject(new Error('gone')),
        outboundWaiting: async () => [],
        quarantineCounts: async () => [],
      },
      connections: () => [],
      calendar: () => calendar,
      clock: { now: () => monday },
      log: createLogger({ level: 'error', destination: { write: (line) => void lines.push(line) } }),
      onChange: () => undefined,
    });
    await monitor.look();
    expect(lines).toHaveLength(1);
  });
});
