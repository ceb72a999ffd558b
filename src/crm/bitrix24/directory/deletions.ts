import { fields } from '../../../runtime/http/fields.ts';
import type { CoreContext, KnownClients } from '../../contract.ts';
import type { CallOptions, Portal } from '../api/portal.ts';
import { cardText } from '../cards/card.ts';
import type { PortalEvent } from '../events/event.ts';
import { OfflineQueue } from '../events/offline-queue.ts';
import { Affected } from './current.ts';
import { cardNumber } from './rows.ts';

const kinds = ['contact', 'company', 'lead', 'deal'] as const;

/** Deletions that have been taken from the queue, but stay in it. */
export interface TakenDeletions {
  readonly affected: Affected;
  /** Removes them from the queue. Call it once their consequences are stored. */
  clear(): Promise<void>;
}

/** Deletions from the portal's offline events. Only the instance that reads the directory calls this. */
export class Deletions {
  readonly #queue: OfflineQueue;
  readonly #known: KnownClients;

  constructor(portal: Portal, context: Pick<CoreContext, 'cursor' | 'clock' | 'known'>) {
    this.#queue = new OfflineQueue(portal, context, {
      name: 'patchbay-directory',
      events: kinds.map((kind) => `ONCRM${kind.toUpperCase()}DELETE`),
      reservation: 'deleted',
    });
    this.#known = context.known;
  }

  /** The next deletions, or null if there are none. */
  async take(options: CallOptions): Promise<TakenDeletions | null> {
    const taken = await this.#queue.take(options);
    if (taken === null) return null;
    const { events } = taken;
    return { affected: await affectedBy(events, this.#known), clear: () => taken.clear(events) };
  }
}

async function affectedBy(events: readonly PortalEvent[], known: KnownClients): Promise<Affected> {
  const affected = new Affected();
  const deals: string[] = [];
  for (const { name, data } of events) {
    const kind = kinds.find((one) => name === `ONCRM${one.toUpperCase()}DELETE`);
    const card = cardNumber(fields(data.FIELDS).ID);
    if (kind === undefined || card === null) continue;
    if (kind === 'deal') deals.push(cardText({ kind, id: card }));
    else affected[kind].add(card);
  }
  if (deals.length > 0) affected.addClients(await known.clientsWith({ contacts: [], deals }));
  return affected;
}
