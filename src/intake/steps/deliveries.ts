import type { InteractionId } from '../../domain/base/ids.ts';
import { leadKey } from '../../domain/follow-up/follow-up.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { DeliverAgainWrite, DeliveredWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Work } from './work.ts';

/** Records how a delivery ended, and the links that the destination returned. */
export async function endDelivery({ tables }: Work, write: DeliveredWrite): Promise<Outcome> {
  const { destination, kind, subject, outcome, wakesFollowUps = false, at } = write;
  if (!(await tables.owed.finish(write)))
    return refuse('not_found', `no delivery of ${kind} ${subject} to ${destination}`);
  if (outcome.kind !== 'done' || kind !== 'interaction' || (outcome.link === null && !wakesFollowUps)) return [];
  const interaction = await tables.interactions.get(subject as InteractionId);
  if (interaction === null) return [];
  if (outcome.link !== null)
    await tables.interactions.setLinks(interaction, { ...interaction.links, [destination]: outcome.link });
  if (wakesFollowUps) await wakeFollowUps(tables, interaction, destination, at);
  return [];
}

/** A destination that takes a contact takes its leads and tasks too, which it may have skipped before. */
async function wakeFollowUps(
  { followUps, owed }: Tables,
  contact: Interaction,
  destination: string,
  at: number,
): Promise<void> {
  const key = leadKey(contact);
  const lead = key === null ? null : await followUps.openLead(key);
  if (lead !== null) await owed.wakeSkipped({ destination, kind: 'lead', subject: lead.id }, at);
  const { phone } = contact.party;
  const tasks = phone === null ? [] : await followUps.openTasksOf(phone);
  const joined = tasks.filter(({ latest }) => latest === contact.id).map(({ id }) => id);
  for (const id of new Set([contact.id, ...joined]))
    await owed.wakeSkipped({ destination, kind: 'task', subject: id }, at);
}

/** Makes one delivery due now, or with `destination:NAME` all parked deliveries of a destination. */
export async function retryDelivery({ tables: { owed } }: Work, id: string, at: number): Promise<Outcome> {
  const destination = /^destination:(.+)$/.exec(id)?.[1];
  const woken = destination === undefined ? await owed.wake(id, at) : await owed.wakeParked(destination, at);
  if (woken) return [];
  const state = destination === undefined ? await owed.state(id) : null;
  return state === null ? noDelivery(id) : refuse('conflict', notRetried(id, state));
}

/** Makes a finished delivery due again, and corrects the ledger. */
export async function deliverAgain({ tables }: Work, { of, ledger, at }: DeliverAgainWrite): Promise<Outcome> {
  const { destination, kind, subject } = of;
  const before = await tables.owed.again(of, at);
  if (before === null) return refuse('not_found', `no delivery of ${kind} ${subject} to ${destination}`);
  if (before !== 'done')
    return refuse('conflict', `the delivery of ${kind} ${subject} to ${destination} is ${before} already`);
  for (const { step, state, remote } of ledger) {
    if (state === null) await tables.crm.removeStep(of, step);
    else await tables.crm.putStep(of, { step, state, remote, at });
  }
  return [];
}

function noDelivery(id: string): Refusal {
  return refuse('not_found', `no delivery ${id}`);
}

function notRetried(id: string, state: string): string {
  return `delivery ${id} is ${state}: the destination has the latest revision, so there is nothing to repeat`;
}
