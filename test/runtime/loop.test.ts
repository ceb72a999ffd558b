import { afterEach, describe, expect, it, vi } from 'vitest';
import { Loop, type LoopOptions, Loops } from '../../src/runtime/loop.ts';

const loops = new Loops();
const started: Loop[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((loop) => loop.stop()));
});

function start(options: Partial<LoopOptions>): Loop {
  const backoff = { min: 5, max: 5 };
  const loop = new Loop({ name: 'l', round: async () => 0, backoff, onTrouble: () => undefined, loops, ...options });
  started.push(loop);
  loop.start();
  return loop;
}

describe('a loop', () => {
  it('runs a round at once, and the next one when nudged', async () => {
    const round = vi.fn(async () => 60_000);
    const loop = start({ round });
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(1));
    loop.nudge();
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(2));
  });

  it('runs one more round for nudges that arrived during a round', async () => {
    let end = (_ms: number) => {};
    const round = vi.fn(
      () =>
        new Promise<number>((resolve) => {
          end = resolve;
        }),
    );
    const loop = start({ round });
    loop.nudge();
    loop.nudge();
    end(60_000);
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(2));
    end(60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(round).toHaveBeenCalledTimes(2);
  });

  it('delays nudged rounds by the minimum pause', async () => {
    const began: number[] = [];
    const loop = start({
      round: async () => {
        began.push(performance.now());
        return { upTo: 60_000, atLeast: 150 };
      },
    });
    loop.nudge();
    await vi.waitFor(() => expect(began).toHaveLength(2));
    // A timer may fire a little early: Node counts whole milliseconds from the beginning of the turn.
    expect((began[1] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(145);
  });

  it('reports a failed round, shows it in its health, and continues after the back-off', async () => {
    const reported: number[] = [];
    let away = true;
    const loop = start({
      round: async () => {
        if (away) throw new Error('the store is away');
        return 60_000;
      },
      onTrouble: (_error, failures) => void reported.push(failures),
    });
    await vi.waitFor(() => expect(reported.length).toBeGreaterThan(2));
    expect(reported.slice(0, 3)).toEqual([0, 1, 2]);
    expect(loops.health).toEqual([expect.objectContaining({ name: 'l', failures: reported.length })]);
    away = false;
    await vi.waitFor(() => expect(loop.health).toMatchObject({ failures: 0, rounds: { done: 1 } }));
    await loop.stop();
    expect(loops.health).toEqual([]);
  });

  it('ends a back-off on a nudge only if configured', async () => {
    const round = vi.fn(() => Promise.reject(new Error('no')));
    const backoff = () => 60_000;
    const patient = start({ round, backoff });
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(1));
    patient.nudge();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(round).toHaveBeenCalledTimes(1);
    const eager = start({ round, backoff, nudgeEndsBackoff: true });
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(2));
    eager.nudge();
    await vi.waitFor(() => expect(round).toHaveBeenCalledTimes(3));
  });

  it('lets the current round finish on stop, and aborts it after the grace period', async () => {
    const seen: string[] = [];
    const onTrouble = vi.fn();
    const loop = start({
      onTrouble,
      round: ({ stopping, abandon }) =>
        new Promise((_, reject) => {
          stopping.addEventListener('abort', () => seen.push('stopping'));
          abandon.addEventListener('abort', () => {
            seen.push('abandon');
            reject(new Error('broken off'));
          });
        }),
    });
    await Promise.all([loop.stop(20), loop.stop(20)]);
    expect(seen).toEqual(['stopping', 'abandon']);
    expect(onTrouble).not.toHaveBeenCalled();
  });
});
