import type { Portal } from './portal.ts';

/** The same portal, whose calls go before those of a backlog unless they say otherwise. */
export function urgently(portal: Portal): Portal {
  return {
    call: (method, parameters, options) => portal.call(method, parameters, { urgency: 'live', ...options }),
    batch: (commands, options) => portal.batch(commands, { urgency: 'live', ...options }),
  };
}
