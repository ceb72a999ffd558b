import type { Clock } from '../runtime/clock.ts';
import { deliveryDefaults } from './defaults.ts';
import { createDestination } from './destinations/registry.ts';
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

/** Builds what the configuration's `destinations` name. Throws in words for an administrator when a setting is wrong. */
export function configuredDestinations(
  destinations: Readonly<Record<string, { readonly kind: string }>>,
  clock: Clock,
): readonly ScheduledDestination[] {
  return Object.entries(destinations).map(([name, settings]) => {
    const destination = createDestination(settings, { name, clock });
    const { concurrency = deliveryDefaults.concurrency, timeout, rate, retry } = settings as CommonSettings;
    const { first, longest } = { ...deliveryDefaults.retry, ...retry };
    const min = first * 1000;
    const backoff = { min, max: Math.max(min, longest * 1000) };
    return {
      name,
      destination,
      concurrency,
      backoff,
      ...(timeout !== undefined && { longest: (timeout + 1) * 1000 }),
      ...(rate !== undefined && { rate }),
    };
  });
}
