import { type Interaction, isLive } from '../../../domain/interaction/interaction.ts';
import type { Recording } from '../../../domain/interaction/recording.ts';
import { bestRecording, bestTranscribed } from '../../shared/best-recording.ts';
import { partOf, type Reported } from './reported.ts';
import { resultCode } from './result-codes.ts';
import { ringing, type Staff, type Talk, talksOf } from './talks.ts';

/** One thing that the portal does not know of a call yet. `part` is counted from 1; see reported.ts. */
export type CallStep = RegisterStep | CardsStep | FinishStep | RecordStep | TranscriptStep;

/** The call begins at a user's telephone. */
export interface RegisterStep {
  readonly kind: 'register';
  readonly part: number;
  readonly user: number;
  readonly startedAt: string;
}

/** The call card is open for `users` and nobody else. */
export interface CardsStep {
  readonly kind: 'cards';
  readonly part: number;
  readonly users: readonly number[];
  readonly show: readonly number[];
  readonly hide: readonly number[];
}

/** The call is over. If it was not registered before, it is registered with its true time. */
export interface FinishStep {
  readonly kind: 'finish';
  readonly part: number;
  readonly user: number;
  readonly startedAt: string;
  readonly seconds: number;
  /** `STATUS_CODE`. */
  readonly code: string;
  readonly reason: string | null;
}

/** The recording belongs to a finished call. */
export interface RecordStep {
  readonly kind: 'record';
  readonly part: number;
  readonly recording: Recording;
}

/** The transcript of a recording belongs to a finished call. */
export interface TranscriptStep {
  readonly kind: 'transcript';
  readonly part: number;
  readonly recording: Recording;
}

/** What of the settings the plan depends on. */
export interface PlanSettings {
  readonly show: boolean;
  readonly internal?: boolean;
}

/** The steps that are owed for the latest state of a call, in their order, given what was reported before. */
export function owedSteps(
  call: Interaction,
  staff: Staff,
  reported: Reported,
  settings: PlanSettings,
): readonly CallStep[] {
  // Another interaction reports this call, or it proved to be one between colleagues; only its open cards are closed.
  if (call.mergedInto !== null || isLeftOut(call, reported, settings))
    return [...reported.keys()].flatMap((part) => closedCards(part, null, reported));
  if (isLive(call.state)) return liveSteps(call, staff, reported, settings);
  const hasEnded = call.state === 'answered' || call.state === 'missed' || call.state === 'unanswered';
  if (hasEnded || (call.state === 'failed' && wasMade(call, reported))) return endedSteps(call, staff, reported);
  return [];
}

/** Whether a call is none that the settings want. It can have been registered before that was known. */
function isLeftOut({ direction }: Interaction, reported: Reported, { internal }: PlanSettings): boolean {
  return (
    direction === 'internal' && internal !== true && [...reported.values()].every(({ finished }) => finished === null)
  );
}

/** Whether a failed call was made: one that the PBX did not even accept is none, unless the portal waits for it. */
function wasMade(call: Interaction, reported: Reported): boolean {
  return call.legs.length > 0 || call.problem === null || partOf(reported, 1).registered !== null;
}

function liveSteps(call: Interaction, staff: Staff, reported: Reported, { show }: PlanSettings): readonly CallStep[] {
  const talks = assigned(talksOf(call, staff), reported);
  const waiting = ringing(call, staff);
  const steps: CallStep[] = [];
  const first = talks.get(1);
  const parts = [...talks].filter(([part, { isOn }]) => part > 1 && isOn);
  const opener = waiting[0] ?? first?.user;
  if (opener !== undefined) {
    steps.push(...register(1, opener, call.startedAt, reported));
    const users = [...waiting, ...(first?.isOn ? [first.user] : [])];
    if (show) steps.push(...cards(1, users, reported));
  } else if (show) steps.push(...cards(1, [], reported));
  for (const [part, { user, rangAt }] of parts) {
    steps.push(...register(part, user, rangAt, reported));
    if (show) steps.push(...cards(part, [user], reported));
  }
  const over = [...reported.keys()].filter((part) => part > 1 && !parts.some(([one]) => one === part));
  return [...steps, ...over.flatMap((part) => closedCards(part, null, reported))];
}

function endedSteps(call: Interaction, staff: Staff, reported: Reported): readonly CallStep[] {
  const talks = talksOf(call, staff);
  const byPart = assigned(talks, reported);
  const ends: Omit<FinishStep, 'kind'>[] = [...byPart].map(([part, { user, seconds, rangAt }]) => {
    const startedAt = part === 1 ? call.startedAt : rangAt;
    return { part, user, startedAt, seconds, code: '200', reason: null };
  });
  if (talks.length === 0) ends.push({ part: 1, ...withoutTalk(call, staff) });
  const left = [...reported.keys()].filter((part) => !ends.some((end) => end.part === part));
  const steps: CallStep[] = left.flatMap((part) => closedCards(part, null, reported));
  for (const end of ends) steps.push(...closedCards(end.part, end.user, reported), ...finished(end, reported));
  for (const [part, { finished, records, hasTranscript }] of reported) {
    if (finished?.result == null) continue;
    const talk = byPart.get(part) ?? null;
    const recording = bestRecording(call, talk);
    if (recording !== null && !records.includes(recording.id)) steps.push({ kind: 'record', part, recording });
    const transcribed = hasTranscript ? null : bestTranscribed(call, talk);
    if (transcribed !== null) steps.push({ kind: 'transcript', part, recording: transcribed });
  }
  return steps;
}

/** The end of a call in which no employee talked. It is reported once, however many telephones rang. */
export function withoutTalk(call: Interaction, staff: Staff): Omit<FinishStep, 'kind' | 'part'> {
  const { state, startedAt, problem } = call;
  const caller = call.direction === 'inbound' ? null : (staff.legs.find((user) => user !== null) ?? null);
  const user = caller ?? staff.owner ?? staff.fallback ?? 0;
  // Somebody answered, but at an end that is none of ours: a stranger whom the call was passed on to.
  if (state === 'answered') {
    return { user, startedAt, seconds: Math.max(1, call.talkSeconds ?? 0), code: '200', reason: null };
  }
  const hasVoicemail = call.recordings.some(({ kind, state }) => kind === 'voicemail' && state !== 'erased');
  return { user, startedAt, seconds: 0, code: resultCode(call), reason: hasVoicemail ? 'Voicemail' : problem };
}

/** The talks by part: a user keeps the part that is finished in their name, the others follow in order. */
function assigned(talks: readonly Talk[], reported: Reported): ReadonlyMap<number, Talk> {
  const parts = new Map<number, Talk>();
  const taken = new Map([...reported].flatMap(([part, { finished }]) => (finished ? [[part, finished.user]] : [])));
  const own = (talk: Talk) => [...taken].find(([, user]) => user === talk.user)?.[0];
  let next = 1;
  for (const talk of talks) {
    const known = own(talk);
    if (known === undefined) while (taken.has(next) || parts.has(next)) next += 1;
    parts.set(known ?? next, talk);
  }
  return parts;
}

/** A registration that is begun is completed for the same user, so that the portal recognises a repeat. */
function register(part: number, user: number, startedAt: string, reported: Reported): readonly CallStep[] {
  const { registered } = partOf(reported, part);
  if (registered?.callId != null) return [];
  return [{ kind: 'register', part, user: registered?.user ?? user, startedAt }];
}

function cards(part: number, wanted: readonly number[], reported: Reported): readonly CallStep[] {
  const { cards, everSeen } = partOf(reported, part);
  const users = [...new Set(wanted)].toSorted((a, b) => a - b);
  const isSame = users.length === cards.users.length && users.every((user) => cards.users.includes(user));
  if (isSame && cards.isDone) return [];
  const show = cards.isDone ? users.filter((user) => !cards.users.includes(user)) : users;
  const hide = (cards.isDone ? cards.users : everSeen).filter((user) => !users.includes(user));
  return [{ kind: 'cards', part, users, show, hide }];
}

/** Closes the cards of a part. That of the user in whose name it is finished is closed by the portal. */
function closedCards(part: number, finisher: number | null, reported: Reported): readonly CallStep[] {
  const { cards, everSeen, finished } = partOf(reported, part);
  if (finished?.result != null) return [];
  const users = cards.users.filter((user) => user === finisher);
  if (cards.isDone && users.length === cards.users.length) return [];
  const hide = (cards.isDone ? cards.users : everSeen).filter((user) => !users.includes(user));
  return [{ kind: 'cards', part, users, show: [], hide }];
}

/** Finishing, after a registration that is begun. What is finished or being finished keeps its user. */
function finished(step: Omit<FinishStep, 'kind'>, reported: Reported): readonly CallStep[] {
  const { registered, finished } = partOf(reported, step.part);
  if (finished?.result != null) return [];
  const isBegun = registered !== null && registered.callId === null;
  const first = isBegun ? register(step.part, step.user, step.startedAt, reported) : [];
  return [...first, { kind: 'finish', ...step, user: finished?.user ?? step.user }];
}
