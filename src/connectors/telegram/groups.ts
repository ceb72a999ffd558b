import { type Fields, fields, id, parseJson } from '../../runtime/http/fields.ts';
import type { ConnectorContext } from '../contract.ts';

const cursorName = 'migrations';

/**
 * The groups that are listened to. If a group becomes a supergroup, Telegram gives it another id; it is followed there, and its
 * conversations stay the same.
 */
export class Groups {
  readonly #configured: ReadonlySet<string>;
  readonly #cursor: ConnectorContext['cursor'];
  /** The first id of a group by its current one. */
  #first: ReadonlyMap<string, string> = new Map();
  #loaded = false;

  constructor(configured: readonly string[], cursor: ConnectorContext['cursor']) {
    this.#configured = new Set(configured);
    this.#cursor = cursor;
  }

  /** Prepares for the message in an update: follows its group if it moves, and learns what other instances have followed. */
  async prepare(message: Fields): Promise<void> {
    const chat = id(fields(message.chat).id);
    if (chat === null || !chat.startsWith('-')) return;
    if (!this.#loaded || this.firstId(chat) === null) await this.#load();
    const [to, from] = [id(message.migrate_to_chat_id), id(message.migrate_from_chat_id)];
    if (to !== null) await this.#follow(chat, to);
    if (from !== null) await this.#follow(from, chat);
  }

  /** The first id of the group that a chat is; null if it is not listened to. */
  firstId(chat: string): string | null {
    return this.#first.get(chat) ?? (this.#configured.has(chat) ? chat : null);
  }

  /** The current id of a group. */
  async currentId(chat: string): Promise<string> {
    if (!this.#loaded && chat.startsWith('-')) await this.#load();
    return [...this.#first].find(([, first]) => first === chat)?.[0] ?? chat;
  }

  /** Records that a group has another id now. Does nothing for a group that is not listened to. */
  async #follow(from: string, to: string): Promise<void> {
    const first = this.firstId(from);
    if (first === null || this.#first.get(to) === first) return;
    const next = new Map([...this.#first].filter(([, one]) => one !== first)).set(to, first);
    await this.#cursor.set(cursorName, JSON.stringify(Object.fromEntries(next)));
    this.#first = next;
  }

  async #load(): Promise<void> {
    const stored = Object.entries(fields(parseJson((await this.#cursor.get(cursorName)) ?? '{}')));
    this.#first = new Map(stored.flatMap(([to, from]) => (id(from) === null ? [] : [[to, String(from)] as const])));
    this.#loaded = true;
  }
}
