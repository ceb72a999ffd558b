import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import { type Card, cardOf, cardText } from '../cards/card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { isDenied, lostStep } from '../unknown/stranger-cards.ts';
import { removeActivity } from './activity.ts';
import { moveActivity } from './move-activity.ts';

/** The activity that the portal made of a finished call, and its card, such as `contact-12`. */
export interface CallActivity {
  readonly activity: number | null;
  readonly card: string | null;
}

/**
 * Moves the activities of a finished call to the client's card once the call belongs to another client than when it
 * was finished, and deletes them if the call was merged into another one or belongs to no client. The call itself stays in the
 * portal's statistics, where nothing can be deleted. Rejects with a ServiceError.
 */
export async function correctCalls(
  call: Interaction,
  finished: readonly CallActivity[],
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  const known = finished.flatMap(({ activity, card }) => {
    const on = cardOf(card ?? '');
    return activity === null || on === null ? [] : [{ activity, on }];
  });
  if (known.length === 0) return;
  const isMerged = call.mergedInto !== null;
  // A call that is over makes nothing, unless what it made is gone and was asked for again.
  const make = (await ledger.find(lostStep)) !== null;
  const cards = isMerged ? [] : (await parts.cards.of(call, signal, { make })).filter(({ kind }) => kind !== 'deal');
  // Of somebody who is no longer known, or may be several clients, the card stays that the call was put on.
  if (!isMerged && cards.length === 0 && !isDenied(call)) return;
  const [target] = cards;
  for (const { activity, on } of known) {
    const place = await placeOf(activity, on, ledger);
    if (place === 'gone') continue;
    if (target === undefined) await remove(activity, ledger, parts, signal);
    else if (!cards.some((card) => cardText(card) === cardText(place)))
      await move(activity, place, target, call.revision, ledger, parts, signal);
  }
}

const moveName = (activity: number, revision: number, to: Card): string =>
  `call ${activity} ${revision} ${cardText(to)}`;
const removeName = (activity: number): string => `call ${activity} removed`;

/** Where an activity stands after the moves so far. */
async function placeOf(activity: number, first: Card, ledger: Ledger): Promise<Card | 'gone'> {
  let [place, since] = [first, 0];
  for (const { step, state } of await ledger.steps()) {
    const [name, id, revision, card = ''] = step.split(' ');
    if (name !== 'call' || Number(id) !== activity || state !== 'done') continue;
    if (revision === 'removed') return 'gone';
    const to = cardOf(card);
    if (to !== null && Number(revision) >= since) [place, since] = [to, Number(revision)];
  }
  return place;
}

async function move(
  activity: number,
  from: Card,
  to: Card,
  revision: number,
  ledger: Ledger,
  { context, portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  await ledger.once({
    name: moveName(activity, revision, to),
    call: async () => {
      try {
        await moveActivity(activity, { to: [to], from: [from] }, portal, signal);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'NOT_FOUND') throw error;
        context.log.info({ activity }, 'the activity of a call was deleted in Bitrix24, and is not moved');
      }
      return null;
    },
    settle: async () => ({ done: false }),
  });
}

async function remove(activity: number, ledger: Ledger, { portal }: Bitrix24Parts, signal: AbortSignal): Promise<void> {
  await ledger.once({
    name: removeName(activity),
    call: async () => {
      await removeActivity(activity, portal, signal);
      return null;
    },
    settle: async () => ({ done: false }),
  });
}
