import { Problem } from '../problem.ts';

/** Runs at most `atOnce` tasks at a time, queues up to `waiting` more and refuses the rest. */
export function limited(atOnce: number, waiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new Problem('too-many', 'too many attempts at the same time; try again');
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
}
