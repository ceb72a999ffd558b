import type { Awaitable } from '../../domain/base/awaitable.ts';
import { newInteractionId } from '../../domain/base/ids.ts';
import {
  bringsLead,
  doneTask,
  endsLead,
  type Lead,
  leadAfter,
  leadKey,
  qualifiedBy,
  type Task,
  talkedNow,
  taskNews,
  taskOf,
} from '../../domain/follow-up/follow-up.ts';
import { missedAgain } from '../../domain/follow-up/misses.ts';
import type { Interaction, Named } from '../../domain/interaction/interaction.ts';
import type { FollowUpTable, Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { trackConversation } from './track-conversation.ts';

/** Why an interaction was changed: when, by whom and through what. */
export interface Reason {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The manager's id, if a person made the change. */
  readonly by?: string;
  /** Tells who has to return a missed call; absent for other contacts. Asked only when a task is created. */
  readonly owner?: () => Named | null;
  /** The reason as the history shows it. */
  readonly what: string;
}

/** Writes a revision of an interaction and updates its conversation, leads and tasks accordingly. */
export async function save(
  tables: Tables,
  before: Interaction | null,
  after: Interaction,
  { at, by = 'auto', what, owner }: Reason,
): Promise<Change> {
  const table = tables.followUps;
  const change = await tables.interactions.save(before, after, at, by, what);
  await trackConversation(tables, before, after);
  if (bringsLead(before, after, at))
    await table.putLead(leadAfter(await openLead(table, after), after, newInteractionId(at), at));
  else if (endsLead(before, after)) await qualify(table, after, at);
  const news = taskNews(before, after, at);
  if (news === 'done') await finish(table, await table.task(after.id), at);
  else if (news !== null && (await table.task(after.id)) === null) {
    const known = news === 'call_back' && after.channel === 'call' ? await openCallBack(table, after) : null;
    if (known === null) await table.putTask(taskOf(after, news, owner?.(), at));
    else if (known.latest !== after.id) await table.putTask(missedAgain(known, after));
  }
  if (talkedNow(before, after) && after.party.phone !== null)
    for (const task of await table.openTasksOf(after.party.phone)) await finish(table, task, at);
  return change;
}

/** The open task of an earlier missed call of the same party. */
async function openCallBack(table: FollowUpTable, { party }: Interaction): Promise<Task | null> {
  const open = party.phone === null ? [] : await table.openTasksOf(party.phone);
  return open.find(({ kind }) => kind === 'call_back') ?? null;
}

function openLead(table: FollowUpTable, contact: Interaction): Awaitable<Lead | null> {
  const key = leadKey(contact);
  return key === null ? null : table.openLead(key);
}

/** Closes the lead of a party that a person or the CRM has identified. */
async function qualify(table: FollowUpTable, contact: Interaction, now: number): Promise<void> {
  const open = await openLead(table, contact);
  if (open !== null && contact.client !== null) await table.putLead(qualifiedBy(open, contact.client, now));
}

async function finish(table: FollowUpTable, task: Task | null, now: number): Promise<void> {
  if (task?.state === 'open') await table.putTask(doneTask(task, null, now));
}
