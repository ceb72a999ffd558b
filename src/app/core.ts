import type { Config } from '../config/config.ts';
import type { SubjectKind } from '../domain/delivery/delivery.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { Intake } from '../intake/intake.ts';
import { openStore } from '../intake/open-store.ts';
import { TextReader } from '../intake/text-reader.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loops } from '../runtime/loop.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';
import { retryUntilDone } from '../runtime/retry-until-done.ts';
import { CurrentConfig } from './current-config.ts';
import { openPools, type ReadingPools } from './threads/pools.ts';

/** Dependencies that every part of the program gets. */
export interface Core {
  readonly read: Store['read'];
  /** The intake's `apply`, so that desks and deliveries are notified of each write. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Registers background loops, so that their health is visible. */
  readonly loops: Loops;
}

/** The foundation shared by all parts: store, intake and current configuration. */
export interface Foundation {
  readonly store: Store;
  readonly intake: Intake;
  readonly reading: ReadingPools;
  readonly config: CurrentConfig;
  readonly clock: Clock;
  readonly loops: Loops;
  /** Creates the core of one part; its log carries the part's name. */
  core(part: string): Core;
  /** Aborted when the program stops. */
  readonly stopping: AbortSignal;
  /** Stores the configured managers, lines and destinations. `wants` lists the kinds of subjects each destination receives. */
  configure(wants: Readonly<Record<string, readonly SubjectKind[]>>): Promise<void>;
  /** Stores the current managers and lines. */
  storeStaff(): Promise<void>;
  /** Runs `work` once a store that was unavailable at the start is back, and repeats it until it succeeds. */
  whenStoreIsBack(work: () => Promise<void>): void;
}

/** Opens the store and everything else that the parts share. */
export async function openFoundation(config: Config, log: Logger, releases: ReleaseStack): Promise<Foundation> {
  const { region: country, publicMail } = config.company;
  const { publicUrl } = config.http;
  const { sources } = config.clients;
  const clock = systemClock;
  const current = new CurrentConfig(config);
  const loops = new Loops();

  const storeLog = log.child({ part: 'store' });
  const opened = { url: config.store.url, country, publicUrl, publicMail, sources, log: storeLog };
  const store = await openStore({ ...opened, patient: true, alone: true });
  releases.push('store', () => store.close());

  const reading = openPools(log.child({ part: 'reading' }));
  reading.texts.warm();
  releases.push('reading', () => reading.stop());

  const intake = new Intake(store, log.child({ part: 'intake' }), new TextReader(reading.texts, country));
  const apply = (writes: readonly Write[]) => intake.apply(writes);
  const stopping = new AbortController();
  releases.push('waiting for the store', () => stopping.abort());

  const storeStaff = async () => {
    await apply([{ op: 'staff', staff: current.staff, at: clock.now() }]);
  };
  return {
    store,
    intake,
    reading,
    config: current,
    clock,
    loops,
    core: (part) => ({ read: store.read, apply, clock, log: log.child({ part }), loops }),
    stopping: stopping.signal,
    async configure(wants) {
      await storeStaff();
      await apply([{ op: 'destinations', names: Object.keys(config.destinations), wants, at: clock.now() }]);
    },
    storeStaff,
    whenStoreIsBack(work) {
      void Promise.resolve(store.awaited)
        .then(() => retryUntilDone(work, { signal: stopping.signal, log: storeLog }))
        .then(() => storeLog.info('the store is available again'));
    },
  };
}
