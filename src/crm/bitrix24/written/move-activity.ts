import { fields, list } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Answer, Command, Portal } from '../api/portal.ts';
import { answered, checkDone } from '../api/rows.ts';
import { type Card, cardText, cardTypes } from '../cards/card.ts';
import type { Move } from './recorder.ts';

const bindMethod = 'crm.activity.binding.add';
const alreadyBound = ['ACTIVITY_IS_ALREADY_BOUND'];

/** The command that puts an activity on a card. `activity` may name an earlier result of the same batch. */
export function bindCommand(activity: number | string, card: Card): Command {
  return command(bindMethod, activity, card);
}

/** Whether an activity stands on a card after {@link bindCommand}. */
export function isBound(answer: Answer | Error | undefined): boolean {
  if (answer === undefined) return false;
  if (answer instanceof Error) return hasCode(answer, alreadyBound);
  return answer.result === true;
}

/**
 * Puts an activity on cards and then takes it off others, so that it always stands somewhere. A repeat changes
 * nothing.
 */
export async function moveActivity(id: number, { to, from }: Move, portal: Portal, signal: AbortSignal): Promise<void> {
  await each(to, (card) => bindCommand(id, card), alreadyBound, portal, signal);
  const gone = ['BINDING_NOT_FOUND', 'OWNER_NOT_FOUND'];
  await each(from, (card) => command('crm.activity.binding.delete', id, card), gone, portal, signal);
}

/**
 * Says with which client an activity's communication was. With that, the portal takes the activity off all cards but its owner and
 * the client, so it is put back on those, and on `cards`.
 */
export async function changeCommunications(
  id: number,
  communications: unknown,
  cards: readonly Card[],
  portal: Portal,
  signal: AbortSignal,
): Promise<void> {
  const { result } = await portal.call('crm.activity.binding.list', { activityId: id }, { signal });
  const parameters = { id, fields: { COMMUNICATIONS: communications } };
  checkDone((await portal.call('crm.activity.update', parameters, { signal })).result);
  await each(cards, (card) => bindCommand(id, card), alreadyBound, portal, signal);
  // A card that a user of the portal had added may be of any kind; it may be gone, or not ours to change.
  const others = list(result).map((row, at) => {
    const { entityTypeId, entityId } = fields(row);
    return [`b${at}`, { method: bindMethod, parameters: { activityId: id, entityTypeId, entityId } }] as const;
  });
  if (others.length > cards.length) await portal.batch(Object.fromEntries(others), { signal });
}

async function each(
  cards: readonly Card[],
  commandOf: (card: Card) => Command,
  /** Errors that mean that it is so already. */
  already: readonly string[],
  portal: Portal,
  signal: AbortSignal,
): Promise<void> {
  if (cards.length === 0) return;
  const commands = Object.fromEntries(cards.map((card) => [cardText(card), commandOf(card)]));
  for (const answer of Object.values(await portal.batch(commands, { signal }))) {
    if (!hasCode(answer, already)) checkDone(answered(answer).result);
  }
}

function command(method: string, activity: number | string, { kind, id }: Card): Command {
  return { method, parameters: { activityId: activity, entityTypeId: cardTypes[kind], entityId: id } };
}

function hasCode(answer: Answer | Error, codes: readonly string[]): boolean {
  return answer instanceof ServiceError && codes.includes(answer.code ?? '');
}
