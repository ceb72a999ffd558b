import type { InteractionId } from '../../domain/base/ids.ts';
import type { DeliverAgainWrite, DeliveredWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Work } from './work.ts';

/** Records how a delivery ended, and the links that the destination returned. */
export async function endDelivery({ tables }: Work, write: DeliveredWrite): Promise<Outcome> {
  const { destination, kind, subject, outcome } = write;
  if (!(await tables.owed.finish(write)))
    return refuse('not_found', `no delivery of ${kind} ${subject} to ${destination}`);
  if (outcome.kind !== 'done' || outcome.link === null || kind !== 'interaction') return [];
  const interaction = await tables.interactions.get(subject as InteractionId);
  if (interaction !== null)
    await tables.interactions.setLinks(interaction, { ...interaction.links, [destination]: outcome.link });
  return [];
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
