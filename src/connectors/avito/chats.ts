import type { Attribution } from '../../domain/interaction/interaction.ts';
import { type Fields, fields, id, list, number, word } from '../../runtime/http/fields.ts';
import { Recent } from '../shared/recent.ts';
import type { AvitoApi } from './api.ts';

/** A conversation: who the client is, and which advertisement it is about. */
export interface Chat {
  readonly id: string;
  /** Null if Avito does not name anybody but us. */
  readonly client: { readonly id: string; readonly name: string | null; readonly profile: string | null } | null;
  /** Null if it is not about an advertisement. */
  readonly item: Item | null;
  /** Seconds since the epoch by Avito's clock. */
  readonly updated: number;
  /** Id of the last message. */
  readonly last: string | null;
}

/** An advertisement. */
export interface Item {
  readonly id: string;
  readonly title: string | null;
  readonly price: string | null;
  readonly url: string | null;
}

/** Parses a chat as Avito lists it; null if it has no id. */
export function readChat(given: Fields, account: string): Chat | null {
  const chat = id(given.id);
  if (chat === null) return null;
  const { type, value } = fields(given.context);
  const other = list(given.users)
    .map(fields)
    .find((user) => id(user.id) !== null && id(user.id) !== account);
  return {
    id: chat,
    client: other === undefined ? null : clientOf(other),
    item: type === 'item' ? itemOf(fields(value)) : null,
    updated: number(given.updated) ?? number(given.created) ?? 0,
    last: id(fields(given.last_message).id),
  };
}

function clientOf(user: Fields): Chat['client'] {
  const profile = word(fields(user.public_user_profile).url, 500);
  return { id: id(user.id) ?? '', name: word(user.name), profile };
}

function itemOf({ id: given, title, price_string, url }: Fields): Item | null {
  const item = id(given);
  return item === null
    ? null
    : { id: item, title: word(title, 300), price: word(price_string, 60), url: word(url, 2000) };
}

/** The attribution of a conversation about an advertisement. */
export function attributionOf(item: Item, profile: string | null): Attribution {
  const { title, price, url } = item;
  return {
    source: 'avito',
    medium: null,
    campaign: title,
    content: null,
    term: null,
    page: url,
    referrer: null,
    ids: {
      avito_item: item.id,
      ...(price !== null && { avito_price: price }),
      ...(profile !== null && { avito_profile: profile }),
    },
  };
}

const remembered = 5000;

/** The conversations of an account. What Avito said of one is remembered until it says something else. */
export class Chats {
  readonly #api: AvitoApi;
  readonly #known = new Recent<Chat>(remembered);
  /** The latest conversation of each client. */
  readonly #ofClient = new Recent<string>(remembered);

  constructor(api: AvitoApi) {
    this.#api = api;
  }

  /** The conversations that changed most recently come first. */
  async *all(signal: AbortSignal): AsyncGenerator<readonly Chat[]> {
    const account = await this.#api.account(signal);
    for await (const page of this.#api.pages(2, 'chats?chat_types=u2i,u2u', 'chats', signal)) {
      const chats = page.flatMap((given) => readChat(given, account) ?? []);
      for (const chat of chats) this.#remember(chat);
      yield chats;
    }
  }

  /** What is known of a conversation, by asking Avito only the first time. */
  async about(chat: string, signal: AbortSignal): Promise<Chat | null> {
    const known = this.#known.get(chat);
    if (known !== undefined) return known;
    const account = await this.#api.account(signal);
    const found = readChat(fields(await this.#api.own(2, `chats/${encodeURIComponent(chat)}`, { signal })), account);
    if (found?.id !== chat) return null;
    this.#remember(found);
    return found;
  }

  /** The latest conversation with a client; null if there is none. */
  async withClient(client: string, signal: AbortSignal): Promise<string | null> {
    const known = this.#ofClient.get(client);
    if (known !== undefined) return known;
    for await (const page of this.all(signal)) {
      const found = page.find((chat) => chat.client?.id === client);
      if (found !== undefined) return found.id;
    }
    return null;
  }

  /** The messages of a conversation, newest first, page by page. */
  messages(chat: string, signal: AbortSignal): AsyncGenerator<readonly Fields[]> {
    return this.#api.pages(3, `chats/${encodeURIComponent(chat)}/messages/`, 'messages', signal);
  }

  #remember(chat: Chat): void {
    const before = this.#known.get(chat.id);
    this.#known.set(chat.id, chat);
    const client = chat.client?.id;
    if (client === undefined) return;
    const latest = this.#known.get(this.#ofClient.get(client) ?? '');
    if (before === undefined && latest !== undefined && latest.updated > chat.updated) return;
    this.#ofClient.set(client, chat.id);
  }
}
