import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import { type CallTrackerOptions, callerName, type Fields, isWithheld, type LiveChannel, text } from './model.ts';

/** Whether somebody of ours has been rung. From then on, the caller's own number is known, and later changes concern our phones. */
function hasRung({ call }: LiveChannel): boolean {
  return call.legs.some(isHumanLeg);
}

/** Digits that can be a telephone number or DID, but no extension, menu or service code. */
const NUMBER = /^\+?\d{5,20}$/;

/** The caller's number or name came later than the call: from an analog line, from SIP headers, or from the dialplan. */
export function newCallerId(channel: LiveChannel, fields: Fields, { endpoints, isLine }: CallTrackerOptions): void {
  const { call } = channel;
  if (call.direction !== 'inbound' || !call.parties.has(channel)) return;
  const number = text(fields, 'CallerIDNum');
  if (isWithheld(number) || endpoints.isExtension(number) || isLine(number)) return;
  if (call.party !== '' && hasRung(channel)) return;
  const name = callerName(text(fields, 'CallerIDName')) ?? call.partyName;
  if (number === call.party && name === call.partyName) return;
  Object.assign(call, { party: number, partyName: name, withheld: false, settled: true, dirty: true });
}

/** A telephone of ours was told whom it is connected with, which is news only if the caller is still unknown. */
export function newConnectedLine(
  channel: LiveChannel,
  fields: Fields,
  { endpoints, isLine }: CallTrackerOptions,
): void {
  const { call } = channel;
  const number = text(fields, 'ConnectedLineNum');
  if (call.direction !== 'inbound' || call.party !== '' || channel.leg === null) return;
  if (!NUMBER.test(number) || endpoints.isExtension(number) || isLine(number)) return;
  Object.assign(call, { party: number, withheld: false, dirty: true });
}

/**
 * The number that the client dialled came later than the call: the trunk's account was called first (`5500777`, `s`), and the
 * dialplan took the DID from the SIP headers. A configured line always counts; other numbers only if none is known.
 */
export function lateLine(channel: LiveChannel, did: string, { endpoints, isLine }: CallTrackerOptions): void {
  const { call } = channel;
  if (hasRung(channel) || (call.dialled !== null && isLine(call.dialled))) return;
  if (did === call.dialled || endpoints.isExtension(did)) return;
  if (!isLine(did) && (call.dialled !== null || !NUMBER.test(did))) return;
  call.dialled = did;
  call.dirty = true;
}

/** The DID in the data of `Set(__FROM_DID=74950000100)`, or null. */
export function assignedDid(assignment: string): string | null {
  return /^_{0,2}FROM_?DID=(\+?\d{1,20})$/.exec(assignment)?.[1] ?? null;
}

/** The number that a phone of ours dials came later than the channel: it was off the hook first, as analog phones are. */
export function lateNumber(channel: LiveChannel, extension: string, { endpoints }: CallTrackerOptions): void {
  const { call } = channel;
  if (call.settled || call.party !== '' || call.isOriginated || !/^[*#+]?\d{2,20}$/.test(extension)) return;
  if (call.direction !== 'outbound' && call.direction !== 'internal') return;
  call.party = extension;
  call.direction = endpoints.isExtension(extension) ? 'internal' : 'outbound';
}
