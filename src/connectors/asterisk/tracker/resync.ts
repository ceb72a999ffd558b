import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { CallTable } from './call-table.ts';
import { linkedidsOf } from './colleagues.ts';
import { findTalks } from './legs.ts';
import { type CallTrackerOptions, type Fields, type LiveCall, type LiveChannel, text } from './model.ts';

/** Age of a channel in milliseconds, by `Seconds` (Status) or `Duration` (CoreShowChannel, `HH:MM:SS`). */
function ageMs(fields: Fields): number {
  const seconds = Number(text(fields, 'Seconds') || Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const parts = text(fields, 'Duration').split(':').map(Number);
  const total = parts.reduce((sum, part) => sum * 60 + part, 0);
  return Number.isFinite(total) ? total * 1000 : 0;
}

/** A call without live channels, ended at `at`. */
function closedSeed(seed: CallSnapshot, at: number): CallSnapshot {
  const talked = seed.legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null);
  const unanswered = seed.direction === 'inbound' ? 'missed' : 'unanswered';
  return {
    ...seed,
    state: talked ? 'answered' : unanswered,
    endedAt: at,
    reconstructed: true,
    legs: seed.legs.map((leg) => {
      if (leg.endedAt !== null) return leg;
      return { ...leg, endedAt: at, outcome: leg.outcome ?? (leg.talkedAt === null ? 'cancelled' : 'answered') };
    }),
  };
}

/** Restores a call that is still live from its seed. The caller assigns its channels. */
function restore(call: LiveCall, seed: CallSnapshot): void {
  Object.assign(call, {
    direction: seed.direction,
    settled: true,
    party: seed.party.raw,
    partyName: seed.party.name,
    trunk: seed.trunk ?? null,
    withheld: seed.party.withheld,
    dialled: seed.dialled,
    reconstructed: true,
    dirty: true,
    startedAt: Math.min(call.startedAt, seed.startedAt),
    isReported: true,
    isFax: seed.automatic === 'fax',
  });
  for (const alias of seed.aliases) call.aliases.add(alias);
  call.transfers.push(...seed.transfers);
  call.recordings.push(...seed.recordings);
  const legs = seed.legs.map((leg) => {
    const answered = leg.outcome === 'answered' || leg.talkedAt !== null;
    return {
      ...leg,
      lastRangAt: leg.lastRangAt ?? leg.rangAt,
      rings: leg.rings ?? (leg.rangAt === null ? 0 : 1),
      heldAt: leg.heldAt ?? null,
      position: leg.position ?? null,
      left: leg.left ?? null,
      hasLeft: false,
      answered,
      bridged: answered,
      rangAgain: false,
      channels: new Set<LiveChannel>(),
    };
  });
  call.legs.unshift(...legs);
}

function idsOf(seed: CallSnapshot, connection: string): readonly string[] {
  return [seed.key, ...seed.aliases].flatMap((key) => linkedidsOf(key.slice(connection.length + 1)));
}

/** Finds the channel of the outside party in a restored call. */
function findParties(call: LiveCall, rows: readonly Fields[]): void {
  if (call.parties.size > 0 || call.direction === 'internal') return;
  const trunks = [...call.channels.values()].filter((channel) => channel.kind === 'trunk' && channel.leg === null);
  const numbers = new Map(rows.map((row) => [text(row, 'Uniqueid'), text(row, 'CallerIDNum')]));
  const root = trunks.find((channel) => call.linkedids.has(channel.id) && call.direction === 'inbound');
  const party = root ?? trunks.find((channel) => numbers.get(channel.id) === call.party) ?? trunks[0];
  if (party !== undefined) call.parties.add(party);
}

/** In a call first seen just after its caller left, legs that are still off the hook have talked. */
function markTalksWithGoneParty(call: LiveCall, at: number): void {
  if (call.direction !== 'inbound' || call.parties.size > 0) return;
  for (const leg of call.legs) if (leg.answered) leg.talkedAt ??= at;
}

/** Synchronises the table with the list of channels. Returns the seeds that have ended. */
export function resyncCalls(
  table: CallTable,
  options: CallTrackerOptions,
  channels: readonly Fields[],
  seeds: readonly CallSnapshot[],
  at: number,
): readonly CallSnapshot[] {
  const rows = channels
    .filter((row) => text(row, 'Uniqueid') !== '' && text(row, 'Channel') !== '')
    .sort((a, b) => ageMs(b) - ageMs(a) || (text(a, 'Uniqueid') < text(b, 'Uniqueid') ? -1 : 1));
  const live = new Set(rows.map((row) => text(row, 'Uniqueid')));
  for (const call of table.calls()) {
    for (const channel of [...call.channels.values()]) if (!live.has(channel.id)) table.lose(channel, at);
  }
  const linked = new Set(rows.map((row) => text(row, 'Linkedid')));
  const closed: CallSnapshot[] = [];
  for (const seed of seeds) {
    const ids = idsOf(seed, options.connection);
    const known = ids.map((id) => table.call(id)).find((call) => call !== undefined);
    if (known !== undefined) {
      // The call was created by an event between the login and this list, so the seed is older and knows more.
      if (known.startedAt > seed.startedAt && !known.reconstructed) restore(known, seed);
      continue;
    }
    const goesOn = ids.some((id) => linked.has(id) || live.has(id));
    const call = goesOn ? table.add(ids[0] ?? '', seed.startedAt) : null;
    if (call === null) closed.push(closedSeed(seed, at));
    else {
      for (const id of ids) table.bind(id, call);
      restore(call, seed);
    }
  }
  const touched = new Set<LiveCall>();
  for (const row of rows) {
    if (table.channel(text(row, 'Uniqueid')) === undefined) {
      const call = table.open(row, at - ageMs(row));
      if (call === null) continue;
      call.reconstructed = true;
      call.dirty = true;
    }
    const channel = table.channel(text(row, 'Uniqueid'));
    if (channel === undefined) continue;
    const bridge = text(row, 'BridgeID') || text(row, 'BridgeId') || text(row, 'BridgeUniqueid');
    if (bridge === '') table.part(channel);
    else table.join(channel, bridge);
    if (channel.leg !== null && (channel.bridge !== null || text(row, 'ChannelState') === '6'))
      channel.leg.answered = true;
    const linkedid = text(row, 'Linkedid');
    if (linkedid !== '' && linkedid !== channel.linkedid) table.relink(channel, linkedid);
    touched.add(channel.call);
  }
  for (const call of touched) {
    findParties(call, rows);
    findTalks(call, at);
    if (!call.isReported) markTalksWithGoneParty(call, at);
    for (const leg of call.legs) {
      if (leg.endedAt === null && leg.channels.size === 0 && isHumanLeg(leg)) {
        leg.endedAt = at;
        call.dirty = true;
      }
    }
    table.splitColleagues(call, at);
  }
  for (const call of table.calls()) {
    if (call.channels.size > 0 || call.endedAt !== null) continue;
    call.endedAt = at;
    call.dirty = true;
  }
  return closed;
}
