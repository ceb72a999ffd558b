import { existsSync } from 'node:fs';
import type { Logger } from '../../runtime/log.ts';
import { spawnThread } from '../../runtime/thread.ts';
import { openForReading } from './connect.ts';
import { errorText, storageTrouble } from './trouble.ts';

/** Health of the store's file, as far as known. */
export interface StoreHealth {
  readonly state: 'checking' | 'whole' | 'damaged';
  /** What is wrong and what to do, or null. */
  readonly reason: string | null;
}

const maxFindings = 3;

/**
 * Checks a database and describes the damage found, or returns null. `quick_check` reads every page;
 * `integrity_check` also compares indexes.
 */
export function findDamage(path: string, how: 'quick_check' | 'integrity_check'): string | null {
  if (!existsSync(path)) return null;
  try {
    const db = openForReading(path);
    try {
      const found = db.pragma(`${how}(${maxFindings})`) as readonly Readonly<Record<string, string>>[];
      const lines = found.flatMap((row) => Object.values(row)).filter((line) => line !== 'ok');
      const damaged = storageTrouble(Object.assign(new Error(), { code: 'SQLITE_CORRUPT' }))?.words ?? '';
      return lines.length === 0 ? null : `${damaged} (${lines.join('; ').replaceAll(/\s+/g, ' ')})`;
    } finally {
      db.close();
    }
  } catch (error) {
    return errorText(error);
  }
}

/** Monitors the integrity of a database: checks it once in a thread, and records errors met while it is in use. */
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

  /** Starts the check. */
  begin(path: string): void {
    const began = performance.now();
    const thread = spawnThread(import.meta.url, './integrity-thread', { workerData: path });
    thread.once('message', (found: string | null) => {
      this.#log?.info({ ms: Math.round(performance.now() - began) }, 'the integrity check has finished');
      if (found !== null) this.#setDamaged(found);
      else if (this.#health.state === 'checking') this.#health = { state: 'whole', reason: null };
    });
    thread.once('error', (error) => this.#log?.error({ err: error }, 'the integrity check failed to run'));
    this.#stop = () => thread.terminate();
  }

  /** Reports an error of a query or a commit. Only damage to the file matters. */
  report(error: unknown): void {
    const trouble = storageTrouble(error);
    if (trouble?.damaged) this.#setDamaged(trouble.words);
  }

  stop(): Promise<unknown> {
    return this.#stop();
  }

  #setDamaged(reason: string): void {
    if (this.#health.state !== 'damaged') this.#log?.error({ reason }, 'the database is damaged');
    this.#health = { state: 'damaged', reason };
  }
}
