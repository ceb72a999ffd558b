import { timeText, timeTextOrNull } from '../base/time-text.ts';
import { cleanText, parsePhone } from '../directory/identifiers.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { CallEnd, CallLeg, CallSnapshot, CallTransfer } from '../interaction/contact-event.ts';
import type { Attribution, End, Leg, LineRef, Party, Transfer } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { isHumanLeg } from './human-leg.ts';

/** The time when an employee first talked with the party, or null. */
export function firstAnswer(legs: readonly CallLeg[]): number | null {
  const talks = legs.filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null).map((leg) => leg.talkedAt as number);
  return talks.length === 0 ? null : Math.min(...talks);
}

/** Seconds from the start to the first human answer, else to the end; null while it still rings. */
export function waitSeconds(call: Pick<CallSnapshot, 'startedAt' | 'endedAt' | 'legs'>): number | null {
  const until = firstAnswer(call.legs) ?? call.endedAt;
  return until === null ? null : Math.max(0, Math.round((until - call.startedAt) / 1000));
}

/** Seconds of human talk: the union of the human legs' talks, so that a conference counts once. Null until the call ends. */
export function talkSeconds(call: Pick<CallSnapshot, 'endedAt' | 'legs'>): number | null {
  if (call.endedAt === null) return null;
  const end = call.endedAt;
  const talks = call.legs
    .filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null)
    .map((leg) => ({ from: leg.talkedAt as number, to: leg.endedAt ?? end }))
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of talks) {
    total += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return Math.round(total / 1000);
}

/** The line as other programs see it. An unconfigured DID is a line with its address as the id. */
export function lineRef(staff: StaffIndex, connection: string, dialled: string | null): LineRef | null {
  if (dialled === null || dialled === '') return null;
  const line = staff.line(connection, dialled);
  if (line === null) return { id: dialled, label: dialled, address: dialled, connection };
  return { id: line.id, label: line.label, address: line.address, connection: line.connection ?? connection };
}

/** A line's configured attribution, or null. */
export function lineAttribution(staff: StaffIndex, connection: string, address: string | null): Attribution | null {
  const marks = staff.line(connection, address)?.attribution;
  if (marks === undefined || (marks.source ?? marks.medium ?? marks.campaign) === null) return null;
  return { ...marks, content: null, term: null, page: null, referrer: null, ids: {} };
}

/** The outside party of a call. An internal number never becomes a phone. */
export function callParty(call: CallSnapshot, staff: StaffIndex): Party {
  const region = staff.regionOf(call.connection, call.dialled);
  const parsed =
    call.direction === 'internal'
      ? { phone: null, ext: null }
      : parsePhone(call.party.number ?? call.party.raw, region);
  return {
    phone: call.party.withheld ? null : parsed.phone,
    raw: cleanText(call.party.raw, 128),
    ext: parsed.ext,
    withheld: call.party.withheld,
    email: null,
    account: null,
    // Some PBXs have lost letters of a name themselves.
    name: cleanText((call.party.name ?? '').replaceAll('\ufffd', ''), 200) || null,
  };
}

/** Whether nothing is known about a call's party, not even that the number is withheld. */
export function isUnknown(party: Pick<Party, 'raw' | 'withheld'>): boolean {
  return party.raw === '' && !party.withheld;
}

/** An end as other programs see it, with its manager. */
export function endOf(staff: StaffIndex, connection: string, end: CallEnd): End {
  return { manager: namedRef(staff.byEnd(connection, end)), extension: end.extension, phone: end.phone };
}

/** A leg as other programs see it. */
export function legOf(staff: StaffIndex, connection: string, leg: CallLeg): Leg {
  return {
    manager: namedRef(staff.byEnd(connection, leg)),
    extension: leg.extension,
    phone: leg.phone,
    kind: leg.kind,
    rangAt: timeTextOrNull(leg.rangAt),
    lastRangAt: timeTextOrNull(leg.lastRangAt ?? leg.rangAt),
    rings: leg.rings ?? (leg.rangAt === null ? 0 : 1),
    talkedAt: timeTextOrNull(leg.talkedAt),
    endedAt: timeTextOrNull(leg.endedAt),
    outcome: leg.outcome,
    heldAt: timeTextOrNull(leg.heldAt ?? null),
    position: leg.position ?? null,
    left: leg.left ?? null,
  };
}

/** A transfer as other programs see it. */
export function transferOf(staff: StaffIndex, connection: string, transfer: CallTransfer): Transfer {
  return {
    kind: transfer.kind,
    from: endOf(staff, connection, transfer.from),
    to: endOf(staff, connection, transfer.to),
    at: timeText(transfer.at),
    outcome: transfer.outcome,
  };
}
