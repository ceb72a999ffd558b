import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import { type Card, cardOf, cardText } from '../cards/card.ts';

/*
 * A call is one call of the portal per manager who talked. These are its parts, counted from 1; the first one also
 * covers the ring. The names of the ledger's steps say what was reported of a part:
 *
 *   register PART USER              remote: CALL_ID and whom it was registered with, see `otherSide`
 *   cards PART REVISION USERS       who sees the card since that revision
 *   finish PART USER [again]        remote: see `Finished`; `again`: registered once more, with another side
 *   record PART RECORDING           remote: FILE_ID
 *   transcript PART                 remote: TRANSCRIPT_ID
 *   clicked                         remote: see `Clicked`; the call is part 1
 */

/**
 * The name of the step by which a call is adopted that was begun in the portal. It is written together with the request of the call, so
 * that no telephone rings before.
 */
export const clickedStep = 'clicked';

export const registerStep = (part: number, user: number): string => `register ${part} ${user}`;
export const finishStep = (part: number, user: number): string => `finish ${part} ${user}`;
export const finishAgainStep = (part: number, user: number): string => `${finishStep(part, user)} again`;
export const recordStep = (part: number, recording: string): string => `record ${part} ${recording}`;
export const transcriptStep = (part: number): string => `transcript ${part}`;
export const cardsStep = (part: number, revision: number, users: readonly number[]): string =>
  `cards ${part} ${revision} ${users.length === 0 ? '-' : users.join(',')}`;

/** A finished call of the portal. */
export interface Finished {
  readonly callId: string;
  /** The activity that the portal made of it (`CRM_ACTIVITY_ID`); null if it has no card. */
  readonly activity: number | null;
  /** Its card, such as `contact-12`. */
  readonly card: string | null;
}

/** A place in a call list of the portal (`crm.calllist`). */
export interface ListPlace {
  readonly list: number;
  /** The contact or company of the list whose number was clicked. */
  readonly card: Card | null;
}

/** A call that a user of the portal began by a click, and that the portal has registered. */
export interface Clicked {
  readonly callId: string;
  /** Null if it was clicked outside of call lists. */
  readonly of: ListPlace | null;
}

/** A registered call of the portal. */
export interface Registered {
  readonly user: number;
  /** Null while it is uncertain. */
  readonly callId: string | null;
  /** Whom it was registered with, see `otherSide`; null if the portal has registered it, or an earlier version. */
  readonly side: string | null;
}

/** What was reported of a part of a call. */
export interface ReportedPart {
  /** Null if it was never registered. */
  readonly registered: Registered | null;
  /** Who has the card open since a revision, and whether that is certain. */
  readonly cards: { readonly users: readonly number[]; readonly revision: number; readonly isDone: boolean };
  /** Everybody who may have seen the card. */
  readonly everSeen: readonly number[];
  /** Null if it was never finished. `result` is null while that is uncertain. */
  readonly finished: { readonly user: number; readonly result: Finished | null } | null;
  /** Recordings that were attached. */
  readonly records: readonly string[];
  /** Whether a transcript was attached. */
  readonly hasTranscript: boolean;
}

/** What was reported of a call, by part. */
export type Reported = ReadonlyMap<number, ReportedPart>;

const unreported: ReportedPart = {
  registered: null,
  cards: { users: [], revision: 0, isDone: true },
  everSeen: [],
  finished: null,
  records: [],
  hasTranscript: false,
};

/** What was reported of a part. */
export function partOf(reported: Reported, part: number): ReportedPart {
  return reported.get(part) ?? unreported;
}

/** A part that was finished in the portal. */
export interface FinishedPart {
  readonly part: number;
  readonly user: number;
  readonly result: Finished;
  readonly records: readonly string[];
}

/** The parts of a call that were finished for certain. */
export function finishedParts(reported: Reported): readonly FinishedPart[] {
  return [...reported].flatMap(([part, { finished, records }]) =>
    finished?.result == null ? [] : [{ part, user: finished.user, result: finished.result, records }],
  );
}

/** Reads the steps of a call's ledger, the earliest first. */
export function reportedOf(steps: readonly LedgerStep[]): Reported {
  const reported = new Map<number, ReportedPart>();
  const change = (part: number, more: Partial<ReportedPart>) =>
    reported.set(part, { ...partOf(reported, part), ...more });
  for (const { step, state, remote } of steps) {
    const [name, number = '', third = '', fourth = ''] = step.split(' ');
    const part = Number(number);
    const before = partOf(reported, part);
    const done = state === 'done' ? remote : null;
    if (name === 'register') change(part, { registered: { user: Number(third), ...readRegistered(done) } });
    else if (name === 'finish') change(part, { finished: { user: Number(third), result: readFinished(done) } });
    else if (name === 'record' && state === 'done') change(part, { records: [...before.records, third] });
    else if (name === 'transcript') change(part, { hasTranscript: state === 'done' });
    else if (name === 'cards') {
      const users = fourth === '-' ? [] : fourth.split(',').map(Number);
      const cards = { users, revision: Number(third), isDone: state === 'done' };
      change(part, {
        everSeen: [...new Set([...before.everSeen, ...users])],
        ...(cards.revision >= before.cards.revision && { cards }),
      });
    }
  }
  const clicked = clickedOf(steps)?.callId ?? null;
  if (clicked !== null)
    change(1, { registered: { user: partOf(reported, 1).registered?.user ?? 0, callId: clicked, side: null } });
  return reported;
}

/** What the ledger keeps of a click in the portal. */
export function clickedText({ callId, of }: Clicked): string {
  return of === null ? callId : [callId, of.list, of.card === null ? '-' : cardText(of.card)].join(' ');
}

/** The call that a user of the portal began by a click; null if it was begun elsewhere. */
export function clickedOf(steps: readonly LedgerStep[]): Clicked | null {
  const remote = steps.find(({ step }) => step === clickedStep)?.remote ?? null;
  if (remote === null) return null;
  const [callId = '', list, card = '-'] = remote.split(' ');
  return { callId, of: list === undefined ? null : { list: Number(list), card: cardOf(card) } };
}

/** What the ledger keeps of a registered call. */
export function registeredText({ callId, side }: { readonly callId: string; readonly side: string }): string {
  return `${callId} ${side}`;
}

function readRegistered(remote: string | null): Pick<Registered, 'callId' | 'side'> {
  const [callId = null, side = null] = remote?.split(' ') ?? [];
  return { callId, side };
}

/** What the ledger keeps of a finished call. */
export function finishedText({ callId, activity, card }: Finished): string {
  return [callId, activity ?? '-', card ?? '-'].join(' ');
}

function readFinished(remote: string | null): Finished | null {
  if (remote === null) return null;
  const [callId = '', activity = '-', card = '-'] = remote.split(' ');
  return { callId, activity: activity === '-' ? null : Number(activity), card: card === '-' ? null : card };
}
