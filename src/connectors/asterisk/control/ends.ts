import type { CallEnd } from '../../../domain/interaction/contact-event.ts';
import type { LiveCall, LiveChannel, LiveLeg } from '../tracker/model.ts';

/** The current leg of one of our telephones in a call, or null if it has left. */
export function legOf(call: LiveCall, end: CallEnd): LiveLeg | null {
  const isHere = (leg: LiveLeg) => leg.channels.size > 0 && leg.extension === end.extension && leg.phone === end.phone;
  return call.legs.findLast((leg) => isHere(leg) && leg.endedAt === null) ?? call.legs.findLast(isHere) ?? null;
}

/** The channel by which a telephone of ours talks: the one in a bridge. Null if none talks. */
export function talkingChannel(leg: LiveLeg): LiveChannel | null {
  return [...leg.channels].find(({ bridge }) => bridge !== null) ?? null;
}

/** A channel of a telephone that rings, or null. */
export function ringingChannel(leg: LiveLeg): LiveChannel | null {
  return leg.answered ? null : ([...leg.channels].find(({ bridge }) => bridge === null) ?? null);
}

/** The channel of the outside party, or null if there is none. */
export function partyChannel(call: LiveCall): LiveChannel | null {
  return [...call.parties].find(({ bridge }) => bridge !== null) ?? [...call.parties][0] ?? null;
}
