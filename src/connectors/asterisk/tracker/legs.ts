import { entryOf } from '../../../domain/base/entry-of.ts';
import type { LegKind, LegOutcome } from '../../../domain/interaction/interaction.ts';
import { otherHalf } from '../endpoints/channel-name.ts';
import { type Fields, type LiveCall, type LiveChannel, type LiveLeg, text } from './model.ts';
import { isHuman } from './snapshot.ts';

/** Appends a leg to the call. */
function addLeg(call: LiveCall, kind: LegKind, extension: string | null, phone: string | null): LiveLeg {
  const leg: LiveLeg = {
    kind,
    extension,
    phone,
    rangAt: null,
    talkedAt: null,
    endedAt: null,
    outcome: null,
    answered: false,
    channels: new Set(),
  };
  call.legs.push(leg);
  call.dirty = true;
  return leg;
}

/** The leg of a channel of ours: that of another device of the same extension if it is still live, else a new one. */
export function legFor(channel: LiveChannel, phone: string | null): LiveLeg {
  if (channel.leg !== null) return channel.leg;
  const { call } = channel;
  const extension = channel.kind === 'extension' ? channel.end : null;
  const leg =
    call.legs.find(
      (other) => isHuman(other) && other.endedAt === null && other.extension === extension && other.phone === phone,
    ) ?? addLeg(call, extension === null ? 'mobile' : 'extension', extension, phone);
  leg.channels.add(channel);
  channel.leg = leg;
  return leg;
}

/** Records that the leg started to ring. */
export function ring(leg: LiveLeg, call: LiveCall, at: number): void {
  if (leg.rangAt !== null || leg.answered) return;
  leg.rangAt = at;
  call.dirty = true;
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
  call.dirty = true;
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
  call.dirty = true;
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

const MENU_APPS = new Set(['BackGround', 'Read', 'WaitExten', 'IVR']);
const VOICEMAIL_APPS = new Set(['VoiceMail', 'MiniVM', 'MiniVMRecord']);
/** Applications that show that the party has left a menu. */
const ROUTING_APPS = new Set(['Dial', 'Queue', 'FollowMe', 'Page', 'Hangup']);

/** Records a dialplan application of the outside party, from which menus and voicemail are detected. */
export function application(channel: LiveChannel, fields: Fields, at: number): void {
  const { call } = channel;
  if (call.direction !== 'inbound' || !call.parties.has(channel)) return;
  const app = text(fields, 'Application');
  const menu = text(fields, 'Extension');
  if (MENU_APPS.has(app)) {
    if (!call.legs.some((leg) => leg.kind === 'ivr' && leg.endedAt === null)) {
      addLeg(call, 'ivr', menu === 's' ? null : menu || null, null).talkedAt = at;
    }
  } else if (VOICEMAIL_APPS.has(app)) {
    endServices(call, ['ivr', 'queue'], at);
    const box = text(fields, 'AppData').split(/[@,&]/, 1)[0] ?? '';
    if (!call.legs.some((leg) => leg.kind === 'voicemail' && leg.endedAt === null)) {
      addLeg(call, 'voicemail', box || null, null).talkedAt = at;
    }
  } else if (ROUTING_APPS.has(app)) endServices(call, ['ivr', 'voicemail'], at);
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
  const waiting = call.legs.some((leg) => isHuman(leg) && leg.talkedAt === null && leg.endedAt === null);
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
