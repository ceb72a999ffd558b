import { parsePhone } from '../directory/identifiers.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { CallLeg, CallSnapshot } from '../interaction/contact-event.ts';
import { isHumanLeg } from './human-leg.ts';

/**
 * The call with our own numbers on the side where they belong. The PBX tells trunks from extensions, but only the staff list tells
 * that the number behind a trunk is a manager's mobile, a colleague of another office or a line of ours:
 *
 * - A colleague calls in from outside: the call is internal, and nobody has to call back.
 * - Through the PBX the colleague calls a client, or is called first and then connected: it is their outbound call.
 * - A colleague is called outside: it is internal.
 */
export function withOwnNumbers(call: CallSnapshot, staff: StaffIndex, country: string): CallSnapshot {
  const { party, direction, connection } = call;
  if (direction === 'internal' || party.withheld || party.raw === '') return call;
  const isOurs = (number: string) => isOwnNumber(number, connection, staff, country);
  if (!isOurs(party.raw)) return call;
  const client = call.legs.findIndex((leg) => isClient(leg, isOurs));
  return client < 0 ? asInternal(call) : asOutbound(call, client);
}

function isOwnNumber(number: string, connection: string, staff: StaffIndex, country: string): boolean {
  const { phone } = parsePhone(number, country);
  if (phone !== null) return staff.isOurs({ kind: 'phone', value: phone });
  return staff.byExtension(connection, number) !== null;
}

function isClient(leg: CallLeg, isOurs: (number: string) => boolean): boolean {
  return leg.kind === 'mobile' && leg.phone !== null && leg.phone !== '' && !isOurs(leg.phone);
}

function asInternal(call: CallSnapshot): CallSnapshot {
  const called = call.direction === 'inbound' ? call.legs.find((leg) => leg.extension !== null)?.extension : null;
  return {
    ...call,
    direction: 'internal',
    state: call.state === 'missed' ? 'unanswered' : call.state,
    party: { ...call.party, raw: called ?? call.party.raw },
    dialled: null,
  };
}

/** The colleague takes the place of the client's leg, and the client becomes the party. */
function asOutbound(call: CallSnapshot, client: number): CallSnapshot {
  const own = call.party.raw;
  const number = call.legs[client]?.phone ?? '';
  const legs = call.legs.map(
    (leg, index): CallLeg =>
      index === client ? { ...leg, phone: own, rangAt: null, lastRangAt: null, rings: 0 } : leg,
  );
  const talked = legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null);
  const ended = talked ? 'answered' : 'unanswered';
  return {
    ...call,
    direction: 'outbound',
    state: call.endedAt === null ? call.state : ended,
    party: { raw: number, name: null, withheld: false },
    dialled: null,
    legs,
  };
}
