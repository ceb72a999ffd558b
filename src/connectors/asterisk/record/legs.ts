import type { CallLeg } from '../../../domain/interaction/contact-event.ts';
import type { LegOutcome } from '../../../domain/interaction/interaction.ts';
import { otherHalf } from '../endpoints/channel-name.ts';
import type { RecordRow } from './row.ts';
import type { Side, Told } from './sides.ts';

const menuApps = new Set(['BACKGROUND', 'READ', 'WAITEXTEN', 'IVR']);
const voicemailApps = new Set(['VOICEMAIL', 'MINIVM', 'MINIVMRECORD']);

/** Whether the two ends of a row talked with each other. */
function isAnswered({ row }: Told): boolean {
  return row.disposition === 'ANSWERED' && row.answer !== null;
}

/**
 * Whether the talk of a row reached the party: through Local channels, all of the way was answered. A mobile that was picked up
 * and did not confirm the call is answered in its own row only.
 */
function reachesCaller(one: Told, all: readonly Told[]): boolean {
  if (!isAnswered(one)) return false;
  const half = otherHalf(one.row.channel);
  const before = half === null ? undefined : all.find(({ row }) => row.destinationChannel === half);
  return before === undefined || before === one || before.row.application === 'Queue' || reachesCaller(before, all);
}

/** Who called through any Local channels in between. Of a Local channel that nobody called, nobody did. */
function callerOf(one: Told, all: readonly Told[], depth = 0): Side {
  const half = otherHalf(one.row.channel);
  if (one.from.kind !== 'local' || half === null || depth > all.length) return one.from;
  const before = all.find(({ row }) => row.destinationChannel === half);
  return before === undefined ? { kind: 'none' } : callerOf(before, all, depth + 1);
}

/**
 * The legs of a call with the outside: ours and mobiles that were called, and ours that called the party. A talk among ourselves,
 * such as a question before a transfer, is no talk with the party. In an inbound call, whoever is called over a trunk is a mobile.
 */
export function legsOfParty(all: readonly Told[], direction: 'inbound' | 'outbound'): readonly CallLeg[] {
  const legs = all.flatMap((one): readonly CallLeg[] => {
    const caller = callerOf(one, all);
    const talked = reachesCaller(one, all);
    if (one.to.kind === 'outside' && direction === 'outbound') {
      return caller.kind === 'ours' ? [humanLeg(one.row, caller, talked, null)] : [];
    }
    const called = one.to.kind === 'outside' ? mobile(one.to.number) : one.to;
    if (called.kind !== 'ours') return serviceLeg(one.row);
    return [humanLeg(one.row, called, talked && caller.kind !== 'ours', one.row.start), ...serviceLeg(one.row)];
  });
  return folded(legs);
}

/** The legs of an internal call, in which the caller talks too. */
export function legsOfColleagues(all: readonly Told[]): readonly CallLeg[] {
  const legs = all.flatMap((one): readonly CallLeg[] => {
    const talked = reachesCaller(one, all) && one.row.destinationChannel !== '';
    const calling = one.from.kind === 'ours' ? [humanLeg(one.row, one.from, talked, null)] : [];
    const called = one.to.kind === 'ours' ? [humanLeg(one.row, one.to, talked, one.row.start)] : [];
    return [...calling, ...called, ...serviceLeg(one.row)];
  });
  return folded(legs);
}

function mobile(phone: string): Side {
  return { kind: 'ours', extension: null, phone: phone || null };
}

function humanLeg(
  row: RecordRow,
  { extension, phone }: Extract<Side, { kind: 'ours' }>,
  talked: boolean,
  rangAt: number | null,
): CallLeg {
  return {
    kind: extension === null ? 'mobile' : 'extension',
    extension,
    phone,
    rangAt,
    talkedAt: talked ? row.answer : null,
    endedAt: row.end,
    outcome: talked ? 'answered' : outcomeOf(row),
  };
}

function outcomeOf({ disposition }: RecordRow): LegOutcome {
  if (disposition === 'BUSY') return 'busy';
  if (disposition === 'FAILED' || disposition === 'CONGESTION') return 'failed';
  return disposition === 'ANSWERED' ? 'answered' : 'no_answer';
}

/** The queue, menu or voicemail in which a row ended. */
function serviceLeg(row: RecordRow): readonly CallLeg[] {
  const application = row.application.toUpperCase();
  const kind =
    application === 'QUEUE'
      ? 'queue'
      : voicemailApps.has(application)
        ? 'voicemail'
        : menuApps.has(application)
          ? 'ivr'
          : null;
  if (kind === null) return [];
  const named = kind === 'ivr' ? row.destination : (row.data.split(/[@,&]/, 1)[0] ?? '');
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

function belongTogether(before: CallLeg, leg: CallLeg): boolean {
  if (before.talkedAt === null || leg.talkedAt === null)
    return before.talkedAt === null || startOf(leg) <= endOf(before);
  return startOf(leg) <= endOf(before);
}

function joined(before: CallLeg, leg: CallLeg): CallLeg {
  return {
    ...before,
    rangAt: before.rangAt ?? leg.rangAt,
    talkedAt: least(before.talkedAt, leg.talkedAt),
    endedAt: Math.max(endOf(before), endOf(leg)),
    outcome: before.outcome === 'answered' ? before.outcome : leg.outcome,
  };
}

/** A telephone that was not answered, while a colleague answered another one. */
function missedOutcome(leg: CallLeg, all: readonly CallLeg[]): LegOutcome | null {
  if (leg.outcome !== 'no_answer' || (leg.kind !== 'extension' && leg.kind !== 'mobile')) return leg.outcome;
  const elsewhere = all.some(
    (one) =>
      one !== leg && one.talkedAt !== null && isHuman(one) && one.talkedAt >= startOf(leg) && !isSameEnd(one, leg),
  );
  return elsewhere ? 'elsewhere' : leg.outcome;
}

function isHuman({ kind }: CallLeg): boolean {
  return kind === 'extension' || kind === 'mobile';
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
