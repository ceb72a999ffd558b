import { fields, id, list, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import { unreadable, wrongLicence } from '../api/errors.ts';
import type { CallOptions, Portal } from '../api/portal.ts';
import type { PortalEvent } from './event.ts';

/** Events of one request. */
const limit = 50;

/** An event in a queue. */
export interface QueuedEvent extends PortalEvent {
  /** Its number in the queue. */
  readonly id: string;
}

/** Events that have been taken from a queue, but stay in it. */
export interface TakenEvents {
  readonly events: readonly QueuedEvent[];
  /** Removes events from the queue, once their consequences are stored. The others are taken again. */
  clear(done: readonly QueuedEvent[]): Promise<void>;
}

/** Which queue. */
export interface QueueOptions {
  /** Our name for the queue (`auth_connector`): the portal keeps one for each name, so that no part takes another's events. */
  readonly name: string;
  /** Names of the events that the portal is to collect, in capitals. */
  readonly events: readonly string[];
  /** The cursor that keeps the reservation of events that were taken. */
  readonly reservation: string;
  /**
   * Whether a plan without named queues and reservations will do: the portal then forgets events as it hands them out, and they
   * are lost if the program dies. At most one part may say so, since all share that queue.
   */
  readonly orPlain?: boolean;
}

/**
 * A queue of offline events: those that the portal keeps until we ask. Events are reserved, and removed once their consequences
 * are stored; the reservation is kept, so that another instance or the next start takes them again. Only one instance may take
 * from a queue at a time.
 */
export class OfflineQueue {
  readonly #portal: Portal;
  readonly #context: Pick<CoreContext, 'cursor' | 'clock'>;
  readonly #options: QueueOptions;
  #isBound = false;
  #isPlain = false;
  /** Events that the portal has forgotten already, and that are not dealt with. */
  #left: readonly QueuedEvent[] = [];

  constructor(portal: Portal, context: Pick<CoreContext, 'cursor' | 'clock'>, options: QueueOptions) {
    this.#portal = portal;
    this.#context = context;
    this.#options = options;
  }

  /** The next events, or null if there are none. */
  async take(options: CallOptions): Promise<TakenEvents | null> {
    try {
      return await this.#take(options);
    } catch (error) {
      const isUnlicensed = asServiceError(error).code === wrongLicence;
      if (!isUnlicensed || this.#isPlain || this.#options.orPlain !== true) throw error;
      [this.#isPlain, this.#isBound] = [true, false];
      return this.#take(options);
    }
  }

  async #take(options: CallOptions): Promise<TakenEvents | null> {
    if (!this.#isBound) await this.#bind(options);
    if (this.#isPlain) return this.#left.length > 0 ? this.#forgotten(this.#left) : this.#get({ clear: 1 }, options);
    const process = (await this.#context.cursor.get(this.#options.reservation)) ?? '';
    const again = process === '' ? null : await this.#get({ clear: 0, process_id: process }, options);
    return again ?? (await this.#get({ clear: 0 }, options));
  }

  /** Makes the portal collect the events. */
  async #bind(options: CallOptions): Promise<void> {
    const commands = Object.fromEntries(
      this.#options.events.map((event) => [
        event,
        { method: 'event.bind', parameters: { event, event_type: 'offline', ...this.#named } },
      ]),
    );
    const answers = await this.#portal.batch(commands, options);
    for (const answer of Object.values(answers)) {
      if (answer instanceof Error && !isBoundAlready(answer)) throw answer;
    }
    this.#isBound = true;
  }

  async #get(
    which: { readonly clear: 0 | 1; readonly process_id?: string },
    options: CallOptions,
  ): Promise<TakenEvents | null> {
    const { cursor, clock } = this.#context;
    const { reservation } = this.#options;
    const parameters = { ...which, limit, ...this.#named };
    const result = fields((await this.#portal.call('event.offline.get', parameters, options)).result);
    if (!Array.isArray(result.events)) throw unreadable();
    const events = list(result.events).flatMap((row) => queuedEvent(fields(row), clock.now()) ?? []);
    if (which.clear === 1) return events.length === 0 ? null : this.#forgotten(events);
    const process = text(result.process_id);
    if (events.length === 0 || process === null) {
      if (which.process_id !== undefined) await cursor.set(reservation, '');
      return null;
    }
    if (which.process_id === undefined) await cursor.set(reservation, process);
    return {
      events,
      clear: async (done) => {
        if (done.length === 0) return;
        const ids = done.map((event) => event.id);
        await this.#portal.call('event.offline.clear', { process_id: process, id: ids, ...this.#named }, options);
        if (done.length === events.length) await cursor.set(reservation, '');
      },
    };
  }

  #forgotten(events: readonly QueuedEvent[]): TakenEvents {
    this.#left = events;
    return {
      events,
      clear: async (done) => {
        this.#left = events.filter((event) => !done.includes(event));
      },
    };
  }

  get #named(): { readonly auth_connector?: string } {
    return this.#isPlain ? {} : { auth_connector: this.#options.name };
  }
}

function queuedEvent(row: ReturnType<typeof fields>, now: number): QueuedEvent | null {
  const [number, name] = [id(row.ID), text(row.EVENT_NAME)];
  if (number === null || name === null) return null;
  const at = Date.parse(text(row.TIMESTAMP_X) ?? '');
  return { id: number, name: name.toUpperCase(), data: fields(row.EVENT_DATA), at: Number.isNaN(at) ? now : at };
}

function isBoundAlready(error: Error): boolean {
  const { code, reason } = asServiceError(error);
  const { said } = reason.values;
  return code === 'ERROR_EVENT_BINDING_EXISTS' || (typeof said === 'string' && /already bind/i.test(said));
}
