import type { Leases } from '../domain/ports/store.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import { asServiceError, healthOf } from '../runtime/http/service-error.ts';
import { LeasedLoop } from '../runtime/leased-loop.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import type { Polled } from './contract.ts';

/** The pause after a failure, in milliseconds. It stays short: somebody may be waiting for their telephone to ring. */
const usualBackoff = { min: 2000, max: 10_000 };

/** The same if somebody has to change something first. */
const failedPause = 60_000;

/** Dependencies of the polling of a core. */
export interface PollingParts {
  readonly leases: Leases;
  readonly log: Logger;
  readonly loops?: Loops;
}

/** Asks a core's other side again and again, on one instance at a time. */
export function pollingOf(name: string, core: Polled, { leases, log, loops }: PollingParts): LeasedLoop {
  return new LeasedLoop({
    name: `events:${name}`,
    leases,
    log,
    loops,
    round: async ({ stopping }) => ((await core.poll(stopping)) ? 0 : core.pollEvery),
    onTrouble: (error, failures) => {
      if (failures === 0) log.warn({ err: error, core: name }, 'could not ask a CRM core what has begun there');
    },
    backoff: (error, failures) => {
      const trouble = asServiceError(error);
      if (healthOf(trouble) === 'failed') return failedPause;
      return trouble.after ?? backoffDelay(failures, usualBackoff);
    },
  });
}
