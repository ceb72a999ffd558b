import type { WantingDestination } from '../domain/delivery/destination.ts';
import type { DeliveryFilter } from '../domain/delivery/filter.ts';
import { deliveryDefaults } from './defaults.ts';
import type { ScheduledDestination } from './options.ts';

/** Attempts per request at once of a destination that limits its requests itself. */
const attemptsEach = 4;

/** Settings that every kind of destination may have. */
interface CommonSettings extends DeliveryFilter {
  readonly kind: string;
  readonly concurrency?: number;
  /** Time limit of an attempt in seconds; by default that of its only request. */
  readonly attempt?: number;
  /** Time limit of a request in seconds. */
  readonly timeout?: number;
  /** Maximum attempts per second. */
  readonly rate?: number;
  readonly retry?: { readonly first?: number; readonly longest?: number };
}

/** Adds the loop settings to destinations. `settings` is the configuration's `destinations`. */
export function configuredDestinations(
  settings: Readonly<Record<string, CommonSettings>>,
  destinations: readonly WantingDestination[],
): readonly ScheduledDestination[] {
  return destinations.map(({ limitsRequests = false, ...wanting }) => {
    const own: Partial<CommonSettings> = settings[wanting.name] ?? {};
    const { concurrency = deliveryDefaults.concurrency, timeout = null, attempt = timeout, rate, retry } = own;
    const { first, longest } = { ...deliveryDefaults.retry, ...retry };
    const min = first * 1000;
    const backoff = { min, max: Math.max(min, longest * 1000) };
    return {
      ...wanting,
      concurrency: limitsRequests ? attemptsEach * concurrency : concurrency,
      backoff,
      filter: filterOf(own),
      ...(attempt !== null && { timeout: (attempt + 1) * 1000 }),
      ...(rate !== undefined && { rate }),
    };
  });
}

function filterOf({ channels, departments, internal }: DeliveryFilter): DeliveryFilter {
  return {
    ...(channels !== undefined && { channels }),
    ...(departments !== undefined && { departments }),
    ...(internal !== undefined && { internal }),
  };
}
