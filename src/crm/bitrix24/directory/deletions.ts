import { fields, id, list, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext, KnownClients } from '../../contract.ts';
import type { CallOptions, Portal } from '../api/portal.ts';
import { cardText } from '../cards/card.ts';
import { Affected } from './current.ts';
import { cardNumber, unreadable } from './rows.ts';

const kinds = ['contact', 'company', 'lead', 'deal'] as const;

/** Our own queue beside those of other parts. */
const connector = 'patchbay-directory';

/** Events of one request. */
const limit = 50;

/** The reservation of events that are not dealt with yet. */
const reservation = 'deleted';

/** Events that have been taken from the queue, but stay in it. */
export interface TakenEvents {
  readonly affected: Affected;
  /** Removes the events from the queue. Call it once their consequences are stored. */
  clear(): Promise<void>;
}

/**
 * Deletions from the portal's queue of offline events. Events are reserved, and removed once their consequences are
 * stored; the reservation is kept, so that another instance or the next start takes them again. Only the instance that
 * reads the directory calls this.
 */
export class Deletions {
  readonly #portal: Portal;
  readonly #context: Pick<CoreContext, 'cursor' | 'log' | 'known'>;
  #isBound = false;

  constructor(portal: Portal, context: Pick<CoreContext, 'cursor' | 'log' | 'known'>) {
    this.#portal = portal;
    this.#context = context;
  }

  /** The next events, or null if there are none. */
  async take(options: CallOptions): Promise<TakenEvents | null> {
    if (!this.#isBound) await this.#bind(options);
    return (await this.#takeAgain(options)) ?? (await this.#takeNew(options));
  }

  /** Makes the portal collect deletions. */
  async #bind(options: CallOptions): Promise<void> {
    const events = kinds.map((kind) => `ONCRM${kind.toUpperCase()}DELETE`);
    const commands = Object.fromEntries(
      events.map((event) => [
        event,
        { method: 'event.bind', parameters: { event, event_type: 'offline', auth_connector: connector } },
      ]),
    );
    const answers = await this.#portal.batch(commands, options);
    for (const answer of Object.values(answers)) {
      if (answer instanceof Error && !isBoundAlready(answer)) throw answer;
    }
    this.#isBound = true;
  }

  async #takeAgain(options: CallOptions): Promise<TakenEvents | null> {
    const process = (await this.#context.cursor.get(reservation)) ?? '';
    return process === '' ? null : this.#get({ process_id: process }, options);
  }

  async #takeNew(options: CallOptions): Promise<TakenEvents | null> {
    return this.#get({}, options);
  }

  async #get(which: { readonly process_id?: string }, options: CallOptions): Promise<TakenEvents | null> {
    const { cursor, known } = this.#context;
    const parameters = { ...which, clear: 0, limit, auth_connector: connector };
    const result = fields((await this.#portal.call('event.offline.get', parameters, options)).result);
    if (!Array.isArray(result.events)) throw unreadable();
    const events = list(result.events).map(fields);
    const process = text(result.process_id);
    if (events.length === 0 || process === null) {
      if (which.process_id !== undefined) await cursor.set(reservation, '');
      return null;
    }
    if (which.process_id === undefined) await cursor.set(reservation, process);
    return {
      affected: await affectedBy(events, known),
      clear: async () => {
        const ids = events.flatMap((event) => id(event.ID) ?? []);
        const named = { process_id: process, id: ids, auth_connector: connector };
        await this.#portal.call('event.offline.clear', named, options);
        await cursor.set(reservation, '');
      },
    };
  }
}

async function affectedBy(events: readonly ReturnType<typeof fields>[], known: KnownClients): Promise<Affected> {
  const affected = new Affected();
  const deals: string[] = [];
  for (const event of events) {
    const name = text(event.EVENT_NAME)?.toUpperCase();
    const kind = kinds.find((one) => name === `ONCRM${one.toUpperCase()}DELETE`);
    const card = cardNumber(fields(fields(event.EVENT_DATA).FIELDS).ID);
    if (kind === undefined || card === null) continue;
    if (kind === 'deal') deals.push(cardText({ kind, id: card }));
    else affected[kind].add(card);
  }
  if (deals.length > 0) affected.addClients(await known.clientsWith({ contacts: [], deals }));
  return affected;
}

function isBoundAlready(error: Error): boolean {
  const { code, reason } = asServiceError(error);
  const { said } = reason.values;
  return code === 'ERROR_EVENT_BINDING_EXISTS' || (typeof said === 'string' && /already bind/i.test(said));
}
