import { createHash } from 'node:crypto';
import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import { timeText, timeTextOrNull } from '../base/time-text.ts';
import { type MatchDecision, matchAt } from '../directory/match.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import { withLineMarks } from '../interaction/attribution.ts';
import type { CallRecording, CallSnapshot } from '../interaction/contact-event.ts';
import type { Attribution, ClientRef, Interaction, Match, Named, Party } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import type { Recording } from '../interaction/recording.ts';
import { initialFields } from '../interaction/untouched.ts';
import { noProblem } from '../outbound/problem.ts';
import { firstAnswer, isUnknown, legOf, lineRef, talkSeconds, transferOf, waitSeconds } from './call-facts.ts';
import { isHumanLeg } from './human-leg.ts';
import { recordingProblem } from './recording-problem.ts';

/** Input of the reducer, in addition to the call. */
export interface CallContext {
  readonly id: InteractionId;
  /** The call's party, as `callParty` parsed it for the look-up. */
  readonly party: Party;
  readonly match: MatchDecision;
  readonly staff: StaffIndex;
  /** The attribution of the visit that was shown the dialled number, or null. */
  readonly visit: Attribution | null;
  readonly publicUrl: string;
  readonly now: number;
}

/**
 * The interaction after a snapshot: a new one at revision 1, the existing one at its next revision, or null if nothing changes.
 * Human decisions and answers of destinations are kept.
 */
export function reduceCall(existing: Interaction | null, call: CallSnapshot, context: CallContext): Interaction | null {
  const next = existing === null ? createCall(call, context) : updateCall(existing, call, context);
  if (existing === null) return next;
  return sameData(existing, next) ? null : { ...next, revision: existing.revision + 1 };
}

/** The id of a recording. It depends on the interaction and file only, so it is the same in each snapshot. */
export function recordingId(interaction: InteractionId, file: string): string {
  return createHash('sha256').update(`${interaction}\n${file}`).digest('hex').slice(0, 32);
}

function createCall(call: CallSnapshot, context: CallContext): Interaction {
  const { client, contact, match } = autoMatch(call, context);
  return {
    id: context.id,
    revision: 1,
    channel: 'call',
    ...initialFields,
    ...facts(call, context),
    client,
    contact,
    match,
    responsible: responsibleOf(context),
    attribution: withLineMarks(context.visit, context.staff.line(call.connection, call.dialled)?.attribution ?? null),
    subject: null,
    text: null,
  };
}

function updateCall(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  if (hasSeenEnd(existing, call)) return existing;
  const completes = call.basis === 'record' && existing.endedAt !== null;
  const next = completes ? completedByRecord(existing, call, context) : updatedLive(existing, call, context);
  if (existing.match.decidedBy === 'human' || (completes && next.party === existing.party)) return next;
  const { client, contact, match } = autoMatch(call, context);
  // An unchanged match keeps its time.
  const isSameMatch = sameData({ ...match, at: '' }, { ...existing.match, at: '' });
  return {
    ...next,
    client,
    contact,
    match: isSameMatch ? existing.match : match,
    responsible: existing.responsible ?? responsibleOf(context),
  };
}

function updatedLive(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  const next = facts(call, context);
  // The PBX reports a requested call, so it was made and an earlier problem is resolved.
  return { ...existing, ...next, ...noProblem, recordings: withSettled(existing, next.recordings) };
}

/** Whether the end of a call was already seen live. The PBX's record then adds nothing. */
export function hasSeenEnd(existing: Interaction, call: CallSnapshot): boolean {
  return call.basis === 'record' && existing.endedAt !== null && !existing.reconstructed;
}

/**
 * Keeps erased recordings erased, found ones found, and transcripts, in later snapshots: the tracker does not know what was found.
 */
function withSettled(existing: Interaction, recordings: readonly Recording[]): readonly Recording[] {
  const known = new Map(existing.recordings.map((one) => [one.id, one]));
  return recordings.map((recording) => {
    const before = known.get(recording.id);
    if (before?.state === 'erased' || (before?.state === 'ready' && recording.state !== 'ready')) return before;
    return { ...recording, transcript: before?.transcript ?? null };
  });
}

/**
 * Adds the recordings that the record names, and updates those that it named before. What was seen live has other names if the PBX
 * keeps its recordings in an unusual place, and stays as it is.
 */
function withRecorded(existing: Interaction, record: readonly Recording[]): readonly Recording[] {
  const known = existing.recordings;
  const named = new Map(withSettled(existing, record).map((one) => [one.id, one]));
  if (known.length > 0 && !known.some(({ id }) => named.has(id))) return known;
  const updated = known.map((one) => {
    const now = named.get(one.id) ?? one;
    // The record is read again after a restart, and does not know that the file was looked for.
    return now.state === 'pending' && one.state !== 'pending' ? one : now;
  });
  const ids = new Set(known.map(({ id }) => id));
  return [...updated, ...record.filter(({ id }) => !ids.has(id))];
}

/**
 * Completes a call whose end was missed with the times and outcome of the PBX's record. Its party comes from the record only if it
 * is unknown. Most records have no transfers; then those seen live are kept. Recordings follow when they are found.
 */
function completedByRecord(existing: Interaction, call: CallSnapshot, context: CallContext): Interaction {
  const startedAt = Math.min(call.startedAt, Date.parse(existing.startedAt));
  const record = facts({ ...call, startedAt }, context);
  const { state, answeredAt, endedAt, waitSeconds, talkSeconds, legs, transfers, handledBy } = record;
  return {
    ...existing,
    party: isUnknown(existing.party) ? record.party : existing.party,
    line: existing.line ?? record.line,
    startedAt: timeText(startedAt),
    state,
    answeredAt,
    endedAt,
    waitSeconds,
    talkSeconds,
    // The record does not tell why; what was seen live stays.
    result: existing.result ?? record.result,
    legs,
    transfers: transfers.length > 0 ? transfers : existing.transfers,
    handledBy: handledBy ?? existing.handledBy,
    recordings: withRecorded(existing, record.recordings),
  };
}

/** The fields that depend on the snapshot alone. */
function facts(call: CallSnapshot, context: CallContext) {
  const { staff } = context;
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
    result: call.result ?? null,
    legs: call.legs.map((leg) => legOf(staff, call.connection, leg)),
    transfers: call.transfers.map((transfer) => transferOf(staff, call.connection, transfer)),
    recordings: call.recordings.map((recording) => recordingOf(recording, context)),
    handledBy: lastTalker(call, staff),
    reconstructed: call.reconstructed,
    automatic: call.automatic ?? null,
  };
}

/** Who last talked with the party. Somebody outside whom a colleague sent the party on to is none of ours. */
function lastTalker({ legs, connection }: CallSnapshot, staff: StaffIndex): Named | null {
  const [last] = legs
    .filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null)
    .filter((leg) => leg.extension !== null || staff.byEnd(connection, leg) !== null)
    .sort((a, b) => (b.talkedAt ?? 0) - (a.talkedAt ?? 0));
  return last === undefined ? null : namedRef(staff.byEnd(connection, last));
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
    ...recordingProblem(recording.problem ?? null),
    transcript: null,
  };
}

/** Internal calls are never matched with clients. */
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

/** A reference to a client, as interactions contain it. */
export function clientRef(client: ClientRef): ClientRef {
  return { id: client.id, name: client.name, kind: client.kind, url: client.url };
}

function responsibleOf({ match, staff }: CallContext): Named | null {
  return namedRef(staff.byId(match.client?.responsible ?? null));
}
