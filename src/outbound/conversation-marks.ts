import type { InteractionId } from '../domain/base/ids.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { ReplyHandle } from '../domain/outbound/reply-handle.ts';
import type { OutboundReader } from '../domain/ports/readers.ts';
import type { Clock } from '../runtime/clock.ts';
import { asServiceError } from '../runtime/http/service-error.ts';
import type { Logger } from '../runtime/log.ts';

type Handle = ReplyHandle['handle'];

/** The part of a connector that shows clients that we are writing, and that we have read their messages. */
export interface ClientMarker {
  readonly marks: { readonly typing: boolean; readonly read: 'never' | 'answered' | 'opened' };
  showTyping(handle: Handle, signal: AbortSignal): Promise<void>;
  markRead(handle: Handle, signal: AbortSignal): Promise<void>;
}

/** Dependencies of {@link ConversationMarks}. */
export interface ConversationMarksParts {
  readonly read: Pick<OutboundReader, 'replyHandle'>;
  /** The marker of a connection; null if it has none. */
  readonly marker: (connection: string) => ClientMarker | null;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds between two calls for one conversation. Telegram hides the mark after five seconds, VK after ten. */
const typingPause = 4000;
/** Milliseconds of silence if a service asks for a pause and does not say how long. */
const busyPause = 30_000;
/** Milliseconds that one call may take. */
const deadline = 10_000;
/** Conversations and messages that are remembered. */
const remembered = 5000;
/** Messages of one connection that wait to be marked as read. */
const maxWaiting = 200;

/**
 * Shows clients that an operator is writing to them, and that we have read their messages. Nothing is stored, and failures
 * are only logged: these marks are a courtesy, and what matters is the answer. A connection makes one call of each kind at a time.
 */
export class ConversationMarks {
  readonly #parts: ConversationMarksParts;
  /** When each conversation was last shown that we are writing. */
  readonly #typed = new Map<string, number>();
  /** Connections that are making a call, or are asked by their service to pause: until when. */
  readonly #busy = new Map<string, number>();
  /** Messages to be marked as read, by connection. */
  readonly #waiting = new Map<string, Map<string, Handle>>();
  /** Messages that were marked as read. */
  readonly #read = new Set<string>();

  constructor(parts: ConversationMarksParts) {
    this.#parts = parts;
  }

  /** An operator is writing an answer to a message. */
  async typing({ id, thread }: Pick<Interaction, 'id' | 'thread'>): Promise<void> {
    const { marker, clock } = this.#parts;
    const conversation = thread ?? id;
    const now = clock.now();
    if (now - (this.#typed.get(conversation) ?? 0) < typingPause) return;
    remember(this.#typed, conversation, now);
    const found = await this.#handle(id);
    if (found === null || now < (this.#busy.get(found.connection) ?? 0)) return;
    const { connection, handle } = found;
    const able = marker(connection);
    if (able === null || !able.marks.typing) return;
    this.#busy.set(connection, now + deadline);
    const pause = await this.#attempt(connection, () => able.showTyping(handle, AbortSignal.timeout(deadline)));
    if (pause === 0) this.#busy.delete(connection);
    else this.#busy.set(connection, clock.now() + pause);
  }

  /** An operator has opened the conversation of a message. */
  async opened({ id }: Pick<Interaction, 'id'>): Promise<void> {
    const found = await this.#handle(id);
    if (found !== null && this.#parts.marker(found.connection)?.marks.read === 'opened')
      this.#markRead(found.connection, found.handle);
  }

  /** A message that answers one with this handle has been sent. */
  answered(connection: string, handle: Handle | null): void {
    const when = this.#parts.marker(connection)?.marks.read ?? 'never';
    if (handle !== null && when !== 'never') this.#markRead(connection, handle);
  }

  /** Null if the contact can't be replied to, or the store does not answer. */
  async #handle(id: InteractionId): Promise<ReplyHandle | null> {
    try {
      return await this.#parts.read.replyHandle(id);
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'a client could not be shown that we write or have read');
      return null;
    }
  }

  #markRead(connection: string, handle: Handle): void {
    const key = `${connection} ${JSON.stringify(handle)}`;
    if (this.#read.has(key)) return;
    const waiting = this.#waiting.get(connection);
    if (waiting !== undefined) {
      if (waiting.size < maxWaiting) waiting.set(key, handle);
      return;
    }
    this.#waiting.set(connection, new Map([[key, handle]]));
    void this.#drain(connection);
  }

  async #drain(connection: string): Promise<void> {
    const waiting = this.#waiting.get(connection) ?? new Map<string, Handle>();
    // Entries that are added meanwhile are visited too.
    for (const [key, handle] of waiting) {
      const able = this.#parts.marker(connection);
      if (able === null) break;
      const pause = await this.#attempt(connection, () => able.markRead(handle, AbortSignal.timeout(deadline)));
      // Without the id of the message, later ones have the same handle.
      if (pause === 0 && handle.message !== undefined) remember(this.#read, key);
      waiting.delete(key);
    }
    this.#waiting.delete(connection);
  }

  /** Resolves to the milliseconds to pause after the call; 0 if none. */
  async #attempt(connection: string, call: () => Promise<void>): Promise<number> {
    try {
      await call();
      return 0;
    } catch (error) {
      const { trouble, code, after } = asServiceError(error);
      this.#parts.log.debug({ connection, trouble, code }, 'a client could not be shown that we write or have read');
      return trouble === 'later' || trouble === 'access' ? (after ?? busyPause) : 0;
    }
  }
}

/** Remembers an entry, and forgets the oldest one if there are too many. */
function remember<Key, Value>(entries: Map<Key, Value> | Set<Key>, key: Key, value?: Value): void {
  entries.delete(key);
  if (entries instanceof Set) entries.add(key);
  else entries.set(key, value as Value);
  for (const oldest of entries.keys()) {
    if (entries.size <= remembered) break;
    entries.delete(oldest);
  }
}
