import { setTimeout } from 'node:timers/promises';

const waits = new Set<string>();

/** Waits for a named part of a bench. If the bench exceeds its time limit, the error names the parts that have not finished. */
export async function waitingFor<T>(part: string, answer: Promise<T>): Promise<T> {
  waits.add(part);
  try {
    return await answer;
  } finally {
    waits.delete(part);
  }
}

/** Polls a condition every few milliseconds until it holds. */
export function until(part: string, holds: () => boolean): Promise<void> {
  const looking = async () => {
    while (!holds()) await setTimeout(5);
  };
  return waitingFor(part, looking());
}

/** Rejects if a bench does not end within `minutes`. */
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
