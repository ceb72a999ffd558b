import { legFor } from './legs.ts';
import type { LiveCall, LiveChannel } from './model.ts';
import { isHuman } from './snapshot.ts';

/** What the key of the colleagues' own call has behind the linkedid of the call that they were left by. */
export const afterwards = '/internal';

/** The linkedids under which the PBX may have the channels of a call with this one. */
export function linkedidsOf(linkedid: string): readonly string[] {
  return linkedid.endsWith(afterwards) ? [linkedid, linkedid.slice(0, -afterwards.length)] : [linkedid];
}

/**
 * Whether nobody but colleagues is left, two of them at least, of whom one is off the hook. A single telephone hangs up by
 * itself; a call out that nobody took may yet try another trunk.
 */
export function isLeftAlone(call: LiveCall): boolean {
  if (call.endedAt !== null || call.parties.size > 0) return false;
  if ([...call.channels.values()].some((channel) => channel.kind === 'trunk')) return false;
  if (call.direction === 'outbound' ? !call.legs.some((leg) => leg.talkedAt !== null) : call.direction !== 'inbound')
    return false;
  const ours = call.legs.filter((leg) => isHuman(leg) && leg.endedAt === null);
  return ours.length > 1 && ours.some((leg) => leg.answered);
}

/** Takes a channel over with a leg of its own, unless it has given the party away: what it said before is the other call's. */
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
  own.rangAt = leg.answered ? null : leg.rangAt;
}
