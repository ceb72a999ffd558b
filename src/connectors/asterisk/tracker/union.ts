import { legFor } from './legs.ts';
import type { LiveCall, LiveChannel } from './model.ts';
import { isHuman } from './snapshot.ts';

/** Puts all that is known of a younger call into the older one that it proved to be a part of. */
export function takeIn(into: LiveCall, from: LiveCall): void {
  for (const alias of [from.key, ...from.aliases]) into.aliases.add(alias);
  for (const channel of from.channels.values()) {
    channel.call = into;
    into.channels.set(channel.id, channel);
  }
  for (const id of from.gone) into.gone.add(id);
  if (from.direction === 'internal' && into.direction !== 'internal') forgetTalks(from);
  if (into.direction === null || (into.direction === 'internal' && from.direction !== 'internal' && from.settled)) {
    forgetTalks(into);
    adopt(into, from);
  }
  keepLegs(into, from);
  for (const party of from.parties) keepParty(into, party, from.party);
  into.transfers.push(...from.transfers);
  into.recordings.push(...from.recordings);
  into.reconstructed ||= from.reconstructed;
  if (into.channels.size > 0) into.endedAt = null;
  into.dirty = true;
}

/** What colleagues said to each other before the outside party was there was no talk with it. */
function forgetTalks(call: LiveCall): void {
  for (const leg of call.legs) if (isHuman(leg)) leg.talkedAt = null;
}

/** The younger call's legs come behind; an end that is in both (it held one call and made the other) stays one leg. */
function keepLegs(into: LiveCall, from: LiveCall): void {
  for (const leg of from.legs) {
    const twin = into.legs.find(
      (other) => isHuman(leg) && other.kind === leg.kind && other.extension === leg.extension && other.endedAt === null,
    );
    if (twin === undefined || leg.extension === null || leg.endedAt !== null) {
      into.legs.push(leg);
      continue;
    }
    for (const channel of leg.channels) {
      channel.leg = twin;
      twin.channels.add(channel);
    }
    twin.answered ||= leg.answered;
    twin.rangAt ??= leg.rangAt;
  }
}

/** The younger call's outside party: of an inbound call it is one more end that we called, else the party too. */
function keepParty(into: LiveCall, party: LiveChannel, number: string): void {
  if (into.direction !== 'inbound') into.parties.add(party);
  else if (!into.parties.has(party)) legFor(party, number || null).answered = party.bridge !== null;
}

function adopt(into: LiveCall, from: LiveCall): void {
  into.direction = from.direction;
  into.settled = from.settled;
  into.party = from.party;
  into.partyName = from.partyName;
  into.withheld = from.withheld;
  into.dialled = from.dialled;
  for (const party of from.parties) into.parties.add(party);
}
