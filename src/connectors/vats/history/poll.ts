import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { type Fields, fields, id, list, parseJson } from '../../../runtime/http/fields.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { VatsApi } from '../api.ts';
import type { CallBook } from '../calls/call-book.ts';
import { type Logins, readHistory } from '../message.ts';
import type { VatsConfig } from '../schema.ts';

const hour = 3600_000;
const day = 24 * hour;
const until = 'history';
const held = 'held history';

/** Dependencies of {@link HistoryPoll}. */
export interface PollParts {
  readonly api: VatsApi;
  readonly book: CallBook;
  readonly config: Pick<VatsConfig, 'history'>;
  readonly logins: () => Logins;
  readonly context: Pick<ConnectorContext, 'cursor' | 'clock' | 'log'>;
  /** Called for each call that was read. */
  readonly onCall: (call: CallSnapshot) => void;
}

/**
 * Reads ended calls whose messages did not arrive. MegaFon hands out each record only once, so that what was read is
 * stored before anything else is done with it.
 */
export class HistoryPoll {
  readonly #parts: PollParts;
  #nextAt = 0;
  #wholeDayAt = 0;

  constructor(parts: PollParts) {
    this.#parts = parts;
  }

  /** Reads what has become due. Rejects with a ServiceError. */
  async round(signal: AbortSignal): Promise<void> {
    const { api, config, context } = this.#parts;
    await this.#takeHeld();
    const now = context.clock.now();
    if (now < this.#nextAt) return;
    const last = Date.parse((await context.cursor.get(until)) ?? '') || now - day;
    const isWholeDay = now >= this.#wholeDayAt;
    const from = Math.min(last - config.history.overlap * 1000, isWholeDay ? now - day : now);
    const records = await api.history(from, now, signal);
    if (records.length > 0) await context.cursor.set(held, JSON.stringify(records));
    await this.#takeHeld();
    await context.cursor.set(until, new Date(now).toISOString());
    if (isWholeDay) this.#wholeDayAt = now + hour;
    this.#nextAt = now + config.history.every * 1000;
  }

  async #takeHeld(): Promise<void> {
    const { book, context, logins, onCall } = this.#parts;
    const records = list(parseJson((await context.cursor.get(held)) ?? '')).map(fields);
    if (records.length === 0) return;
    let unread = 0;
    for (const record of records) {
      const history = readHistory((name) => cell(record, name), logins());
      if (history === null) unread += 1;
      else {
        const call = await book.history(history);
        if (call !== null) onCall(call);
      }
    }
    if (unread > 0) context.log.warn({ unread }, 'some records of ended calls could not be read');
    await context.cursor.set(held, '');
  }
}

function cell(record: Fields, name: string): string | null {
  const value = record[name];
  return typeof value === 'string' ? cleanText(value, 2000) || null : id(value);
}
