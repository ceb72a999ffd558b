import { eventKey } from '../../../domain/base/ids.ts';
import type { CallLeg, CallRecording, CallSnapshot, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { CallNewsEvent } from '../message.ts';
import { isActive, isTalking, newLeg, withLeg } from './new-call.ts';

/** The call after an event. Events of telephones that are not known yet bring them in, since some get lost. */
export function applyEvent(call: CallSnapshot, event: CallNewsEvent, at: number): CallSnapshot {
  const { linked, line, phone } = event;
  const alias = linked === null ? null : eventKey(call.connection, linked);
  const isNew = alias !== null && alias !== call.key && !call.aliases.includes(alias);
  const known: CallSnapshot = {
    ...call,
    aliases: isNew ? [...call.aliases, alias] : call.aliases,
    dialled: call.dialled ?? line,
    party: call.party.raw === '' && phone !== '' ? { ...call.party, raw: phone, withheld: false } : call.party,
  };
  return event.extension === null ? known : settled(withEvent(known, event, event.extension, at), at);
}

function withEvent(call: CallSnapshot, { type }: CallNewsEvent, extension: string, at: number): CallSnapshot {
  switch (type) {
    case 'INCOMING':
    case 'OUTGOING':
      return { ...call, endedAt: null, legs: withLeg(call.legs, extension, (leg) => ringsAgain(leg, extension, at)) };
    case 'ACCEPTED':
      return accepted(call, extension, at);
    case 'TRANSFERRED':
      return transferred(call, extension, at);
    case 'COMPLETED':
    case 'CANCELLED':
      return { ...call, legs: call.legs.map((leg) => (leg.extension === extension ? over(leg, type, at) : leg)) };
  }
}

function ringsAgain(leg: CallLeg | null, extension: string, at: number): CallLeg {
  if (leg === null) return newLeg(extension, at);
  // A repeated message.
  if (isActive(leg)) return leg;
  // Somebody who talked before is called back into the call.
  return { ...leg, lastRangAt: at, rings: (leg.rings ?? 1) + 1, endedAt: null, outcome: null };
}

function accepted(call: CallSnapshot, extension: string, at: number): CallSnapshot {
  const talker = call.legs.find((leg) => isTalking(leg) && leg.extension !== extension);
  const legs = withLeg(call.legs, extension, (leg) => {
    const own = leg ?? newLeg(extension, null);
    return { ...own, talkedAt: own.talkedAt ?? at, endedAt: null, outcome: null };
  }).map((leg): CallLeg => {
    if (leg.extension === extension || !isActive(leg)) return leg;
    // Whoever was talking has passed the call on; the others stop ringing.
    return { ...leg, endedAt: at, outcome: leg.talkedAt === null ? 'elsewhere' : 'answered' };
  });
  const isAwaited = hasOpen(call);
  const transfers = call.transfers.map((one) =>
    one.to.extension === null ? { ...one, to: { extension, phone: null } } : one,
  );
  const passed = talker === undefined || isAwaited ? [] : transferTo(call, talker.extension, extension, at);
  return { ...call, legs, transfers: [...transfers, ...passed] };
}

/** The message names either who passes the call on, or who gets it: providers differ. */
function transferred(call: CallSnapshot, extension: string, at: number): CallSnapshot {
  const talker = call.legs.find(isTalking);
  if (talker === undefined) return call;
  const isFrom = talker.extension === extension;
  const to = isFrom ? null : extension;
  const transfers = hasOpen(call) ? call.transfers : [...call.transfers, ...transferTo(call, talker.extension, to, at)];
  const legs = call.legs.map((leg): CallLeg => (leg === talker ? { ...leg, endedAt: at, outcome: 'answered' } : leg));
  return {
    ...call,
    transfers,
    legs: to === null ? legs : withLeg(legs, to, (leg) => ringsAgain(leg, to, at)),
  };
}

/** Whether a transfer waits for who answers. */
function hasOpen({ transfers }: CallSnapshot): boolean {
  return transfers.some(({ to }) => to.extension === null);
}

function transferTo(
  { transfers }: CallSnapshot,
  from: string | null,
  to: string | null,
  at: number,
): readonly CallTransfer[] {
  const last = transfers.at(-1);
  if (last !== undefined && last.from.extension === from && last.to.extension === to) return [];
  const end = (extension: string | null) => ({ extension, phone: null });
  return [{ kind: 'blind', from: end(from), to: end(to), at, outcome: 'done' }];
}

function over(leg: CallLeg, type: 'COMPLETED' | 'CANCELLED', at: number): CallLeg {
  if (!isActive(leg)) return leg;
  // The message that somebody answered got lost.
  const talkedAt = leg.talkedAt ?? (type === 'COMPLETED' ? (leg.rangAt ?? at) : null);
  return { ...leg, talkedAt, endedAt: at, outcome: talkedAt === null ? 'no_answer' : 'answered' };
}

/**
 * The state that follows from the telephones. A call that was answered ends with the last talk. One that nobody answered
 * yet may ring elsewhere next, so that its end is left to its history, or to silence.
 */
function settled(call: CallSnapshot, at: number): CallSnapshot {
  if (call.legs.some(isTalking)) return { ...call, state: 'talking', endedAt: null };
  const talked = call.legs.some(({ talkedAt }) => talkedAt !== null);
  const isOpen = call.legs.some(isActive) || hasOpen(call);
  if (isOpen || !talked) return { ...call, state: talked ? 'talking' : 'ringing', endedAt: null };
  return { ...call, state: 'answered', endedAt: at, recordings: withExpected(call, at) };
}

/**
 * The history of the call tells where its recording is. Until then one is expected, so that the call is still at hand
 * should the program be restarted.
 */
const expected = 'history';

function withExpected({ recordings, startedAt }: CallSnapshot, at: number): readonly CallRecording[] {
  if (recordings.length > 0) return recordings;
  const unknown = { path: null, leg: null, mime: null, bytes: null };
  const seconds = Math.round((at - startedAt) / 1000);
  return [{ ...unknown, file: expected, kind: 'call', state: 'pending', startedAt, seconds }];
}

/** Whether the history of an answered call has not come yet. */
export function awaitsHistory({ recordings }: CallSnapshot): boolean {
  return recordings.some(({ file }) => file === expected);
}

/** The call without the recording that was expected. */
export function withoutExpected(call: CallSnapshot): CallSnapshot {
  return { ...call, recordings: call.recordings.filter(({ file }) => file !== expected) };
}

/** The call as it is when nothing more comes of it. */
export function ended(call: CallSnapshot, at: number): CallSnapshot {
  const legs = call.legs.map((leg): CallLeg => {
    if (!isActive(leg)) return leg;
    return { ...leg, endedAt: at, outcome: leg.talkedAt === null ? 'no_answer' : 'answered' };
  });
  const talked = legs.some(({ talkedAt }) => talkedAt !== null);
  const state = talked ? 'answered' : call.direction === 'inbound' ? 'missed' : 'unanswered';
  return { ...call, legs, state, endedAt: call.endedAt ?? at };
}
