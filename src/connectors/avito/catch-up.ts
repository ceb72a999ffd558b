import { type Fields, number } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext } from '../contract.ts';
import { Recent } from '../shared/recent.ts';
import { longestList } from './api.ts';
import type { Chat, Chats } from './chats.ts';

const cursorName = 'updates';
/** Seconds that are read again, because a message may appear later than its time says. */
const overlap = 60;

/** Dependencies of {@link CatchUp}. */
export interface CatchUpParts {
  readonly chats: Chats;
  readonly context: Pick<ConnectorContext, 'cursor' | 'clock' | 'log'>;
  /** The day from which messages are imported on the first start. */
  readonly since: string | undefined;
  /** Processes one message of a conversation. Rejects if it could not be stored. */
  take(chat: Chat, message: Fields): Promise<void>;
}

/**
 * Reads what was written since the last time, whether or not a webhook reported it. The cursor is the time of the latest conversation
 * by Avito's clock, in seconds; it moves only after everything before it is stored.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  /** How each conversation looked when it was last read. */
  readonly #read = new Recent<string>(5000);

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /** Reads all conversations that have changed. Resolves to the time up to which everything is stored, in milliseconds. */
  async round(signal: AbortSignal): Promise<number> {
    const { cursor } = this.#parts.context;
    const stored = number(await cursor.get(cursorName));
    const since = stored ?? this.#start();
    if (stored === null) await cursor.set(cursorName, String(since));
    const changed = await this.#changed(since - overlap, signal);
    for (const chat of changed.toReversed()) await this.#readOne(chat, since - overlap, signal);
    const latest = changed.reduce((max, { updated }) => Math.max(max, updated), since);
    if (latest > since) await cursor.set(cursorName, String(latest));
    return latest * 1000;
  }

  #start(): number {
    const { context, since } = this.#parts;
    return Math.floor((since === undefined ? context.clock.now() : Date.parse(`${since}T00:00:00Z`)) / 1000);
  }

  /** The conversations that have changed, the latest first, which is the order in which Avito lists them. */
  async #changed(since: number, signal: AbortSignal): Promise<readonly Chat[]> {
    const found = new Map<string, Chat>();
    let listed = 0;
    for await (const page of this.#parts.chats.all(signal)) {
      const here = page.filter(({ updated }) => updated >= since);
      // A page may have older conversations before newer ones: those that the account has pinned.
      if (here.length === 0) break;
      // A conversation that moves to the top while we read pushes others to the next page.
      for (const chat of here) if (!found.has(chat.id)) found.set(chat.id, chat);
      listed += page.length;
    }
    if (listed >= longestList)
      this.#parts.context.log.warn('Avito lists no older conversations, messages in those may be missing');
    return [...found.values()];
  }

  async #readOne(chat: Chat, since: number, signal: AbortSignal): Promise<void> {
    const look = `${chat.updated}:${chat.last}`;
    if (this.#read.get(chat.id) === look) return;
    const messages: Fields[] = [];
    try {
      for await (const page of this.#parts.chats.messages(chat.id, signal)) {
        const recent = page.filter(({ created }) => (number(created) ?? since) >= since);
        messages.push(...recent);
        if (recent.length < page.length) break;
      }
    } catch (error) {
      // A conversation that can't be read must not hold up the others.
      if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
      this.#parts.context.log.warn({ err: error }, 'cannot read a conversation');
    }
    for (const message of messages.toReversed()) await this.#parts.take(chat, message);
    this.#read.set(chat.id, look);
  }
}
