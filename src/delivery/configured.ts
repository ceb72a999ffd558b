import type { WantingDestination } from '../domain/delivery/destination.ts';
import { deliveryDefaults } from './defaults.ts';
import type { ScheduledDestination } from './options.ts';

/** Settings that every kind of destination may have. */
interface CommonSettings {
  readonly kind: string;
  readonly concurrency?: number;
  /** Time limit of an attempt in seconds. */
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
  return destinations.map((wanting) => {
    const { concurrency = deliveryDefaults.concurrency, timeout, rate, retry } = settings[wanting.name] ?? {};
    const { first, longest } = { ...deliveryDefaults.retry, ...retry };
    const min = first * 1000;
    const backoff = { min, max: Math.max(min, longest * 1000) };
    return {
      ...wanting,
      concurrency,
      backoff,
      ...(timeout !== undefined && { timeout: (timeout + 1) * 1000 }),
      ...(rate !== undefined && { rate }),
    };
  });
}
