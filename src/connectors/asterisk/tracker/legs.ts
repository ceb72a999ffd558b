import { entryOf } from '../../../domain/base/entry-of.ts';
import type { LegOutcome } from '../../../domain/call/call-result.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { LegKind } from '../../../domain/interaction/interaction.ts';
import { otherHalf } from '../endpoints/channel-name.ts';
import type { LiveCall, LiveChannel, LiveLeg } from './model.ts';

/** Appends a leg to the call. */
export function addLeg(call: LiveCall, kind: LegKind, extension: string | null, phone: string | null): LiveLeg {
  const leg: LiveLeg = {
    kind,
    extension,
    phone,
    rangAt: null,
    lastRangAt: null,
    rings: 0,
    talkedAt: null,
    endedAt: null,
    outcome: null,
    heldAt: null,
    position: null,
    left: null,
    hasLeft: false,
    answered: false,
    bridged: false,
    rangAgain: false,
    channels: new Set(),
  };
  call.legs.push(leg);
  call.dirty = true;
  return leg;
}

/**
 * The leg of a channel of ours: that of another device of the same extension if it is still live, else an earlier attempt at the
 * same phone if nobody answered it, else a new one. Otherwise an hour in a queue would make a leg for each ring of each phone.
 */
export function legFor(channel: LiveChannel, phone: string | null): LiveLeg {
  if (channel.leg !== null) return channel.leg;
  const { call } = channel;
  const extension = channel.kind === 'extension' ? channel.end : null;
  const same = call.legs.filter((leg) => isHumanLeg(leg) && leg.extension === extension && leg.phone === phone);
  const leg =
    same.find((other) => other.endedAt === null) ??
    same.find((other) => other.talkedAt === null && !other.answered && other.rings > 0) ??
    addLeg(call, extension === null ? 'mobile' : 'extension', extension, phone);
  if (leg.endedAt !== null) Object.assign(leg, { endedAt: null, outcome: null, rangAgain: true });
  leg.channels.add(channel);
  channel.leg = leg;
  return leg;
}

/** Records that the leg started to ring. The devices of an extension ring once. */
export function ring(leg: LiveLeg, call: LiveCall, at: number): void {
  const isFirst = leg.rangAt === null;
  if (leg.answered || !(isFirst || leg.rangAgain)) return;
  leg.rangAgain = false;
  leg.rangAt ??= at;
  leg.lastRangAt = at;
  leg.rings += 1;
  if (isFirst) call.dirty = true;
  else call.late = true;
}

const OUTCOMES: Readonly<Record<string, LegOutcome>> = {
  NOANSWER: 'no_answer',
  BUSY: 'busy',
  CANCEL: 'cancelled',
  CHANUNAVAIL: 'unavailable',
  CONGESTION: 'failed',
};

/** Records the dial status of a leg's channel. With several devices, an answer outweighs a refusal. */
export function dialled(leg: LiveLeg, call: LiveCall, status: string): void {
  if (status === 'ANSWER') leg.answered = true;
  else leg.outcome ??= entryOf(OUTCOMES, status) ?? null;
  call.late = true;
}

/** Removes a channel from its leg. The leg ends with its last channel. */
export function leave(channel: LiveChannel, cause: string, at: number): void {
  const { leg, call } = channel;
  channel.leg = null;
  if (leg === null) return;
  leg.channels.delete(channel);
  if (cause === '21' && !leg.answered) leg.outcome = 'rejected';
  if (leg.channels.size > 0 || leg.endedAt !== null) return;
  leg.endedAt = at;
  if (leg.talkedAt === null) call.late = true;
  else call.dirty = true;
}

/** Ends a leg that transferred or parked the party. Its phone may still be busy. */
export function handOff(leg: LiveLeg | null, call: LiveCall, at: number): void {
  if (leg === null || leg.endedAt !== null) return;
  leg.endedAt = at;
  call.dirty = true;
}

/** Ends the legs of menus, queues or voicemail boxes that the party has left. */
export function endServices(call: LiveCall, kinds: readonly LegKind[], at: number): void {
  for (const leg of call.legs) {
    if (leg.endedAt !== null || !kinds.includes(leg.kind)) continue;
    leg.endedAt = at;
    leg.outcome ??= leg.kind === 'queue' ? 'no_answer' : 'answered';
    call.dirty = true;
  }
}

/** Records that the party entered a queue. */
export function joinQueue(call: LiveCall, queue: string, at: number): void {
  const extension = queue || null;
  if (call.legs.some((leg) => leg.kind === 'queue' && leg.endedAt === null && leg.extension === extension)) return;
  endServices(call, ['ivr', 'queue'], at);
  addLeg(call, 'queue', extension, null).talkedAt = at;
}

/** Discards the talk times of colleagues from before the outside party was connected. */
export function forgetTalks(call: LiveCall): void {
  for (const leg of call.legs) if (isHumanLeg(leg)) leg.talkedAt = null;
}

/** Makes an internal call one to a client: after a talk among colleagues, one of them is sent on to a number outside, or dials it. */
export function turnOutbound(call: LiveCall, number: string): void {
  if (call.direction !== 'internal') return;
  forgetTalks(call);
  Object.assign(call, { direction: 'outbound', settled: true, party: number, dirty: true });
}

/** All channels connected with `start` through its bridge and through Local pairs. */
function heardBy(start: LiveChannel): ReadonlySet<LiveChannel> {
  const { channels } = start.call;
  const heard = new Set([start]);
  for (const channel of heard) {
    const half = otherHalf(channel.name);
    for (const other of channels.values()) {
      if (heard.has(other)) continue;
      if ((channel.bridge !== null && other.bridge === channel.bridge) || other.name === half) heard.add(other);
    }
  }
  return heard;
}

/** Marks the legs that have started to talk: those connected with the outside party, or in an internal call with each other. */
export function findTalks(call: LiveCall, at: number): void {
  const waiting = call.legs.some((leg) => isHumanLeg(leg) && leg.talkedAt === null && leg.endedAt === null);
  if (!waiting) return;
  const starts = call.direction === 'internal' ? [...call.channels.values()].filter((c) => c.leg) : call.parties;
  for (const start of starts) {
    if (start.bridge === null) continue;
    for (const { leg } of heardBy(start)) {
      if (leg === null || leg === start.leg || leg.talkedAt !== null || leg.endedAt !== null) continue;
      leg.talkedAt = at;
      leg.answered = true;
      call.dirty = true;
    }
  }
}
