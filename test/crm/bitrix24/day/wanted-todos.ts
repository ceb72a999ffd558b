import type { Task } from '../../../../src/domain/follow-up/follow-up.ts';
import { cardsOf, makesLead, type Ours, strangersCard, userOf } from './ours.ts';

/** The to-do of a task: any of these. */
export function wantedTodo(task: Task, ours: Ours): readonly unknown[] {
  const contact = ours.contacts.find(({ id }) => id === task.interaction);
  if (task.kind === 'other' || contact === undefined) return [undefined];
  const places = new Set<string>();
  const add = (card: string | null | undefined) => void (card != null && places.add(card));
  add(cardsOf(task.client, null)[0]);
  const wasErased = ours.wereErased.has(contact.id);
  const isMoved = wasErased || contact.match.decidedBy === 'human' || contact.match.outcome === 'ambiguous';
  if (task.client === null || isMoved) add(strangersCard(contact, ours));
  if (isMoved) {
    add(cardsOf(contact.client, null)[0]);
    for (const { client } of contact.match.candidates) add(cardsOf(client, null)[0]);
  }
  const todo = (card: string) => ({
    user: String(userOf(task.manager)),
    completed: task.state === 'done' ? 'Y' : 'N',
    on: [card],
  });
  // What was done before the portal could be told is not told, and then it may be anybody's who had it.
  const users = task.state === 'done' ? ['*'] : [null];
  const states = [...places].flatMap((card) =>
    users.map((any) => ({ ...todo(card), ...(any !== null && { user: any }) })),
  );
  const isOptional =
    task.state === 'done' || isMoved || places.size === 0 || (!makesLead(contact) && task.client === null);
  return isOptional ? [undefined, ...states] : states;
}
