import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
/** A string type for one kind of id, so that the compiler does not confuse kinds. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** An interaction's id: a UUIDv7 that this program generates. Never reused. */
export type InteractionId = Branded<'InteractionId'>;
/** A client's id: assigned by the CRM core, unique within the installation. Clients read from a source have `source:id`. */
export type ClientId = Branded<'ClientId'>;
/** A manager's id: set in the configuration, and unique there. */
export type ManagerId = Branded<'ManagerId'>;
/**
 * Makes an event idempotent: `connection:external id`, unique within the installation. Two events with the same key concern the
 * same interaction. Stored as an HMAC, so that it may outlive the erasure of personal data.
 */
export type EventKey = Branded<'EventKey'>;

/** Builds the key of an event from its connection and its id in the outside system. */
export function eventKey(connection: string, externalId: string): EventKey {
  return `${connection}:${externalId}` as EventKey;
}

/** The millisecond of the latest id, and the number of further ids in it. */
const latest = { at: -1, count: 0 };

/**
 * A new UUIDv7 (RFC 9562, 5.7), ordered by its milliseconds and within one by a counter (6.2, method 1). The rest is random, taken
 * from a UUIDv4, which has the same variant bits.
 */
export function newInteractionId(now: number): InteractionId {
  latest.count = now === latest.at ? latest.count + 1 : 0;
  latest.at = now;
  const time = now.toString(16).padStart(12, '0');
  const count = (latest.count & 0xfff).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${randomUUID().slice(18)}` as InteractionId;
}

/** A lower bound of all ids generated at this time or later. Earlier ids are lower. */
export function lowestId(at: number): InteractionId {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000` as InteractionId;
}

/** The time when an id was generated, in milliseconds since the epoch. */
export function timeOfId(id: InteractionId): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}

/** Whether a string has the form of a UUID. It distinguishes a malformed id from an unknown one. */
export function isInteractionId(value: string): value is InteractionId {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
