import type { PortalCore } from './core.ts';
import { cardsOfPhone, changeCard, deleteCard } from './crm/card-changes.ts';
import { phoneKey } from './crm/card-store.ts';
import type { EventBus } from './events/event-bus.ts';
import { dialogEvent } from './open-lines/messages.ts';
import type { CardKind, CardLink, Chat, ChatMessage } from './state.ts';
import { keptPhone } from './telephony/phones.ts';
import type { Fields } from './values.ts';

/** What the people do who work in the portal. Each action resolves once its events have been posted. */
export class PortalUsers {
  readonly #core: PortalCore;
  readonly #events: EventBus;

  constructor(core: PortalCore, events: EventBus) {
    this.#core = core;
    this.#events = events;
  }

  /** A user clicks a number. The portal registers the call itself, without an own id, and asks the application to dial. */
  async clickToCall(
    userId: number,
    number: string,
    {
      line = null,
      callListId = null,
      card: clicked,
    }: { readonly line?: string | null; readonly callListId?: number | null; readonly card?: CardLink } = {},
  ): Promise<string> {
    const core = this.#core;
    const phone = keptPhone(number) ?? number;
    const card = clicked ?? cardsOfPhone(core, phone)[0] ?? null;
    const call = core.addCall({
      externalId: null,
      userId,
      phone,
      type: 1,
      source: `app:${core.options.app?.clientId ?? ''}`,
      line,
      startedAt: core.now(),
      card,
      created: [],
      callListId,
      isShown: true,
    });
    const data = {
      PHONE_NUMBER: phone,
      PHONE_NUMBER_INTERNATIONAL: `+${phoneKey(phone)}`,
      EXTENSION: '',
      USER_ID: String(userId),
      CALL_LIST_ID: String(callListId ?? 0),
      LINE_NUMBER: line ?? '',
      IS_MOBILE: '0',
      CALL_ID: call.id,
      ...cardFields(card),
    };
    await this.#raise('ONEXTERNALCALLSTART', data, userId);
    return call.id;
  }

  /** A visitor fills in a call-back form of the CRM. */
  async callbackForm(given: {
    readonly phone: string;
    readonly text?: string;
    readonly card?: CardLink;
    readonly line?: string;
  }): Promise<void> {
    const data = {
      PHONE_NUMBER: given.phone,
      TEXT: given.text ?? 'A call back was ordered on the site',
      VOICE: 'ruinternalfemale',
      ...cardFields(given.card ?? null),
      LINE_NUMBER: given.line ?? '',
    };
    await this.#raise('ONEXTERNALCALLBACKSTART', data, 1);
  }

  /** A user changes fields of a contact. */
  async editContact(id: number, fields: Fields, userId = 1): Promise<void> {
    await this.edit('CONTACT', id, fields, userId);
  }

  /** A user changes fields of any card. */
  async edit(kind: CardKind, id: number, fields: Fields, userId = 1): Promise<void> {
    changeCard(this.#core, kind, id, fields, userId);
    await this.#events.posted();
  }

  async deleteContact(id: number, userId = 1): Promise<void> {
    deleteCard(this.#core, 'CONTACT', id, userId);
    await this.#events.posted();
  }

  /** A user sets how a number of a call list ended. */
  setListStatus(listId: number, member: number, status: string): void {
    this.#core.state.callLists.get(listId)?.items.set(member, status);
  }

  /** An operator answers in an Open Lines chat. The text begins with the operator's name in BB code, unless signatures are off. */
  async answerInOpenLine(chatId: number, userId: number, text: string, files: readonly string[] = []): Promise<number> {
    const core = this.#core;
    const chat = this.#chat(chatId);
    const signed = this.#signed(chat, userId, text);
    const message: ChatMessage = {
      id: core.nextId('message'),
      from: 'operator',
      userId,
      externalIds: [],
      text: signed,
      files,
      fetched: [],
      at: core.clock.now() / 1000,
      status: 'sent',
    };
    chat.messages.push(message);
    const sent = {
      user_id: userId,
      text: signed,
      ...(files.length === 0
        ? {}
        : { files: files.map((link) => ({ name: link.split('/').at(-1) ?? '', link, type: 'file' })) }),
    };
    await this.#raise('ONIMCONNECTORMESSAGEADD', eventOf(chat, message.id, sent), userId);
    return message.id;
  }

  /** An operator changes a message. */
  async editInOpenLine(chatId: number, messageId: number, userId: number, text: string): Promise<void> {
    const { chat, message } = this.#message(chatId, messageId);
    this.#allows(chat, 'EDIT_INTERNAL_MESSAGES');
    message.text = this.#signed(chat, userId, text);
    const data = eventOf(chat, messageId, { id: message.externalIds, text: message.text });
    await this.#raise('ONIMCONNECTORMESSAGEUPDATE', data, userId);
  }

  /** An operator deletes a message. */
  async deleteInOpenLine(chatId: number, messageId: number, userId: number): Promise<void> {
    const { chat, message } = this.#message(chatId, messageId);
    this.#allows(chat, 'DEL_INTERNAL_MESSAGES');
    message.status = 'deleted';
    const data = eventOf(chat, messageId, { id: message.externalIds[0] ?? '' });
    await this.#raise('ONIMCONNECTORMESSAGEDELETE', data, userId);
  }

  /** An operator closes the conversation. */
  async closeOpenLine(chatId: number, userId: number): Promise<void> {
    await this.#raise('ONIMCONNECTORDIALOGFINISH', dialogEvent(this.#chat(chatId)), userId);
  }

  /** An administrator deletes an open line. */
  async deleteOpenLine(line: number, userId: number): Promise<void> {
    this.#core.state.openLines.delete(line);
    for (const { lines } of this.#core.state.connectors.values()) lines.delete(line);
    await this.#raise('ONIMCONNECTORLINEDELETE', { LINE_ID: line }, userId);
  }

  /** An administrator disconnects a channel from its open line. */
  async disconnectChannel(connector: string, line: number, userId: number): Promise<void> {
    this.#core.state.connectors.get(connector)?.lines.delete(line);
    await this.#raise('ONIMCONNECTORSTATUSDELETE', { connector, line }, userId);
  }

  /** What operators may do with their messages in a chat, by what the connector said when it was registered. */
  #allows(chat: Chat, what: 'EDIT_INTERNAL_MESSAGES' | 'DEL_INTERNAL_MESSAGES'): void {
    if (this.#core.state.connectors.get(chat.connector)?.fields[what] === false)
      throw new Error(`the portal does not offer ${what}`);
  }

  #chat(id: number): Chat {
    const chat = this.#core.state.chats.get(id);
    if (chat === undefined) throw new Error(`the portal has no chat ${id}`);
    return chat;
  }

  #message(chatId: number, messageId: number): { readonly chat: Chat; readonly message: ChatMessage } {
    const chat = this.#chat(chatId);
    const message = chat.messages.find(({ id }) => id === messageId);
    if (message === undefined) throw new Error(`chat ${chatId} has no message ${messageId}`);
    return { chat, message };
  }

  #signed({ connector }: Chat, userId: number, text: string): string {
    const user = this.#core.state.users.get(userId);
    const isSigned = this.#core.state.connectors.get(connector)?.fields.NEED_SIGNATURE !== false;
    const name = [user?.name, user?.lastName].filter((part) => part !== undefined).join(' ');
    return isSigned ? `[b]${name}:[/b] [br]${text}` : text;
  }

  async #raise(event: string, data: Fields, userId: number): Promise<void> {
    this.#core.raise(event, data, userId);
    await this.#events.posted();
  }
}

function cardFields(card: CardLink | null): Fields {
  return { CRM_ENTITY_TYPE: card?.kind ?? '', CRM_ENTITY_ID: card === null ? '' : String(card.id) };
}

function eventOf(chat: Chat, messageId: number, message: Fields): Fields {
  return {
    CONNECTOR: chat.connector,
    LINE: chat.line,
    MESSAGES: [{ im: { chat_id: chat.id, message_id: messageId }, message, chat: { id: chat.externalId } }],
  };
}
