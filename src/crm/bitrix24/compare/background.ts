import { ServiceError } from '../../../runtime/http/service-error.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { CallOptions, Portal } from '../api/portal.ts';

/** The longest pause that a comparison waits for, and how many in a row. The portal counts within ten minutes. */
const longestPause = 600_000;
const maxPauses = 5;

/**
 * A portal whose requests are made in the background, after those of calls and deliveries. Where the portal names a
 * pause, it is waited for.
 */
export function inBackground(portal: Portal): Portal {
  return {
    call: (method, parameters, options) => patiently(options, (own) => portal.call(method, parameters, own)),
    batch: (commands, options) => patiently(options, (own) => portal.batch(commands, own)),
  };
}

async function patiently<Options extends CallOptions, Result>(
  options: Options,
  request: (options: Options) => Promise<Result>,
): Promise<Result> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await request({ ...options, urgency: 'background' });
    } catch (error) {
      const pause = error instanceof ServiceError && error.trouble === 'later' ? error.after : null;
      if (pause === null || pause > longestPause || pauses === maxPauses) throw error;
      await sleep(pause, options.signal);
      options.signal.throwIfAborted();
    }
  }
}
