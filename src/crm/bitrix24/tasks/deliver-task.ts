import { beginning } from '../../../domain/base/clean-text.ts';
import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Task } from '../../../domain/follow-up/follow-up.ts';
import { fields, number, text } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import { partyName, wordsOf } from '../../shared/words.ts';
import { partyOrigin } from '../api/origin.ts';
import { checkDone, newIdOf, rowsOf } from '../api/rows.ts';
import { settleByLooking } from '../api/settle.ts';
import { type Card, cardOf, cardText, cardTypes } from '../cards/card.ts';
import { clientCards } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { awaitCard } from '../unknown/await-card.ts';
import { findStranger } from '../unknown/find-stranger.ts';
import { canBeMade } from '../unknown/settings.ts';
import { markOf } from '../written/comment.ts';
import { timeOf } from '../written/text.ts';
import { userFor } from '../written/who.ts';

/**
 * Makes a to-do of a missed call or unanswered contact, gives it to who has to do it, and completes it once ours is
 * done. Rejects with a ServiceError.
 */
export async function deliverTask(
  task: Task,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const done: AttemptResult = { kind: 'done', link: null };
  const steps = await ledger.steps();
  const begun = steps.find(({ step }) => step.startsWith('todo '));
  if (begun === undefined && (task.state === 'done' || !isWanted(task, parts))) return done;
  const card =
    begun === undefined ? await cardFor(task, ledger, parts, signal) : cardOf(begun.step.slice('todo '.length));
  if (card === null) return done;
  const user = await userFor(task.manager, parts, signal);
  const [id, addedFor] = await addTodo(task, card, user, ledger, parts, signal);
  const latest = steps.filter(({ step, state }) => step.startsWith('given ') && state === 'done').at(-1);
  const owner = latest === undefined ? addedFor : Number(latest.step.split(' ')[2]);
  if (task.state === 'open' && owner !== user)
    await change(`given ${task.revision} ${user}`, id, { RESPONSIBLE_ID: user });
  if (task.state === 'done') await change('completed', id, { COMPLETED: 'Y' });
  return done;

  async function change(name: string, activity: number, given: Readonly<Record<string, unknown>>): Promise<void> {
    await ledger.once({
      name,
      call: async () => {
        try {
          checkDone(
            (await parts.portal.call('crm.activity.update', { id: activity, fields: given }, { signal })).result,
          );
        } catch (error) {
          // A user of the portal has deleted it.
          if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
          const answer = await parts.portal.call(
            'crm.activity.list',
            { filter: { ID: activity }, select: ['ID'] },
            { signal },
          );
          if (rowsOf(answer).length > 0) throw error;
        }
        return null;
      },
      settle: async () => ({ done: false }),
    });
  }
}

function isWanted({ kind }: Task, { config }: Bitrix24Parts): boolean {
  return (kind === 'call_back' && config.tasks.missed) || (kind === 'answer' && config.tasks.unanswered);
}

/** The client's card, or the one that the contact of somebody unknown has made. Null if there will be none. */
async function cardFor(
  { client, party }: Task,
  ledger: Ledger,
  { config, context, portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Card | null> {
  const [known] = clientCards(context.name, { client, contact: null });
  if (known !== undefined) return known;
  const origin = party === null ? null : partyOrigin({ party });
  if (party === null || origin === null) return null;
  for (const as of ['lead', 'deal'] as const) {
    const { cards } = await findStranger({ origin, party, as }, portal, signal);
    const card = cards.find(({ kind }) => kind === 'deal') ?? cards[0];
    if (card !== undefined) return card;
  }
  // The contact itself makes the card, and may be delivered after the task.
  if (canBeMade(config)) await awaitCard(ledger, context);
  return null;
}

/** The id of the to-do, and the portal user for whom it was added. */
async function addTodo(
  task: Task,
  card: Card,
  user: number,
  ledger: Ledger,
  { config, context, portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly [id: number, user: number]> {
  const words = wordsOf(config.language);
  const mark = markOf(task.id);
  const verb = { call_back: words.callBack, answer: words.answer, other: words.task }[task.kind];
  const whom = task.party === null ? (task.client?.name ?? '') : partyName(task.party, words);
  const due = task.dueAt ?? new Date(Date.parse(task.createdAt) + config.tasks.minutes * 60_000).toISOString();
  const owner = { ownerTypeId: cardTypes[card.kind], ownerId: card.id };
  const remote = await ledger.once({
    name: `todo ${cardText(card)}`,
    call: async () => {
      const { result } = await portal.call(
        'crm.activity.todo.add',
        {
          ...owner,
          deadline: timeOf(due),
          title: beginning(`${verb}: ${whom}`, 250),
          // To-dos have no field for an id of ours.
          description: [task.text, mark].filter((line) => line !== null).join('\n\n'),
          responsibleId: user,
        },
        { signal },
      );
      return `${newIdOf(fields(result).id)} ${user}`;
    },
    settle: (step) =>
      settleByLooking(step, context.clock.now(), async () => {
        const filter = {
          OWNER_TYPE_ID: owner.ownerTypeId,
          OWNER_ID: owner.ownerId,
          PROVIDER_ID: 'CRM_TODO',
          '%DESCRIPTION': mark,
        };
        const select = ['ID', 'DESCRIPTION', 'RESPONSIBLE_ID'];
        const answer = await portal.call('crm.activity.list', { filter, order: { ID: 'DESC' }, select }, { signal });
        const row = rowsOf(answer).find(({ DESCRIPTION }) => text(DESCRIPTION)?.includes(mark) === true);
        return row === undefined ? null : `${number(row.ID)} ${number(row.RESPONSIBLE_ID)}`;
      }),
  });
  const [id, of] = (remote ?? '').split(' ');
  return [Number(id), Number(of)];
}
