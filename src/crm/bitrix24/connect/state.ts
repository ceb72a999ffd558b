import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a printed link for authorising can be used, in milliseconds. */
const lifetime = 3600_000;

/**
 * The `state` of an authorisation: proves that it was begun here, so that nobody else can connect us to an account of
 * theirs. It needs no storage: the time, signed with the application's key.
 */
export function newState(clientSecret: string, now: number): string {
  const at = now.toString(36);
  return `${at}.${signed(clientSecret, at)}`;
}

/** Whether we gave out a `state` within the last hour. */
export function isOwnState(state: string, clientSecret: string, now: number): boolean {
  const [at = '', signature = ''] = state.split('.', 2);
  const age = now - Number.parseInt(at, 36);
  const [given, expected] = [Buffer.from(signature), Buffer.from(signed(clientSecret, at))];
  return given.length === expected.length && timingSafeEqual(given, expected) && age >= 0 && age <= lifetime;
}

/** The address that events are to be posted to. `hook` is the public address of this core's hooks. */
export function eventAddress(hook: string, clientSecret: string): string {
  return `${hook}?key=${eventKey(clientSecret)}`;
}

/** A part of {@link eventAddress} that only the portal and we know. */
export function eventKey(clientSecret: string): string {
  return createHmac('sha256', clientSecret).update('patchbay events').digest('base64url');
}

function signed(clientSecret: string, at: string): string {
  return createHmac('sha256', clientSecret).update(`patchbay authorisation ${at}`).digest('base64url');
}
