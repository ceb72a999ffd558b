import type { LedgerChange, LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { Difference, Mending } from '../../shared/compare/comparable.ts';
import { service } from '../api/errors.ts';
import { isAttachable } from '../calls/attach-record.ts';
import { owedSteps } from '../calls/plan.ts';
import { finishedParts, reportedOf } from '../calls/reported.ts';
import { staffOf } from '../calls/staff.ts';
import { missingCard } from '../cards/missing-card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { isTooOld, lostStep, maxAgeDays, strangerOf, strangerSteps } from '../unknown/stranger-cards.ts';
import { hasActivity } from '../written/activity.ts';
import { clientCard } from '../written/activity-fields.ts';
import { placedText, removeStep, toldOf } from '../written/told.ts';

/** The contact that a difference is of, and what the portal was told of it. */
interface Of {
  readonly interaction: Interaction;
  readonly steps: readonly LedgerStep[];
  readonly parts: Bitrix24Parts;
  readonly signal: AbortSignal;
}

/** How a difference can be repaired in the portal. Nothing is changed by asking. */
export async function mendingOf(
  difference: Difference,
  interaction: Interaction,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Mending> {
  const steps = await parts.context.ledger({ kind: 'interaction', interaction }).steps();
  const of: Of = { interaction, steps, parts, signal };
  const { item, remote } = difference.expected;
  const [thing = '', number] = item.split(' ');
  const part = Number(number);
  switch (difference.kind) {
    case 'doubled':
      return thing === 'call'
        ? surplusCall(difference.remote.companion, of)
        : { kind: 'mend', removes: [difference.remote.id], ledger: null };
    case 'different':
      if (difference.fact === 'recording') return asOneCall(await lostRecording(part, of), null, of);
      return thing === 'activity' ? staleActivity(of) : { kind: 'impossible', why: reason('callFixed', { service }) };
    case 'missing':
    case 'deleted':
      if (remote === null) return deliver([]);
      return thing === 'call' ? asOneCall(lostCall(part, of), part, of) : lostOnPurpose(thing, of);
  }
}

function deliver(ledger: readonly LedgerChange[], removes: readonly string[] = []): Mending {
  return { kind: 'mend', removes, ledger };
}

function forgotten(
  steps: readonly LedgerStep[],
  isLost: (words: readonly string[]) => boolean,
): readonly LedgerChange[] {
  return steps.filter(({ step }) => isLost(step.split(' '))).map(({ step }) => ({ step, state: null, remote: null }));
}

/** Nothing can be deleted in the statistics, but the activity beside it can. */
async function surplusCall(activity: string | null, { parts, signal }: Of): Promise<Mending> {
  if (activity !== null && (await hasActivity(Number(activity), parts.portal, signal)))
    return { kind: 'mend', removes: [activity], ledger: null };
  return { kind: 'settled', why: reason('statisticsStay', { service }) };
}

/** The call is registered and finished afterwards. Its activity, if it is left, would stand beside the new one. */
function lostCall(part: number, { steps }: Of): Mending {
  const activity = finishedParts(reportedOf(steps)).find((one) => one.part === part)?.result.activity ?? null;
  const ofCall = ['register', 'cards', 'finish', 'record', 'transcript'];
  return deliver(
    forgotten(steps, ([name = '', of]) => ofCall.includes(name) && Number(of) === part),
    activity === null ? [] : [String(activity)],
  );
}

/**
 * A delivery that finishes no other part of the call than `part`. Once managers have become other users of the portal,
 * their talks would be recorded as further calls, which nothing could take back.
 */
async function asOneCall(
  mending: Mending,
  part: number | null,
  { interaction, steps, parts, signal }: Of,
): Promise<Mending> {
  if (mending.kind !== 'mend') return mending;
  const lost = new Set(mending.ledger?.map(({ step }) => step));
  const reported = reportedOf(steps.filter(({ step }) => !lost.has(step)));
  const owed = owedSteps(interaction, await staffOf(interaction, parts, signal), reported, parts.config);
  const isMore = owed.some((step) => step.kind === 'finish' && step.part !== part);
  return isMore ? { kind: 'impossible', why: reason('talkersChanged', { service }) } : mending;
}

/** The recording is attached once more, if its sound is still here. */
async function lostRecording(part: number, { interaction, steps, parts }: Of): Promise<Mending> {
  const { context, config } = parts;
  const ofPart = forgotten(steps, ([name, of]) => name === 'record' && Number(of) === part);
  const attached = ofPart.map(({ step }) => step.split(' ')[2]);
  for (const one of interaction.recordings) {
    const isUsable = one.state === 'ready' && isAttachable(one, config);
    const isOfPart = attached.length === 0 || attached.includes(one.id);
    if (isUsable && isOfPart && (await context.recording(one.id)) !== null) return deliver(ofPart);
  }
  return { kind: 'impossible', why: reason('soundGone') };
}

/**
 * What an activity says, but for its files, and whether it stands on its client's card are unknown from now on, so that
 * both are said again.
 */
function staleActivity({ steps }: Of): Mending {
  const told = toldOf(steps);
  const added = steps.find(({ step }) => step.startsWith(`add ${told?.number} `));
  if (told?.id == null || added === undefined) return deliver([]);
  const files = told.content?.split('.')[1] ?? null;
  const placed = told.cards ?? told.ours;
  const client = clientCard(placed);
  const cards = placed.filter((card) => card !== client);
  const remote = placedText({ id: told.id, cards, content: files && `0.${files}` });
  return deliver([
    ...forgotten(steps, ([name = '', of]) => ['change', 'bind'].includes(name) && Number(of) === told.number),
    { step: added.step, state: 'done', remote },
  ]);
}

/**
 * An activity, a comment or a card that people may have deleted. It is made anew as if it had been taken back; so are
 * the cards of a stranger that are gone as well.
 */
async function lostOnPurpose(thing: string, { interaction, steps, parts, signal }: Of): Promise<Mending> {
  const { context, portal } = parts;
  const told = thing === 'card' ? null : toldOf(steps);
  const record = told === null ? [] : takenBack(told.number, steps);
  const { cards, made } = strangerOf(steps);
  const isGone = cards.length > 0 && (await missingCard(cards, portal, signal)) !== null;
  if (!isGone) return deliver(record);
  if (isTooOld(interaction, context)) return { kind: 'impossible', why: reason('tooOldToMake', { days: maxAgeDays }) };
  const lost = made.length > 0 ? [{ step: lostStep, state: 'done', remote: null } as const] : [];
  return deliver([...record, ...forgotten(steps, (words) => strangerSteps.includes(words.join(' '))), ...lost]);
}

function takenBack(number: number, steps: readonly LedgerStep[]): readonly LedgerChange[] {
  return [
    ...forgotten(steps, ([name, of]) => name === 'remove' && Number(of) === number),
    { step: removeStep(number, 'unlinked'), state: 'done', remote: null },
  ];
}
