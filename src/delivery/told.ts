import type { Owed } from '../domain/delivery/delivery.ts';

/** What a destination is owed, as other programs are told: times as RFC 3339. */
export function tellDelivery(owed: Owed) {
  return { ...owed, nextAt: new Date(owed.nextAt).toISOString(), updatedAt: new Date(owed.updatedAt).toISOString() };
}
