import { createHash } from 'node:crypto';
import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import { type MatchDecision, matchAt } from '../directory/match.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import { withLineMarks } from '../interaction/attribution.ts';
import type { CallRecording, CallSnapshot } from '../interaction/contact-event.ts';
import type {
  Attribution,
  ClientRef,
  Interaction,
  Match,
  Named,
  Party,
  Recording,
} from '../interaction/interaction.ts';
import { untouched } from '../interaction/untouched.ts';
import { noProblem } from '../outbound/problem.ts';
import {
  firstAnswer,
  isHumanLeg,
  isUnknown,
  legOf,
  lineRef,
  namedRef,
  talkSeconds,
  timeText,
  timeTextOrNull,
  transferOf,
  waitSeconds,
} from './call-facts.ts';

/** Input of the reducer, in addition to the call. */
export interface CallContext {
  readonly id: InteractionId;
  /** The call's party, as `callParty` parsed it for the look-up. */
  readonly party: Party;
  readonly match: MatchDecision;
  readonly staff: StaffIndex;
  /** Marks of the visit that was shown the dialled number; null if none was. */
  readonly visit: Attribution | null;
  readonly publicUrl: string;
  readonly now: number;
}

/**
 * The interaction after this snapshot: a new one at revision 1, the existing one with one revision
 * more, or `null` where the snapshot tells nothing new. What humans decided, and what destinations answered, stays.
 */
export function reduceCall(existing: Interaction | null, call: CallSnapshot, context: CallContext): Interaction | null {
  const next = existing === null ? createCall(call, context) : updateCall(existing, call, context);
  if (existing === null) return next;
  return sameData(existing, next) ? null : { ...next, revision: existing.revision + 1 };
}

/** The identity of a recording: the same file of the same interaction is the same recording in each snapshot. */
export function recordingId(interaction: InteractionId, file: string): string {
  return createHash('sha256').update(`${interaction}\n${file}`).digest('hex').slice(0, 32);
}

function createCall(call: CallSnapshot, context: CallContext): Interaction {
  const { client, contact, match } = autoMatch(call, context);
  return {
    id: context.id,
    revision: 1,
    channel: 'call',
    ...facts(call, context),
    client,
    contact,
    match,
    responsible: responsibleOf(context),
    attribution: withLineMarks(context.visit, context.staff.line(call.connection, call.dialled)?.attribution ?? null),
    subject: null,
    text: null,
    ...untouched,
  };
}

function updateCall(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  if (endStands(existing, call)) return existing;
  const mends = call.basis === 'record' && existing.endedAt !== null;
  const next = mends ? mendedByRecord(existing, call, context) : toldLive(existing, call, context);
  if (existing.match.decidedBy === 'human' || (mends && next.party === existing.party)) return next;
  const { client, contact, match } = autoMatch(call, context);
  // The same verdict keeps its time, as checking again is no change.
  const sameVerdict = sameData({ ...match, at: '' }, { ...existing.match, at: '' });
  return {
    ...next,
    client,
    contact,
    match: sameVerdict ? existing.match : match,
    responsible: existing.responsible ?? responsibleOf(context),
  };
}

function toldLive(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  const next = facts(call, context);
  // A requested call that is seen has come about, so an earlier problem is settled.
  return { ...existing, ...next, ...noProblem, recordings: withoutErased(existing, next.recordings) };
}

/** Whether the end of a call was seen live: then the PBX's record adds nothing. */
export function endStands(existing: Interaction, call: CallSnapshot): boolean {
  return call.basis === 'record' && existing.endedAt !== null && !existing.reconstructed;
}

/** Erased recordings stay erased, whatever a snapshot says. */
function withoutErased(existing: Interaction, recordings: readonly Recording[]): readonly Recording[] {
  const erased = new Map(existing.recordings.filter((r) => r.state === 'erased').map((r) => [r.id, r]));
  return recordings.map((recording) => erased.get(recording.id) ?? recording);
}

/**
 * Completes a call whose end was not seen by the PBX's record, which has its times and outcome. The party was seen live, unless only our
 * own end was. Transfers were seen live or are not in the record. Recordings follow once they are found.
 */
function mendedByRecord(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  const startedAt = Math.min(call.startedAt, Date.parse(existing.startedAt));
  const told = facts({ ...call, startedAt }, context);
  const { state, answeredAt, endedAt, waitSeconds, talkSeconds, legs, handledBy } = told;
  return {
    ...existing,
    party: isUnknown(existing.party) ? told.party : existing.party,
    line: existing.line ?? told.line,
    startedAt: timeText(startedAt),
    state,
    answeredAt,
    endedAt,
    waitSeconds,
    talkSeconds,
    legs,
    handledBy: handledBy ?? existing.handledBy,
    recordings: told.recordings.length === 0 ? existing.recordings : withoutErased(existing, told.recordings),
  };
}

/** What the snapshot itself tells, and nothing else. */
function facts(call: CallSnapshot, context: CallContext) {
  const { staff } = context;
  const lastTalk = [...call.legs]
    .filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null)
    .sort((a, b) => (b.talkedAt ?? 0) - (a.talkedAt ?? 0))[0];
  return {
    direction: call.direction,
    state: call.state,
    party: context.party,
    line: lineRef(staff, call.connection, call.dialled),
    startedAt: timeText(call.startedAt),
    answeredAt: timeTextOrNull(firstAnswer(call.legs)),
    endedAt: timeTextOrNull(call.endedAt),
    waitSeconds: waitSeconds(call),
    talkSeconds: talkSeconds(call),
    legs: call.legs.map((leg) => legOf(staff, call.connection, leg)),
    transfers: call.transfers.map((transfer) => transferOf(staff, call.connection, transfer)),
    recordings: call.recordings.map((recording) => recordingOf(recording, context)),
    handledBy: lastTalk === undefined ? null : namedRef(staff.byEnd(call.connection, lastTalk)),
    reconstructed: call.reconstructed,
  };
}

function recordingOf(recording: CallRecording, context: CallContext): Recording {
  const id = recordingId(context.id, recording.file);
  return {
    id,
    leg: recording.leg,
    kind: recording.kind,
    state: recording.state,
    startedAt: timeText(recording.startedAt),
    seconds: recording.seconds,
    mime: recording.mime,
    bytes: recording.bytes,
    url: recording.state === 'ready' ? `${context.publicUrl}/api/v1/recordings/${id}` : null,
  };
}

/** An internal call is nobody's client: it is kept as internal and never matched. */
function autoMatch(
  call: CallSnapshot,
  { match, now }: CallContext,
): { client: ClientRef | null; contact: Named | null; match: Match } {
  const at = match.chosenAt ?? timeText(now);
  if (call.direction === 'internal') {
    return {
      client: null,
      contact: null,
      match: { outcome: 'unknown', decidedBy: 'auto', by: null, at, candidates: [] },
    };
  }
  return {
    client: match.client === null ? null : clientRef(match.client),
    contact: match.contact,
    match: matchAt(match, at),
  };
}

/** A client as an interaction carries it. */
export function clientRef(client: ClientRef): ClientRef {
  return { id: client.id, name: client.name, kind: client.kind, url: client.url };
}

function responsibleOf({ match, staff }: CallContext): Named | null {
  return namedRef(staff.byId(match.client?.responsible ?? null));
}
