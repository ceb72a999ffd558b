import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { CallTable } from './call-table.ts';
import { dialled, legFor, ring, turnOutbound } from './legs.ts';
import { type CallTrackerOptions, type Fields, isWithheld, type LiveChannel, text } from './model.ts';
import type { Tracking } from './tracking.ts';

/** Prefix of the linkedids of calls that Patchbay itself originates. */
const requested = 'patchbay-';

/**
 * The number in a dial string: of `79990000001@provider`, `provider/79990000001`, `g1/79990000001` or
 * `provider/sip:+79990000001@host`. Empty if the string names an endpoint only.
 */
export function dialledNumber(dialString: string, endpoint: string): string {
  const parts = dialString
    .split(/[/@,]/)
    .map((part) => part.replace(/^(?:sips?|tel):/, '').replace(/^[wWpP]+/, ''))
    .filter((part) => part !== endpoint && /^[+*#]?[\d*#]{3,32}$/.test(part));
  return parts.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Handles DialBegin: who calls whom, and by which number. */
export function dialBegin(tracking: Tracking, fields: Fields, at: number): void {
  const { table, options, flush } = tracking;
  const target = table.channel(text(fields, 'DestUniqueid'));
  if (target === undefined) return;
  const source = table.channel(text(fields, 'Uniqueid')) ?? unseenCaller(table, target, fields, at);
  if (source !== undefined && source.call !== target.call) table.union(source.call, target.call);
  const { call } = target;
  const number = dialledNumber(text(fields, 'DialString'), target.end);
  if (text(fields, 'Uniqueid') === '') originated(target, number, fields, options);
  if (source !== undefined && call.direction === 'inbound' && call.parties.has(source)) call.settled = true;
  const told = number || text(fields, 'DestCallerIDNum');
  if (target.kind === 'trunk' && source !== undefined && options.endpoints.isExtension(told)) colleague(target, told);
  if (target.kind === 'trunk') trunkDialled(target, source, told, fields, options, at);
  else if (target.leg !== null) {
    ring(target.leg, call, at);
    if (source !== undefined) settleInternal(target);
  }
  flush(call, at);
}

/** One telephone of ours dialled another, whatever digits it used. */
function settleInternal({ call, leg }: LiveChannel): void {
  if (call.settled || call.parties.size > 0) return;
  // Of an originated call, the first telephone is the one that wants to call.
  if (call.isOriginated && (call.party !== '' || call.legs.filter(isHumanLeg).length < 2)) return;
  if (call.direction === 'outbound' && leg?.extension != null)
    Object.assign(call, { direction: 'internal', party: leg.extension });
  if (call.direction === 'internal') Object.assign(call, { settled: true, dirty: true });
}

/**
 * Handles a dial without a source channel, which is an Originate. If it leads outside, the client is called first, and the caller
 * id is what the client sees. If it leads to a phone of ours, the caller id is the number that the phone will be connected with.
 */
function originated(
  target: LiveChannel,
  number: string,
  fields: Fields,
  { endpoints, isLine }: CallTrackerOptions,
): void {
  const { call } = target;
  const shown = text(fields, 'DestCallerIDNum');
  const isOutside = (one: string) => !isWithheld(one) && !endpoints.isExtension(one);
  const isClientFirst =
    target.kind === 'trunk' || (target.kind === 'local' && /^\+?\d{5,}$/.test(number) && isOutside(number));
  if (isClientFirst) {
    if (call.legs.length > 0 || (call.settled && call.direction !== 'inbound')) return;
    const party = number || (isLine(shown) ? '' : shown);
    const own = target.kind === 'trunk' ? target.end : null;
    const dialled = isPresented(shown, party, endpoints) ? shown : own;
    // Behind a Local channel may run anything, such as listening in. It is a call once a trunk is dialled.
    const settled = target.kind === 'trunk';
    Object.assign(call, { direction: 'outbound', settled, party, withheld: false, dialled, dirty: true });
    if (target.kind === 'trunk') call.parties.add(target);
    return;
  }
  if (call.settled || call.direction === 'inbound') return;
  call.isOriginated = true;
  if (isOutside(shown) && !isLine(shown)) {
    const isOurs = [...call.linkedids].some((id) => id.startsWith(requested));
    Object.assign(call, { direction: 'outbound', settled: isOurs, party: shown, dirty: true });
  }
}

/** Makes a channel a telephone of ours: the number at its end is an extension, here or at another office. */
export function colleague(channel: LiveChannel, extension: string): void {
  const { call } = channel;
  call.parties.delete(channel);
  Object.assign(channel, { kind: 'extension', end: extension, certain: true });
  if (call.direction !== 'outbound' || call.parties.size > 0) return void legFor(channel, null);
  Object.assign(call, { direction: 'internal', settled: true, party: extension, dirty: true });
  legFor(channel, null);
}

function trunkDialled(
  target: LiveChannel,
  source: LiveChannel | undefined,
  told: string,
  fields: Fields,
  { endpoints }: CallTrackerOptions,
  at: number,
): void {
  const { call } = target;
  if (
    source !== undefined &&
    call.parties.has(source) &&
    call.direction === 'inbound' &&
    endpoints.isExtension(call.party)
  ) {
    // A colleague of another office calls out through this one.
    const { party } = call;
    Object.assign(call, { direction: 'outbound', settled: true, partyName: null });
    colleague(source, party);
    Object.assign(call, { direction: 'outbound', party: told });
    call.parties.add(target);
  }
  const isDialledByOurs = source?.kind === 'extension' && told.length > 5 && isSameNumber(text(fields, 'Exten'), told);
  if (call.direction === 'internal' && isDialledByOurs) {
    turnOutbound(call, told);
    call.parties.add(target);
  }
  // A client who was called first is put through to a mobile.
  if (source !== undefined && call.direction === 'outbound' && call.parties.has(source)) call.parties.delete(target);
  if (!call.parties.has(target)) return ring(legFor(target, told || null), call, at);
  if (call.legs.some((leg) => leg.talkedAt !== null) || text(fields, 'Uniqueid') === '') return;
  // What the trunk was told is the number; what was dialled may have the digit of an outside line before it.
  if (told !== '') call.party = told;
  const shown = text(fields, 'CallerIDNum');
  call.dialled = isPresented(shown, told, endpoints) ? shown : target.end;
  call.dirty = true;
}

/**
 * Whether the caller id of an outbound call is the number that we present. It may also be the telephone's extension, and a CRM's
 * Originate puts the client's own number there.
 */
export function isPresented(shown: string, client: string, endpoints: Endpoints): boolean {
  if (isWithheld(shown) || endpoints.isExtension(shown)) return false;
  return !isSameNumber(shown, client);
}

/** Whether two numbers are the same but for their prefixes. */
function isSameNumber(one: string, two: string): boolean {
  const [a, b] = [one, two].map((number) => number.replace(/\D/g, '').slice(-9));
  return a === b;
}

/** Adds the dialling channel from the event, if it was created before we listened. Undefined if there is none. */
function unseenCaller(table: CallTable, target: LiveChannel, fields: Fields, at: number): LiveChannel | undefined {
  if (target.call.gone.has(text(fields, 'Uniqueid'))) return undefined;
  const call = table.open(fields, at);
  if (call !== null) call.reconstructed = true;
  return table.channel(text(fields, 'Uniqueid'));
}

/** Handles DialEnd: the result of one attempt. */
export function dialEnd(channel: LiveChannel, fields: Fields, _at: number, { table }: Tracking): void {
  const status = text(fields, 'DialStatus');
  const source = table.channel(text(fields, 'Uniqueid'));
  if (source !== undefined && source.call !== channel.call) table.union(source.call, channel.call);
  if (channel.leg !== null) dialled(channel.leg, channel.call, status);
  else if (channel.call.parties.has(channel)) channel.call.partyStatus = status;
}
