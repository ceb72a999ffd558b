import type { WantingDestination } from '../domain/delivery/destination.ts';
import { deliveryDefaults } from './defaults.ts';
import type { ScheduledDestination } from './options.ts';

/** The settings every kind of destination may have, beside its own. */
interface CommonSettings {
  readonly kind: string;
  readonly concurrency?: number;
  /** Seconds for a whole attempt. */
  readonly timeout?: number;
  /** Attempts a second. */
  readonly rate?: number;
  readonly retry?: { readonly first?: number; readonly longest?: number };
}

/** Destinations with the settings of their loops. `settings`: the configuration's `destinations`. */
export function configuredDestinations(
  settings: Readonly<Record<string, CommonSettings>>,
  destinations: readonly WantingDestination[],
): readonly ScheduledDestination[] {
  return destinations.map((wanting) => {
    const { concurrency = deliveryDefaults.concurrency, timeout, rate, retry } = settings[wanting.name] ?? {};
    const { first, longest } = { ...deliveryDefaults.retry, ...retry };
    const min = first * 1000;
    const backoff = { min, max: Math.max(min, longest * 1000) };
    return {
      ...wanting,
      concurrency,
      backoff,
      ...(timeout !== undefined && { longest: (timeout + 1) * 1000 }),
      ...(rate !== undefined && { rate }),
    };
  });
}
