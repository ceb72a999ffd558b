import type { InteractionId } from '../domain/base/ids.ts';
import type { Owed } from '../domain/delivery/delivery.ts';
import type { DeliverySubject } from '../domain/delivery/destination.ts';
import {
  type CompanyPeople,
  type DeliveryFilter,
  leavesOut,
  takesContact,
  takesFollowUp,
} from '../domain/delivery/filter.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Write } from '../domain/ports/writes.ts';
import { latestOf } from './latest.ts';
import type { ScheduledDestination, SchedulerOptions } from './options.ts';

const nobody: CompanyPeople = {
  staff: { managers: [], lines: [] },
  routing: { rules: [], groups: {}, fallback: { kind: 'default' } },
};

/**
 * Separates the deliveries that the filter of a destination leaves out, before they cost an attempt. They are owed
 * again with their next revision. What the destination already has is never left out.
 */
export class Sieve {
  /** Null if nothing is left out. */
  readonly #filter: DeliveryFilter | null;
  readonly #options: SchedulerOptions;

  constructor({ filter = {} }: ScheduledDestination, options: SchedulerOptions) {
    this.#filter = leavesOut(filter) ? filter : null;
    this.#options = options;
  }

  /**
   * Returns the deliveries to be made; the others are recorded as skipped. These need no claim: if another instance
   * delivers one meanwhile, its outcome stands. Rejects if the store is unavailable.
   */
  async sift(rows: readonly Owed[]): Promise<readonly Owed[]> {
    const filter = this.#filter;
    if (filter === null || rows.length === 0) return rows;
    const kept: Owed[] = [];
    const skipped: Write[] = [];
    const { read, clock, apply } = this.#options;
    const judged = rows.map(async (owed) => ({ owed, latest: await latestOf(owed, read) }));
    for (const { owed, latest } of await Promise.all(judged)) {
      // What no longer exists ends as done, whatever the filter.
      if (latest === null || (await this.#isLetIn(owed, latest.subject, filter))) kept.push(owed);
      else {
        const { destination, kind, subject } = owed;
        const { revision } = latest;
        const outcome = { kind: 'skip' } as const;
        skipped.push({ op: 'delivered', destination, kind, subject, revision, outcome, at: clock.now() });
      }
    }
    const results = skipped.length === 0 ? [] : await apply(skipped);
    for (const result of results)
      if (!result.ok && result.code !== 'not_found')
        throw new Error(`the store refused to skip a delivery: ${result.code}`);
    return kept;
  }

  async #isLetIn(owed: Owed, subject: DeliverySubject, filter: DeliveryFilter): Promise<boolean> {
    const people = this.#options.people?.() ?? nobody;
    switch (subject.kind) {
      // Whatever was delivered of the client has to be erased.
      case 'client_erasure':
        return true;
      case 'interaction':
        return takesContact(subject.interaction, filter, people) || (await this.#has(owed));
      case 'lead':
      case 'task': {
        const contacts = await this.#contactsOf(subject);
        if (takesFollowUp({ ...subject, contacts }, filter, people) || (await this.#has(owed))) return true;
        for (const contact of contacts) if (await this.#hasContact(owed.destination, contact)) return true;
        return false;
      }
    }
  }

  /** Whether the destination has accepted a revision, or a step of an attempt was carried out there. */
  async #has({ deliveredRevision, destination, kind, subject }: Owed): Promise<boolean> {
    if (deliveredRevision > 0) return true;
    return (await this.#options.read.ledger({ destination, kind, subject })).length > 0;
  }

  async #hasContact(destination: string, { id, links }: Interaction): Promise<boolean> {
    if (Object.hasOwn(links, destination)) return true;
    return (await this.#options.read.ledger({ destination, kind: 'interaction', subject: id })).length > 0;
  }

  async #contactsOf(subject: Extract<DeliverySubject, { kind: 'lead' | 'task' }>): Promise<readonly Interaction[]> {
    const ids: readonly (InteractionId | null)[] =
      subject.kind === 'lead'
        ? [subject.lead.first, subject.lead.latest]
        : [subject.task.interaction, subject.task.latest];
    const distinct = new Set(ids.filter((id) => id !== null));
    const found = await Promise.all([...distinct].map((id) => this.#options.read.interaction(id)));
    return found.filter((contact) => contact !== null);
  }
}
