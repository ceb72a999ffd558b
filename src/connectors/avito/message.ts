import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { WrittenDeletion } from '../../domain/written/written-contact.ts';
import { type Fields, fields, id, moment, text } from '../../runtime/http/fields.ts';
import { type Content, shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { clientMessage, type Envelope } from '../shared/messenger.ts';
import { attributionOf, type Chat } from './chats.ts';
import { type ContentReading, readContent } from './content.ts';

/** Context for reading a message. */
export interface AvitoReading extends ContentReading {
  readonly connection: string;
  /** What is known of its conversation; null if Avito could not be asked. */
  readonly chat: Chat | null;
  readonly now: number;
}

/** How messages of Avito's programs begin that come as ordinary text. */
const systemMark = /^\[Системное сообщение\]/i;

/** The key of a message. */
export function messageKey(connection: string, chat: string, message: string): EventKey {
  return eventKey(connection, `${chat}:${message}`);
}

/** Whether our side wrote a message, which may have been a colleague in Avito's app. */
export function isOurs({ direction, author_id, user_id }: Fields): boolean {
  return direction === 'out' || (id(author_id) !== null && id(author_id) === id(user_id));
}

/** Parses the message of a webhook, or one of the history with its `chat_id` and our `user_id`. Never throws. */
export function readMessage(message: Fields, reading: AvitoReading): Incoming | Unshown | WrittenDeletion {
  const type = text(message.type) ?? 'message';
  const [chat, name] = [id(message.chat_id), id(message.id)];
  if (chat === null || name === null) return { kind: 'unshown', what: 'unknown', type };
  // Avito's own conversations with the account: news, support.
  if (message.chat_type === 'a2u') return serviceEvent('a2u');
  const { connection, now, words } = reading;
  if (type === 'deleted') return { kind: 'deletion', key: messageKey(connection, chat, name), connection, at: now };
  const content = fields(message.content);
  const isSystem = type === 'system' || systemMark.test(text(content.text) ?? '');
  const envelope = envelopeOf(message, { chat, name, isSystem }, reading);
  const carried = isSystem ? systemText(content) : readContent(type, content, reading);
  if (carried === null) return serviceEvent('system');
  if (envelope === null) return { kind: 'unshown', what: 'unknown', type };
  return shown(envelope, carried, { raw: message, type, words });
}

/** A message of Avito's programs in the client's conversation: an order, a response to a vacancy. Null if it has no text. */
function systemText({ text: written }: Fields): Content | null {
  const lines = text(written);
  return lines === null ? null : { lines: [lines], files: [], unknown: [] };
}

/** A message without its content; null if Avito does not say who the client is. */
function envelopeOf(
  message: Fields,
  { chat, name, isSystem }: { readonly chat: string; readonly name: string; readonly isSystem: boolean },
  { connection, chat: about, now }: AvitoReading,
): Envelope | null {
  const ours = isOurs(message) && !isSystem;
  const client = ours || isSystem ? (about?.client?.id ?? null) : id(message.author_id);
  if (client === null && !ours) return null;
  const known = about?.client?.id === client ? (about?.client ?? null) : null;
  const quoted = id(fields(message.quote).id);
  const inbound = clientMessage({
    kind: 'avito',
    key: messageKey(connection, chat, name),
    connection,
    account: { id: client ?? '', username: null },
    name: known?.name ?? null,
    phone: null,
    chat,
    at: momentOf(message, now),
    answers: quoted === null ? [] : [messageKey(connection, chat, quoted)],
    attribution: about?.item == null ? itemMark(message) : attributionOf(about.item, known?.profile ?? null),
    handle: { chat, message: name },
  });
  if (isSystem) return { ...inbound, automatic: 'notice' };
  if (!ours) return inbound;
  const account = client === null ? null : inbound.party.account;
  return { ...inbound, direction: 'outbound', state: 'sent', party: { ...inbound.party, account } };
}

/** The attribution if only the number of the advertisement is known. */
function itemMark({ item_id }: Fields) {
  const item = id(item_id);
  return item === null || item === '0' ? null : attributionOf({ id: item, title: null, price: null, url: null }, null);
}

function momentOf({ created, published_at }: Fields, now: number): number {
  const published = Date.parse(text(published_at) ?? '');
  return moment(created, 1000, Number.isNaN(published) ? now : moment(published, 1, now));
}
