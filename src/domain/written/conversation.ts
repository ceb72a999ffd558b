import { timeText } from '../base/time-text.ts';
import { doneTask, type Task } from '../follow-up/follow-up.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';

/** The manager who has to answer a contact: the one its conversation was handed over to, or the client's responsible manager. */
export function ownerOf({ assignee, responsible }: Pick<Interaction, 'assignee' | 'responsible'>): Named | null {
  return assignee ?? responsible;
}

/** The changes of handing over or closing a conversation. */
export interface ConversationChanges {
  /** Its changed contacts: before and after. */
  readonly contacts: readonly (readonly [before: Interaction, after: Interaction])[];
  readonly tasks: readonly Task[];
}

/** A conversation: its contacts, newest first, and their open tasks by id. */
export interface ConversationFacts {
  readonly thread: readonly Interaction[];
  readonly open: ReadonlyMap<string, Task>;
}

/** Whether a contact belongs to a conversation that can be handed over and closed. */
export function isWritten({ channel, direction }: Pick<Interaction, 'channel' | 'direction'>): boolean {
  return direction !== 'internal' && (channel === 'email' || channel === 'message' || channel === 'form');
}

/**
 * Hands a conversation over to `to`, with its unanswered contacts, open tasks and future contacts. If there is no open task, one with
 * the note is created. Answered contacts do not change. Null if `to` already has the conversation.
 */
export function handedOver(
  { thread, open }: ConversationFacts,
  about: {
    readonly to: Named;
    readonly by: Named;
    readonly note: string | null;
    readonly at: number;
    readonly newId: string;
  },
): ConversationChanges | null {
  const { to, by, note, at } = about;
  const [latest] = thread;
  if (latest === undefined || (ownerOf(latest)?.id === to.id && latest.closed == null)) return null;
  const handover = { from: ownerOf(latest), to, by, at: timeText(at), note };
  const contacts = thread
    .filter((one) => one === latest || open.has(one.id))
    .map((before) => {
      const after = { ...before, assignee: to, closed: null, revision: before.revision + 1 };
      return [
        before,
        before === latest ? { ...after, handovers: [...(before.handovers ?? []), handover] } : after,
      ] as const;
    });
  const tasks = [...open.values()].map((task) => ({ ...task, manager: to, revision: task.revision + 1 }));
  return { contacts, tasks: tasks.length > 0 ? tasks : [handoverTask(latest, about)] };
}

/** Closes a conversation: its tasks are done until the client writes again. Null if it is already closed. */
export function closedBy(
  { thread, open }: ConversationFacts,
  { by, at }: { readonly by: Named; readonly at: number },
): ConversationChanges | null {
  const [latest] = thread;
  if (latest === undefined || (latest.closed != null && open.size === 0)) return null;
  const after = { ...latest, closed: { by, at: timeText(at) }, revision: latest.revision + 1 };
  return { contacts: [[latest, after]], tasks: [...open.values()].map((task) => doneTask(task, by, at)) };
}

function handoverTask(latest: Interaction, about: { to: Named; note: string | null; at: number; newId: string }): Task {
  const { client } = latest;
  return {
    id: about.newId,
    revision: 1,
    kind: 'other',
    state: 'open',
    manager: about.to,
    interaction: latest.id,
    latest: latest.id,
    contacts: 1,
    client: namedRef(client),
    party: latest.party,
    text: about.note,
    dueAt: null,
    createdAt: timeText(about.at),
    escalatedAt: null,
    doneAt: null,
    doneBy: null,
  };
}
