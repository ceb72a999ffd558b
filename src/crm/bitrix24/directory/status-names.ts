import { fields, id, list, word } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Logger } from '../../../runtime/log.ts';
import type { CallOptions, Portal } from '../api/portal.ts';

/** How long the names are used, and how soon a failed reading is repeated, in milliseconds. */
const freshFor = 600_000;
const retryAfter = 60_000;
const maxPages = 100;

/** The dictionary that the values of a field come from, where it is not named like the field. */
const dictionaries: Readonly<Record<string, string>> = {
  TYPE_ID: 'CONTACT_TYPE',
  STATUS_ID: 'STATUS',
  SOURCE_ID: 'SOURCE',
};

/** Names of stages, types and sources. Without them, cards are read all the same, with the codes as names. */
export class StatusNames {
  readonly #portal: Portal;
  readonly #now: () => number;
  readonly #log: Logger;
  #names: ReadonlyMap<string, string> = new Map();
  #staleAt = Number.NEGATIVE_INFINITY;

  constructor(portal: Portal, { now, log }: { readonly now: () => number; readonly log: Logger }) {
    this.#portal = portal;
    this.#now = now;
    this.#log = log;
  }

  /** Reads the names again if they are old. */
  async refresh(options: CallOptions): Promise<void> {
    if (this.#now() < this.#staleAt) return;
    try {
      const names = await this.#read(options);
      if (names.size > 0) this.#names = names;
      this.#staleAt = this.#now() + freshFor;
    } catch (error) {
      options.signal.throwIfAborted();
      this.#staleAt = this.#now() + retryAfter;
      const { reason } = asServiceError(error);
      this.#log.warn({ reason: reason.code }, "could not read the portal's names of stages and types");
    }
  }

  /** The name of a value of a field, or the value itself. */
  ofField(field: string, value: string): string {
    return this.#names.get(`${dictionaries[field] ?? field} ${value}`) ?? value;
  }

  /** The name of a deal's stage, which each pipeline has its own of. */
  ofStage(category: string | null, stage: string): string {
    const dictionary = category === null || category === '0' ? 'DEAL_STAGE' : `DEAL_STAGE_${category}`;
    return this.#names.get(`${dictionary} ${stage}`) ?? stage;
  }

  async #read(options: CallOptions): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    let start: number | null = null;
    for (let page = 0; page < maxPages; page += 1) {
      const at: number | null = start;
      const answer = await this.#portal.call('crm.status.list', at === null ? {} : { start: at }, options);
      for (const row of list(answer.result).map(fields)) {
        const [dictionary, status, name] = [id(row.ENTITY_ID), id(row.STATUS_ID), word(row.NAME)];
        if (dictionary !== null && status !== null && name !== null) names.set(`${dictionary} ${status}`, name);
      }
      if (answer.next === null || answer.next <= (at ?? 0)) break;
      start = answer.next;
    }
    return names;
  }
}
