import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Automatic } from '../../domain/interaction/interaction.ts';
import type { WrittenDeletion, WrittenParty } from '../../domain/written/written-contact.ts';
import {
  type Fields,
  fields,
  geoUri,
  id,
  joinedLines,
  joinedName,
  list,
  moment,
  numberedSecond,
  text,
  word,
} from '../../runtime/http/fields.ts';
import type { Incoming, RemoteFile } from '../shared/messages.ts';
import { linkMark } from '../shared/messenger.ts';

/** Context for reading a message. */
export interface TelegramReading {
  readonly connection: string;
  /** The bot's id. */
  readonly bot: string;
  readonly groups: ReadonlySet<string>;
  readonly authors: Readonly<Record<string, string>>;
  readonly now: number;
  /** Finds the URL of a file. */
  readonly locate: (fileId: string) => RemoteFile['locate'];
}

/** The key of a message. Telegram's ids are unique only within a chat and business connection. */
export function messageKey(connection: string, chat: string, message: string, business: string | null): EventKey {
  return eventKey(connection, `${business === null ? '' : `${business}:`}${chat}:${message}`);
}

/** Parses an update. Null if it is not a message to us. Never throws. */
export function readUpdate(update: unknown, reading: TelegramReading): Incoming | null {
  const { message, edited_message, business_message, edited_business_message } = fields(update);
  const found = message ?? edited_message ?? business_message ?? edited_business_message;
  return found === undefined ? null : readMessage(fields(found), reading);
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

function readMessage(message: Fields, reading: TelegramReading): Incoming | null {
  const { connection, bot, now } = reading;
  const chat = fields(message.chat);
  const from = fields(message.from);
  const [chatId, messageId, fromId] = [id(chat.id), id(message.message_id), id(from.id)];
  if (chatId === null || messageId === null || fromId === null) return null;
  const business = id(message.business_connection_id);
  const isPrivate = chat.type === 'private';
  if (!isPrivate && !reading.groups.has(chatId)) return null;
  // Messages that this bot sent for the business are already known.
  if (id(fields(message.sender_business_bot).id) === bot || fromId === bot) return null;
  const ours = business !== null && isPrivate ? fromId !== chatId : Object.hasOwn(reading.authors, fromId);
  const at = numberedSecond(message.date, messageId, now);
  const start = /^\/start(?:@\w+)? ([A-Za-z0-9_-]{1,64})$/.exec(text(message.text) ?? '')?.[1] ?? null;
  const answered = id(fields(message.reply_to_message).message_id);
  return {
    contact: {
      kind: 'written',
      channel: 'message',
      key: messageKey(connection, chatId, messageId, business),
      aliases: [],
      connection,
      direction: ours ? 'outbound' : 'inbound',
      state: ours ? 'sent' : 'received',
      party: ours ? partyOf(connection, chat, null) : partyOf(connection, from, provenPhone(message, fromId)),
      line: connection,
      manager: ours ? (entryOf(reading.authors, fromId) ?? null) : null,
      from: null,
      at,
      subject: null,
      text: words(message),
      attachments: [],
      thread: `${connection}:${business === null ? '' : `${business}:`}${chatId}`,
      answers: answered === null ? [] : [messageKey(connection, chatId, answered, business)],
      attribution: start === null ? null : linkMark('telegram', 'telegram_start', start),
      automatic: automaticOf(message, from),
      handle: {
        chat: chatId,
        message: messageId,
        ...(business !== null && { business }),
        ...(!isPrivate && { group: 'yes' }),
      },
    },
    files: filesOf(message, messageId, reading),
    edited: moment(message.edit_date, 1000, 0),
  };
}

function partyOf(connection: string, who: Fields, phone: string | null): WrittenParty {
  const account = { kind: 'telegram', connection, id: id(who.id) ?? '', username: word(who.username, 64) };
  return { phone, email: null, account, name: joinedName(who.first_name, who.last_name) ?? word(who.title) };
}

/** The telephone in a shared contact, if the contact is the sender's own. */
function provenPhone({ contact }: Message, from: string): string | null {
  const { phone_number, user_id } = fields(contact);
  const phone = word(phone_number, 32);
  return phone !== null && id(user_id) === from ? `+${phone.replace(/\D/g, '')}` : null;
}
type Message = Fields;

/** Business messages that another bot sent in our name are automatic. */
function automaticOf({ sender_business_bot, is_from_offline }: Message, from: Fields): Automatic | null {
  return sender_business_bot !== undefined || is_from_offline === true || from.is_bot === true ? 'auto_reply' : null;
}

/** The text of a message, including places, contacts and stickers. */
function words(message: Message): string | null {
  const { location, venue, contact, sticker, poll, dice } = message;
  const place = fields(location ?? fields(venue).location);
  const card = fields(contact);
  return joinedLines(
    text(message.text) ?? text(message.caption),
    word(fields(venue).title),
    word(fields(venue).address),
    geoUri(place.latitude, place.longitude),
    joinedName(card.first_name, card.last_name),
    word(card.phone_number, 32),
    word(fields(sticker).emoji, 32),
    word(fields(poll).question, 300),
    word(fields(dice).emoji, 32),
  );
}

/** Kinds of files, with their default names and types. Animations are also sent as documents. */
const kinds = [
  ['document', 'file', 'application/octet-stream'],
  ['voice', 'voice.ogg', 'audio/ogg'],
  ['audio', 'audio.mp3', 'audio/mpeg'],
  ['video', 'video.mp4', 'video/mp4'],
  ['video_note', 'video.mp4', 'video/mp4'],
] as const;

function filesOf(message: Message, messageId: string, { locate }: TelegramReading): readonly RemoteFile[] {
  const found = kinds.flatMap(([kind, name, mime]) => {
    const file = fields(message[kind]);
    const fileId = text(file.file_id);
    if (fileId === null) return [];
    return [{ name: word(file.file_name) ?? name, mime: word(file.mime_type, 127) ?? mime, locate: locate(fileId) }];
  });
  const sizes = Array.isArray(message.photo) ? message.photo : [];
  const photo = text(fields(sizes.at(-1)).file_id);
  return photo === null
    ? found
    : [...found, { name: `photo-${messageId}.jpg`, mime: 'image/jpeg', locate: locate(photo) }];
}
