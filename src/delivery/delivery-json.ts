import type { Owed } from '../domain/delivery/delivery.ts';

/** A delivery as the API represents it: times in RFC 3339. */
export function deliveryJson(owed: Owed) {
  return { ...owed, nextAt: new Date(owed.nextAt).toISOString(), updatedAt: new Date(owed.updatedAt).toISOString() };
}
