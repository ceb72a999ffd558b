import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Polled } from '../../contract.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { EventBinding } from './binding.ts';
import { polledHandlers } from './handlers.ts';
import { OfflineQueue } from './offline-queue.ts';

/** How often the portal is asked, in milliseconds. It is a quarter of the requests that the cloud allows. */
const interval = 2000;

/** Milliseconds for a request: a click is of no use after 15 seconds. */
const timeout = 10_000;

/** How often an event is tried that can't be handled. */
const maxTries = 3;

/** What the polling needs. */
export interface PollingParts {
  readonly parts: Bitrix24Parts;
  readonly binding: EventBinding;
  /** Whether the application is installed; without it there is nobody to ask. */
  readonly isInstalled: () => Promise<boolean>;
}

/** Handles the events that would otherwise be posted to us, by asking the portal for them. */
export function eventPolling({ parts, binding, isInstalled }: PollingParts): Polled {
  const queue = new OfflineQueue(parts.portal, parts.context, {
    name: 'patchbay-events',
    events: Object.keys(polledHandlers),
    reservation: 'events',
    orPlain: true,
  });
  /** Failed tries of the events that are still in the queue. */
  let failures: ReadonlyMap<string, number> = new Map();
  return {
    pollEvery: interval,
    async poll(signal) {
      if (!(await isInstalled())) return false;
      binding.ensure();
      const taken = await queue.take({ signal, timeout, urgency: 'live' });
      if (taken === null) return false;
      const kept = new Map<string, number>();
      let trouble: unknown = null;
      for (const event of taken.events) {
        try {
          if (Object.hasOwn(polledHandlers, event.name)) await polledHandlers[event.name]?.(event, parts);
        } catch (error) {
          const tries = (failures.get(event.id) ?? 0) + 1;
          if (tries < maxTries) {
            kept.set(event.id, tries);
            trouble = error;
          } else {
            const err = asServiceError(error);
            parts.context.log.error(
              { err, event: event.name },
              'could not handle an event of the portal, it is dropped',
            );
          }
        }
      }
      failures = kept;
      await taken.clear(taken.events.filter(({ id }) => !kept.has(id)));
      if (trouble !== null) throw trouble;
      return true;
    },
  };
}
