import { existsSync } from 'node:fs';
import type { Logger } from '../../runtime/log.ts';
import { spawnThread } from '../../runtime/thread.ts';
import { openForReading } from './connect.ts';
import { inWords, storageTrouble } from './trouble.ts';

/** How the file of a store fares, as far as is known. */
export interface StoreHealth {
  readonly state: 'checking' | 'whole' | 'damaged';
  /** What is wrong and what to do, or null. */
  readonly reason: string | null;
}

const mostFindings = 3;

/** Looks a database through; what is wrong with it, or null. `quick_check` reads every page, `integrity_check` compares indexes too. */
export function findDamage(path: string, how: 'quick_check' | 'integrity_check'): string | null {
  if (!existsSync(path)) return null;
  try {
    const db = openForReading(path);
    try {
      const found = db.pragma(`${how}(${mostFindings})`) as readonly Readonly<Record<string, string>>[];
      const lines = found.flatMap((row) => Object.values(row)).filter((line) => line !== 'ok');
      const damaged = storageTrouble(Object.assign(new Error(), { code: 'SQLITE_CORRUPT' }))?.words ?? '';
      return lines.length === 0 ? null : `${damaged} (${lines.join('; ').replaceAll(/\s+/g, ' ')})`;
    } finally {
      db.close();
    }
  } catch (error) {
    return inWords(error);
  }
}

/** Knows whether a database is whole: looks it through once in a thread, and hears of what is met at work. */
export class IntegrityWatch {
  readonly #log: Logger | undefined;
  #health: StoreHealth = { state: 'checking', reason: null };
  #stop: () => Promise<unknown> = async () => undefined;

  constructor(log?: Logger) {
    this.#log = log;
  }

  get health(): StoreHealth {
    return this.#health;
  }

  /** Begins to look the file through. */
  begin(path: string): void {
    const began = performance.now();
    const thread = spawnThread(import.meta.url, './integrity-thread', { workerData: path });
    thread.once('message', (found: string | null) => {
      this.#log?.info({ ms: Math.round(performance.now() - began) }, 'the database has been looked through');
      if (found !== null) this.#met(found);
      else if (this.#health.state === 'checking') this.#health = { state: 'whole', reason: null };
    });
    thread.once('error', (error) => this.#log?.error({ err: error }, 'the database could not be looked through'));
    this.#stop = () => thread.terminate();
  }

  /** Hears of an error that a question or a commit met. */
  heed(error: unknown): void {
    const trouble = storageTrouble(error);
    if (trouble?.damaged) this.#met(trouble.words);
  }

  stop(): Promise<unknown> {
    return this.#stop();
  }

  #met(reason: string): void {
    if (this.#health.state !== 'damaged') this.#log?.error({ reason }, 'the database is damaged');
    this.#health = { state: 'damaged', reason };
  }
}
