import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import { legFor } from './legs.ts';
import type { LiveCall, LiveChannel } from './model.ts';

/** Suffix of the linkedid in the key of the internal call that colleagues continue after the outside party has left. */
export const internalSuffix = '/internal';

/** The linkedids by which the PBX may know the channels of a call with this linkedid. */
export function linkedidsOf(linkedid: string): readonly string[] {
  return linkedid.endsWith(internalSuffix) ? [linkedid, linkedid.slice(0, -internalSuffix.length)] : [linkedid];
}

/**
 * Whether only colleagues are left: at least two, of whom one has answered. A single phone hangs up by itself unless it sits in a
 * conference, and an unanswered outbound call may yet try another trunk.
 */
export function hasOnlyColleagues(call: LiveCall): boolean {
  if (call.endedAt !== null || call.parties.size > 0) return false;
  if ([...call.channels.values()].some((channel) => channel.kind === 'trunk')) return false;
  if (call.direction === 'outbound' ? !call.legs.some((leg) => leg.talkedAt !== null) : call.direction !== 'inbound')
    return false;
  const ours = call.legs.filter((leg) => isHumanLeg(leg) && leg.endedAt === null);
  return ours.length > (call.isConference ? 0 : 1) && ours.some((leg) => leg.answered);
}

/**
 * Whether a call is only a colleague who waits for clients on a channel that stays: logged in as an agent, or in a conference. Each
 * client who is connected with the colleague has a call of their own.
 */
export function isWaiting(call: LiveCall): boolean {
  return call.isIdle && !call.hasDialled && !call.isReported && call.parties.size === 0;
}

/**
 * Moves a channel to another call, with a new leg. Its old leg stays in the old call. A channel whose leg has ended, because it
 * transferred the party, gets no new one.
 */
export function moveTo(call: LiveCall, channel: LiveChannel): void {
  const { leg } = channel;
  channel.call = call;
  call.channels.set(channel.id, channel);
  if (leg === null) return;
  channel.leg = null;
  leg.channels.delete(channel);
  if (leg.endedAt !== null) return;
  const own = legFor(channel, leg.phone);
  own.answered = leg.answered;
  own.bridged = leg.bridged;
  if (leg.answered) return;
  own.rangAt = leg.rangAt;
  own.lastRangAt = leg.lastRangAt;
  own.rings = leg.rings;
}
