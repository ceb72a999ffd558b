import type { LegOutcome } from '../../../domain/call/call-result.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { CallLeg } from '../../../domain/interaction/contact-event.ts';
import { otherHalf } from '../endpoints/channel-name.ts';
import { conferences, mailboxes, menus, runningApplication } from '../tracker/applications.ts';
import type { RecordRow } from './row.ts';
import type { Ours, Side, Told } from './sides.ts';

/** A time in which one of ours was connected with somebody. */
interface Talk {
  readonly from: number;
  readonly to: number;
}

/** Who was connected with the called end of a row, through any Local channels in between. */
interface Reach extends Talk {
  readonly side: Side;
}

/**
 * Who reached the called end of a row, and when. All of the way must be answered: a mobile that was picked up and did not confirm
 * the call is answered in its own row only. Nobody is known to have called a Local channel that an Originate made.
 */
function reachesOf(one: Told, all: readonly Told[], depth = 0): readonly Reach[] {
  const { row, from: side } = one;
  if (row.disposition !== 'ANSWERED' || row.answer === null || depth > maxDepth) return [];
  const { answer, end } = row;
  const half = side.kind === 'local' ? otherHalf(row.channel) : null;
  const before = half === null ? [] : all.filter((other) => other.row.destinationChannel === half);
  if (before.length === 0) return [{ side, from: answer, to: end }];
  return before
    .flatMap((other) => reachesOf(other, all, depth + 1))
    .map((reach) => ({ side: reach.side, from: Math.max(answer, reach.from), to: Math.min(end, reach.to) }));
}

/** Limit of Local channels on the way to a telephone. */
const maxDepth = 10;

/** When the called end talked with the party. A question among ourselves before a transfer is none, and the talk begins after it. */
function talkWithParty(one: Told, all: readonly Told[]): Talk | null {
  if (isPickedUpElsewhere(one, all) || isMailbox(one)) return null;
  const reaches = reachesOf(one, all);
  const asked = reaches.filter(({ side }) => side.kind === 'ours').map(({ to }) => to);
  const talks = reaches.filter(({ side }) => side.kind !== 'ours');
  if (talks.length === 0) return null;
  const from = Math.max(Math.min(...talks.map((talk) => talk.from)), ...asked);
  const to = Math.max(...talks.map((talk) => talk.to));
  return from < to || asked.length === 0 ? { from, to } : null;
}

/** Tables have the end as start and duration, both rounded to seconds. */
const rounding = 1000;

/** Older Asterisks write the voicemail that answered into the row of the telephone that did not. */
function isMailbox({ row }: Told): boolean {
  return mailboxes.has(runningApplication(row.application, row.data).name);
}

function isConference({ row }: Told): boolean {
  return conferences.has(runningApplication(row.application, row.data).name);
}

/** When one of ours, who dialled into a conference, was there together with the party. */
function talkInConference(one: Told, all: readonly Told[]): Talk | null {
  const party = all.find((other) => other.from.kind === 'outside' && other.row.answer !== null && isConference(other));
  if (party === undefined || one.row.answer === null) return null;
  const from = Math.max(one.row.answer, party.row.answer ?? 0);
  const to = Math.min(one.row.end, party.row.end);
  return from < to ? { from, to } : null;
}

/** Whether a colleague took the call from a ringing telephone: for the record, that one was answered for no time. */
function isPickedUpElsewhere({ row }: Told, all: readonly Told[]): boolean {
  const next = (other: RecordRow) =>
    other.channel === row.channel &&
    other.destinationChannel !== row.destinationChannel &&
    // The colleague's row; that of a telephone which was rung before in vain is close too if the talk was short.
    other.answer !== null &&
    other.start >= row.start &&
    Math.abs(other.start - row.end) <= rounding;
  return row.answer === row.end && all.some((other) => next(other.row) && other.to.kind !== 'none');
}

/**
 * The legs of a call with the outside: ours and mobiles that were called, and ours that called the party. In an inbound call,
 * whoever is called over a trunk is a mobile.
 */
export function legsOfParty(all: readonly Told[], direction: 'inbound' | 'outbound'): readonly CallLeg[] {
  const legs = all.flatMap((one): readonly CallLeg[] => {
    // The PBX rang one of ours first, who did not answer.
    if (one.row.application === 'AppDial2' && one.from.kind === 'ours' && one.to.kind === 'none')
      return [humanLeg(one.row, one.from, null, one.row.start)];
    if (one.from.kind === 'ours' && one.to.kind === 'none' && isConference(one))
      return [humanLeg(one.row, one.from, talkInConference(one, all), null)];
    if (one.to.kind === 'outside' && direction === 'outbound') {
      return reachedBy(one, all).map((side) => humanLeg(one.row, side, spokenBy(side, one, all), null));
    }
    const called = one.to.kind === 'outside' ? mobile(one.to.number) : one.to;
    if (called.kind !== 'ours') return serviceLeg(one.row);
    const rangAt = one.hasCome === true ? null : one.row.start;
    return [humanLeg(one.row, called, talkWithParty(one, all), rangAt), ...serviceLeg(one.row)];
  });
  return folded(legs);
}

/** Ours who called the party, even if it did not answer. */
function reachedBy(one: Told, all: readonly Told[], depth = 0): readonly Ours[] {
  if (one.from.kind === 'ours') return [one.from];
  const half = one.from.kind === 'local' ? otherHalf(one.row.channel) : null;
  if (half === null || depth > maxDepth) return [];
  const before = all.filter((other) => other.row.destinationChannel === half);
  return before.flatMap((other) => reachedBy(other, all, depth + 1));
}

function spokenBy(side: Ours, one: Told, all: readonly Told[]): Talk | null {
  return reachesOf(one, all).find((reach) => sameSide(reach.side, side)) ?? null;
}

function sameSide(a: Side, b: Ours): boolean {
  return a.kind === 'ours' && a.extension === b.extension && a.phone === b.phone;
}

/** The legs of an internal call, in which the caller talks too. */
export function legsOfColleagues(all: readonly Told[]): readonly CallLeg[] {
  const legs = all.flatMap((one): readonly CallLeg[] => {
    const [talk = null] = one.row.destinationChannel === '' ? [] : reachesOf(one, all);
    const calling = one.from.kind === 'ours' ? [humanLeg(one.row, one.from, talk, null)] : [];
    const called = one.to.kind === 'ours' ? [humanLeg(one.row, one.to, talk, one.row.start)] : [];
    return [...calling, ...called, ...serviceLeg(one.row)];
  });
  return folded(legs);
}

function mobile(phone: string): Ours {
  return { kind: 'ours', extension: null, phone: phone || null };
}

function humanLeg(row: RecordRow, { extension, phone }: Ours, talk: Talk | null, rangAt: number | null): CallLeg {
  return {
    kind: extension === null ? 'mobile' : 'extension',
    extension,
    phone,
    rangAt,
    lastRangAt: rangAt,
    rings: rangAt === null ? 0 : 1,
    talkedAt: talk?.from ?? null,
    endedAt: talk?.to ?? row.end,
    outcome: talk !== null ? 'answered' : row.answer === row.end ? 'no_answer' : outcomeOf(row),
  };
}

function outcomeOf({ disposition }: RecordRow): LegOutcome {
  if (disposition === 'BUSY') return 'busy';
  if (disposition === 'FAILED' || disposition === 'CONGESTION') return 'failed';
  return disposition === 'ANSWERED' ? 'answered' : 'no_answer';
}

/** The queue, menu or voicemail in which a row ended. */
function serviceLeg(row: RecordRow): readonly CallLeg[] {
  const { name, data } = runningApplication(row.application, row.data);
  const kind = name === 'queue' ? 'queue' : mailboxes.has(name) ? 'voicemail' : menus.has(name) ? 'ivr' : null;
  if (kind === null) return [];
  const named = kind === 'ivr' ? row.destination : (data.split(/[@,&]/, 1)[0] ?? '');
  const outcome = kind === 'queue' ? 'no_answer' : 'answered';
  const extension = named === '' || named === 's' ? null : named;
  return [{ kind, extension, phone: null, rangAt: null, talkedAt: row.start, endedAt: row.end, outcome }];
}

/** Folds attempts of the same telephone into one leg, and talks of it that overlap. A later talk after another is a leg of its own. */
function folded(legs: readonly CallLeg[]): readonly CallLeg[] {
  const result: CallLeg[] = [];
  for (const leg of legs) {
    const at = result.findLastIndex((one) => isSameEnd(one, leg));
    const before = result[at];
    if (before === undefined || !belongTogether(before, leg)) result.push(leg);
    else result[at] = joined(before, leg);
  }
  return result.map((leg) => ({ ...leg, outcome: leg.talkedAt === null ? missedOutcome(leg, result) : leg.outcome }));
}

function isSameEnd(a: CallLeg, b: CallLeg): boolean {
  return a.kind === b.kind && a.extension === b.extension && a.phone === b.phone;
}

/** An attempt before a talk leads to it; what comes during a talk is part of it. */
function belongTogether(before: CallLeg, leg: CallLeg): boolean {
  return before.talkedAt === null || startOf(leg) <= endOf(before);
}

function joined(before: CallLeg, leg: CallLeg): CallLeg {
  return {
    ...before,
    rangAt: before.rangAt ?? leg.rangAt,
    lastRangAt: leg.rangAt ?? before.rangAt,
    rings: ringsOf(before, leg),
    talkedAt: least(before.talkedAt, leg.talkedAt),
    endedAt: lastEnd(before, leg),
    outcome: before.outcome === 'answered' ? before.outcome : leg.outcome,
  };
}

/** The devices of an extension ring once. */
function ringsOf(before: CallLeg, leg: CallLeg): number {
  const [earlier, later] = [before.rings ?? 0, leg.rings ?? 0];
  return leg.rangAt !== null && leg.rangAt < endOf(before) ? Math.max(earlier, later) : earlier + later;
}

/** The end of the talk, which an attempt without one does not prolong. */
function lastEnd(before: CallLeg, leg: CallLeg): number {
  if ((before.talkedAt === null) === (leg.talkedAt === null)) return Math.max(endOf(before), endOf(leg));
  return endOf(before.talkedAt === null ? leg : before);
}

/** A telephone that was not answered, while a colleague answered another one. */
function missedOutcome(leg: CallLeg, all: readonly CallLeg[]): LegOutcome | null {
  if (leg.outcome !== 'no_answer' || !isHumanLeg(leg)) return leg.outcome;
  const elsewhere = all.some(
    (one) =>
      one !== leg && one.talkedAt !== null && isHumanLeg(one) && one.talkedAt >= startOf(leg) && !isSameEnd(one, leg),
  );
  return elsewhere ? 'elsewhere' : leg.outcome;
}

function startOf(leg: CallLeg): number {
  return leg.rangAt ?? leg.talkedAt ?? endOf(leg);
}

function endOf(leg: CallLeg): number {
  return leg.endedAt ?? 0;
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
