import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Automatic } from '../../domain/interaction/interaction.ts';
import type { WrittenDeletion, WrittenParty } from '../../domain/written/written-contact.ts';
import {
  type Fields,
  fields,
  id,
  joinedName,
  list,
  moment,
  numberedSecond,
  text,
  word,
} from '../../runtime/http/fields.ts';
import { shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { linkMark, sharedPhone } from '../shared/messenger.ts';
import type { Words } from '../shared/words.ts';
import { readContent } from './content.ts';
import type { Locate } from './files.ts';

/** Context for reading a message. */
export interface TelegramReading {
  readonly connection: string;
  /** The bot's id. */
  readonly bot: string;
  /** The first id of the group that a chat is; null if it is not listened to. */
  readonly firstId: (chat: string) => string | null;
  readonly authors: Readonly<Record<string, string>>;
  readonly now: number;
  readonly words: Words;
  readonly locate: Locate;
}

/** The key of a message. Telegram's ids are unique only within a chat and business connection. */
export function messageKey(connection: string, chat: string, message: string, business: string | null): EventKey {
  return eventKey(connection, `${business === null ? '' : `${business}:`}${chat}:${message}`);
}

/** The kinds of updates that carry a message. */
const messageUpdates = ['message', 'edited_message', 'business_message', 'edited_business_message'] as const;
/** Updates about the bot and its chats, which no client writes. */
const otherUpdates = [
  'business_connection',
  'deleted_business_messages',
  'my_chat_member',
  'chat_member',
  'message_reaction',
];

/** The message in an update, as Telegram sent it, and the kind of the update. */
export function messageIn(update: unknown): { readonly kind: string; readonly message: Fields } | null {
  const all = fields(update);
  const kind = messageUpdates.find((name) => all[name] !== undefined);
  return kind === undefined ? null : { kind, message: fields(all[kind]) };
}

/** Parses an update. Null if it is not a message to us. Never throws. */
export function readUpdate(update: unknown, reading: TelegramReading): Incoming | Unshown | null {
  const found = messageIn(update);
  if (found !== null) return readMessage(found.message, found.kind, reading);
  const kind = Object.keys(fields(update)).find((name) => name !== 'update_id') ?? 'update';
  return { kind: 'unshown', what: otherUpdates.includes(kind) ? 'service' : 'unknown', type: kind };
}

/** Parses the deletions in an update. Telegram reports them to businesses only, without a time. Never throws. */
export function readDeletions(
  update: unknown,
  { connection, now }: Pick<TelegramReading, 'connection' | 'now'>,
): readonly WrittenDeletion[] {
  const deleted = fields(fields(update).deleted_business_messages);
  const [business, chat] = [id(deleted.business_connection_id), id(fields(deleted.chat).id)];
  if (business === null || chat === null) return [];
  return list(deleted.message_ids).flatMap((one) => {
    const message = id(one);
    if (message === null) return [];
    return [{ kind: 'deletion', key: messageKey(connection, chat, message, business), connection, at: now }];
  });
}

function readMessage(message: Fields, update: string, reading: TelegramReading): Incoming | Unshown | null {
  const { connection, bot, now, words, locate } = reading;
  const chat = fields(message.chat);
  const from = writerOf(message);
  const [chatId, messageId, fromId] = [id(chat.id), id(message.message_id), id(from.id)];
  if (chatId === null || messageId === null || fromId === null)
    return { kind: 'unshown', what: 'unknown', type: update };
  const business = id(message.business_connection_id);
  const isPrivate = chat.type === 'private';
  const home = isPrivate ? chatId : reading.firstId(chatId);
  if (home === null) return null;
  // Messages that this bot sent for the business are already known.
  if (id(fields(message.sender_business_bot).id) === bot || fromId === bot) return null;
  const read = readContent(message, { words, locate, messageId });
  if (read.kind === 'service') return serviceEvent(read.type);
  // A live location is edited with each step of its sender.
  if (update.startsWith('edited') && message.location !== undefined) return serviceEvent('live_location');
  const ours = business !== null && isPrivate ? fromId !== chatId : Object.hasOwn(reading.authors, fromId);
  const start = /^\/start(?:@\w+)? ([A-Za-z0-9_-]{1,64})$/.exec(text(message.text) ?? '')?.[1] ?? null;
  const answered = id(fields(message.reply_to_message).message_id);
  const album = id(message.media_group_id);
  return shown(
    {
      kind: 'written',
      channel: 'message',
      key: messageKey(connection, chatId, messageId, business),
      ...(album === null
        ? { aliases: [] }
        : { aliases: [messageKey(connection, chatId, `album:${album}`, business)], part: { textBefore: null } }),
      connection,
      direction: ours ? 'outbound' : 'inbound',
      state: ours ? 'sent' : 'received',
      party: ours ? partyOf(connection, chat, null) : partyOf(connection, from, provenPhone(message, fromId)),
      line: connection,
      manager: ours ? (entryOf(reading.authors, fromId) ?? null) : null,
      from: null,
      at: numberedSecond(message.date, messageId, now),
      subject: null,
      thread: `${connection}:${business === null ? '' : `${business}:`}${home}`,
      answers: answered === null ? [] : [messageKey(connection, chatId, answered, business)],
      attribution: start === null ? null : linkMark('telegram', 'telegram_start', start),
      automatic: read.kind === 'notice' ? 'notice' : automaticOf(message, from),
      handle: {
        chat: chatId,
        message: messageId,
        ...(business !== null && { business }),
        ...(!isPrivate && { group: 'yes' }),
      },
    },
    read.content,
    { raw: message, type: update, edited: moment(message.edit_date, 1000, 0), words },
  );
}

/** Users whom Telegram names as the writer if somebody writes as a group or channel. */
const standIns: ReadonlySet<string> = new Set(['1087968824', '136817688']);

/** Who wrote a message: a user, or the group or channel that a user wrote as. */
function writerOf({ from, sender_chat }: Message): Fields {
  const user = fields(from);
  return standIns.has(id(user.id) ?? '') && sender_chat !== undefined ? fields(sender_chat) : user;
}

function partyOf(connection: string, who: Fields, phone: string | null): WrittenParty {
  const account = { kind: 'telegram', connection, id: id(who.id) ?? '', username: word(who.username, 64) };
  return { phone, email: null, account, name: joinedName(who.first_name, who.last_name) ?? word(who.title) };
}

/** The telephone in a shared contact, if the contact is the sender's own. */
function provenPhone({ contact }: Message, from: string): string | null {
  const { phone_number, user_id } = fields(contact);
  const phone = word(phone_number, 32);
  return phone !== null && id(user_id) === from ? sharedPhone(phone) : null;
}
type Message = Fields;

/** Business messages that another bot sent in our name are automatic, and so are a channel's posts in the group for their discussion. */
function automaticOf(
  { sender_business_bot, is_from_offline, is_automatic_forward }: Message,
  from: Fields,
): Automatic | null {
  if (is_automatic_forward === true) return 'notice';
  return sender_business_bot !== undefined || is_from_offline === true || from.is_bot === true ? 'auto_reply' : null;
}
