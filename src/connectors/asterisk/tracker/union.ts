import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import { forgetTalks, legFor } from './legs.ts';
import type { LiveCall, LiveChannel } from './model.ts';

/**
 * Moves everything from a call to the one that it turned out to be part of. A colleague who waited for clients is a part of many
 * calls, which the key would join.
 */
export function absorb(into: LiveCall, from: LiveCall, waited: boolean): void {
  if (waited) forgetRings(from);
  else for (const alias of [from.key, ...from.aliases]) into.aliases.add(alias);
  for (const channel of from.channels.values()) {
    channel.call = into;
    into.channels.set(channel.id, channel);
  }
  for (const id of from.gone) into.gone.add(id);
  if (from.direction === 'internal' && into.direction !== 'internal') forgetTalks(from);
  const isGuess = into.direction === 'internal' || (!into.settled && into.parties.size === 0);
  if (into.direction === null || (isGuess && from.direction !== 'internal' && from.settled)) {
    forgetTalks(into);
    adopt(into, from);
  }
  mergeLegs(into, from);
  for (const party of from.parties) mergeParty(into, party, from.party);
  into.transfers.push(...from.transfers);
  into.recordings.push(...from.recordings);
  into.reconstructed ||= from.reconstructed;
  into.isFax ||= from.isFax;
  into.isConference ||= from.isConference;
  into.isOriginated ||= from.isOriginated;
  into.hasDialled ||= from.hasDialled;
  into.isIdle ||= from.isIdle;
  into.isHidden = (into.isHidden || from.isHidden) && into.parties.size === 0;
  if (into.channels.size > 0) into.endedAt = null;
  into.dirty = true;
}

/** A waiting colleague was not rung for this client. */
function forgetRings(call: LiveCall): void {
  for (const leg of call.legs) Object.assign(leg, { rangAt: null, lastRangAt: null, rings: 0 });
}

/** Appends the legs of the younger call. An extension in both calls, which held one and placed the other, remains one leg. */
function mergeLegs(into: LiveCall, from: LiveCall): void {
  for (const leg of from.legs) {
    const twin = into.legs.find(
      (other) =>
        isHumanLeg(leg) && other.kind === leg.kind && other.extension === leg.extension && other.endedAt === null,
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
    twin.bridged ||= leg.bridged;
    twin.talkedAt ??= leg.talkedAt;
    twin.rangAt ??= leg.rangAt;
    twin.lastRangAt ??= leg.lastRangAt;
    twin.rings ||= leg.rings;
  }
}

/** Merges the outside party of the younger call: as another leg into an inbound call, else as another channel of the party. */
function mergeParty(into: LiveCall, party: LiveChannel, number: string): void {
  if (into.direction !== 'inbound') into.parties.add(party);
  else if (!into.parties.has(party)) legFor(party, number || null).answered = party.bridge !== null;
}

function adopt(into: LiveCall, from: LiveCall): void {
  into.direction = from.direction;
  into.settled = from.settled;
  into.party = from.party;
  into.partyName = from.partyName;
  into.trunk = from.trunk;
  into.withheld = from.withheld;
  into.dialled = from.dialled;
  for (const party of from.parties) into.parties.add(party);
}
