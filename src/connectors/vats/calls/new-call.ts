import { eventKey } from '../../../domain/base/ids.ts';
import type { CallLeg, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { CallHistory, CallNewsEvent } from '../message.ts';

/** A call of which nothing is known but what one message says. */
export function newCall(
  connection: string,
  { callId, isInbound, phone, line }: CallNewsEvent | CallHistory,
  startedAt: number,
  basis: CallSnapshot['basis'],
): CallSnapshot {
  return {
    kind: 'call',
    key: eventKey(connection, callId),
    aliases: [],
    connection,
    basis,
    direction: isInbound ? 'inbound' : 'outbound',
    state: 'ringing',
    party: { raw: phone, name: null, withheld: phone === '' },
    dialled: line,
    startedAt,
    endedAt: null,
    result: null,
    legs: [],
    transfers: [],
    recordings: [],
    reconstructed: false,
  };
}

/** A telephone that rings. */
export function newLeg(extension: string, rangAt: number | null): CallLeg {
  const nothingYet = { talkedAt: null, endedAt: null, outcome: null };
  return { kind: 'extension', extension, phone: null, rangAt, lastRangAt: rangAt, rings: 1, ...nothingYet };
}

/** The telephones without one of them, or with it changed. */
export function withLeg(
  legs: readonly CallLeg[],
  extension: string,
  change: (leg: CallLeg | null) => CallLeg,
): readonly CallLeg[] {
  const at = legs.findIndex((leg) => leg.extension === extension);
  return at < 0 ? [...legs, change(null)] : legs.map((leg, i) => (i === at ? change(leg) : leg));
}

/** Whether a telephone rings or is talking. */
export function isActive({ endedAt, outcome }: CallLeg): boolean {
  return endedAt === null && outcome === null;
}

/** Whether somebody is talking there. */
export function isTalking(leg: CallLeg): boolean {
  return isActive(leg) && leg.talkedAt !== null;
}
