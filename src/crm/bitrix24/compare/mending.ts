import type { LedgerChange, LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { Difference, Mending } from '../../shared/compare/comparable.ts';
import { service } from '../api/errors.ts';
import { isAttachable } from '../calls/attach-record.ts';
import { finishedParts, reportedOf } from '../calls/reported.ts';
import { missingCard } from '../cards/missing-card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { isTooOld, lostStep, maxAgeDays, strangerOf, strangerSteps } from '../unknown/stranger-cards.ts';
import { hasActivity } from '../written/activity.ts';
import { placedText, removeStep, toldOf } from '../written/told.ts';

/** How a difference can be repaired in the portal. Nothing is changed by asking. */
export async function mendingOf(
  difference: Difference,
  interaction: Interaction,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Mending> {
  const steps = await parts.context.ledger({ kind: 'interaction', interaction }).steps();
  const { item, remote } = difference.expected;
  const [thing = '', part = ''] = item.split(' ');
  switch (difference.kind) {
    case 'doubled':
      return thing === 'call'
        ? surplusCall(difference.remote.companion, parts, signal)
        : { kind: 'mend', removes: [difference.remote.id], ledger: null };
    case 'different':
      if (difference.fact === 'recording') return lostRecording(Number(part), steps, interaction, parts);
      if (thing === 'activity') return staleActivity(steps);
      return { kind: 'impossible', why: reason('callFixed', { service }) };
    case 'missing':
    case 'deleted':
      if (remote === null) return deliver([]);
      if (thing === 'call') return lostCall(Number(part), steps);
      return lostOnPurpose(thing, steps, interaction, parts, signal);
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
async function surplusCall(activity: string | null, { portal }: Bitrix24Parts, signal: AbortSignal): Promise<Mending> {
  if (activity !== null && (await hasActivity(Number(activity), portal, signal)))
    return { kind: 'mend', removes: [activity], ledger: null };
  return { kind: 'settled', why: reason('statisticsStay', { service }) };
}

/** The call is registered and finished afterwards. Its activity, if it is left, would stand beside the new one. */
function lostCall(part: number, steps: readonly LedgerStep[]): Mending {
  const activity = finishedParts(reportedOf(steps)).find((one) => one.part === part)?.result.activity ?? null;
  const ofCall = ['register', 'cards', 'finish', 'record'];
  return deliver(
    forgotten(steps, ([name = '', of]) => ofCall.includes(name) && Number(of) === part),
    activity === null ? [] : [String(activity)],
  );
}

/** The recording is attached once more, if its sound is still here. */
async function lostRecording(
  part: number,
  steps: readonly LedgerStep[],
  { recordings }: Interaction,
  { context, config }: Bitrix24Parts,
): Promise<Mending> {
  const usable = recordings.filter((one) => one.state === 'ready' && isAttachable(one, config));
  for (const { id } of usable)
    if ((await context.recording(id)) !== null)
      return deliver(forgotten(steps, ([name, of]) => name === 'record' && Number(of) === part));
  return { kind: 'impossible', why: reason('soundGone') };
}

/** What an activity says is unknown from now on, but for its files, so that it is said again. */
function staleActivity(steps: readonly LedgerStep[]): Mending {
  const told = toldOf(steps);
  const added = steps.find(({ step }) => step.startsWith(`add ${told?.number} `));
  if (told?.id == null || added === undefined) return deliver([]);
  const files = told.content?.split('.')[1] ?? null;
  const remote = placedText({ id: told.id, cards: told.cards ?? told.ours, content: files && `0.${files}` });
  return deliver([
    ...forgotten(steps, ([name, of]) => name === 'change' && Number(of) === told.number),
    { step: added.step, state: 'done', remote },
  ]);
}

/**
 * An activity, a comment or a card that people may have deleted. It is made anew as if it had been taken back; so are
 * the cards of a stranger that are gone as well.
 */
async function lostOnPurpose(
  thing: string,
  steps: readonly LedgerStep[],
  interaction: Interaction,
  { context, portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Mending> {
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
