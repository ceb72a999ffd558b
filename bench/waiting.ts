import { setTimeout } from 'node:timers/promises';

const waits = new Set<string>();

/** Waits for a part of a bench, under a name: when the bench runs out of time, its error says which part did not answer. */
export async function waitingFor<T>(part: string, answer: Promise<T>): Promise<T> {
  waits.add(part);
  try {
    return await answer;
  } finally {
    waits.delete(part);
  }
}

/** Looks every few milliseconds until something holds. */
export function until(part: string, holds: () => boolean): Promise<void> {
  const looking = async () => {
    while (!holds()) await setTimeout(5);
  };
  return waitingFor(part, looking());
}

/** Rejects when a bench has not ended within `minutes`. */
export async function withDeadline<T>(name: string, minutes: number, bench: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = globalThis.setTimeout(() => {
      const parts = waits.size === 0 ? '' : `; no answer from: ${[...waits].join(', ')}`;
      reject(new Error(`bench ${name} has not ended within ${minutes} minutes${parts}`));
    }, minutes * 60_000);
  });
  try {
    return await Promise.race([bench, late]);
  } finally {
    clearTimeout(timer);
  }
}
