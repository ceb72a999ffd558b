import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
/** A string that says what it identifies, so that one kind of id can't be passed for another. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** An interaction's id: a UUIDv7, ours, unique for ever. */
export type InteractionId = Branded<'InteractionId'>;
/** A client's id: given by the CRM core; unique within the installation. Pulled clients' ids are `source:id`. */
export type ClientId = Branded<'ClientId'>;
/** A manager's id: given in the configuration, unique within it. */
export type ManagerId = Branded<'ManagerId'>;
/**
 * What makes an event idempotent: `connection:external id`. Unique within the installation; two
 * events with one key speak of one interaction. Kept as an HMAC, so that it outlives erasure.
 */
export type EventKey = Branded<'EventKey'>;

/** Builds the key of an event from the connection it came by and the id the outside gave it. */
export function eventKey(connection: string, externalId: string): EventKey {
  return `${connection}:${externalId}` as EventKey;
}

/** The moment of the latest id, and how many ids were given in it. */
const latest = { at: -1, count: 0 };

/**
 * A new UUIDv7 (RFC 9562, 5.7): ordered by its milliseconds, within one by a counter (6.2, method 1), so that what came first is listed
 * first; random behind that as a UUIDv4 is, whose variant it shares.
 */
export function newInteractionId(now: number): InteractionId {
  latest.count = now === latest.at ? latest.count + 1 : 0;
  latest.at = now;
  const time = now.toString(16).padStart(12, '0');
  const count = (latest.count & 0xfff).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${randomUUID().slice(18)}` as InteractionId;
}

/** The lowest of all interactions' ids of a moment and later: what was taken in before it has a lower one. */
export function lowestId(at: number): InteractionId {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000` as InteractionId;
}

/** When an id was given, in milliseconds since the epoch. */
export function timeOfId(id: InteractionId): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}

/** Whether a string has the form of a UUID, so that a path with rubbish is told from one that is merely unknown. */
export function isInteractionId(value: string): value is InteractionId {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
