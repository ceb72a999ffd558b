import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Answer, Command, Portal } from '../api/portal.ts';
import { answered, checkDone } from '../api/rows.ts';
import { type Card, cardText, cardTypes } from '../cards/card.ts';
import type { Move } from './recorder.ts';

/** The command that puts an activity on a card. `activity` may name an earlier result of the same batch. */
export function bindCommand(activity: number | string, card: Card): Command {
  return command('crm.activity.binding.add', activity, card);
}

/** Whether an activity stands on a card after {@link bindCommand}. */
export function isBound(answer: Answer | Error | undefined): boolean {
  if (answer === undefined) return false;
  if (answer instanceof Error) return hasCode(answer, ['ACTIVITY_IS_ALREADY_BOUND']);
  return answer.result === true;
}

/**
 * Puts an activity on cards and then takes it off others, so that it always stands somewhere. A repeat changes
 * nothing.
 */
export async function moveActivity(id: number, { to, from }: Move, portal: Portal, signal: AbortSignal): Promise<void> {
  await each(to, (card) => bindCommand(id, card), ['ACTIVITY_IS_ALREADY_BOUND'], portal, signal);
  const gone = ['BINDING_NOT_FOUND', 'OWNER_NOT_FOUND'];
  await each(from, (card) => command('crm.activity.binding.delete', id, card), gone, portal, signal);
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
