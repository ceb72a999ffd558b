import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { WrittenDeletion } from '../../domain/written/written-contact.ts';
import {
  type Fields,
  fields,
  geoUri,
  id,
  joinedLines,
  joinedName,
  list,
  moment,
  number,
  text,
  word,
} from '../../runtime/http/fields.ts';
import type { Incoming, RemoteFile } from '../shared/messages.ts';
import { cardPhones, clientMessage, linkMark, quoted } from '../shared/messenger.ts';

/** Context for reading an update. */
export interface MaxReading {
  readonly connection: string;
  readonly now: number;
}

/** The key of a message. */
export function messageKey(connection: string, mid: string): EventKey {
  return eventKey(connection, mid);
}

/** Parses an update. Null if it is not a message in a private conversation. Never throws. */
export function readUpdate(given: unknown, reading: MaxReading): Incoming | null {
  const update = fields(given);
  switch (update.update_type) {
    case 'message_created':
      return readMessage(fields(update.message), 0, reading);
    case 'message_edited':
      return readMessage(fields(update.message), moment(update.timestamp, 1, 0), reading);
    case 'bot_started':
      return readStart(update, reading);
    default:
      return null;
  }
}

/** Parses an update that reports a deletion, else null. Never throws. */
export function readDeletion(given: unknown, { connection, now }: MaxReading): WrittenDeletion | null {
  const update = fields(given);
  const mid = update.update_type === 'message_removed' ? id(update.message_id) : null;
  if (mid === null) return null;
  return { kind: 'deletion', key: messageKey(connection, mid), connection, at: moment(update.timestamp, 1, now) };
}

function readMessage(message: Fields, edited: number, reading: MaxReading): Incoming | null {
  const { connection, now } = reading;
  const [sender, recipient] = [fields(message.sender), fields(message.recipient)];
  const [body, link] = [fields(message.body), fields(message.link)];
  const [user, chat, mid] = [id(sender.user_id), id(recipient.chat_id), id(body.mid)];
  // Messages of bots, including ours, are not from clients.
  if (user === null || chat === null || mid === null || sender.is_bot === true) return null;
  if (recipient.chat_type !== 'dialog') return null;
  const attachments = list(body.attachments).map(fields);
  const linked = fields(link.message);
  const answered = link.type === 'reply' ? id(linked.mid) : null;
  return incoming({
    connection,
    key: messageKey(connection, mid),
    chat,
    who: sender,
    phone: provenPhone(attachments, user),
    at: moment(message.timestamp, 1, now),
    text: joinedLines(
      text(body.text),
      ...attachments.map(wordsOf),
      link.type === 'forward' ? quoted(text(linked.text)) : null,
    ),
    answers: answered === null ? [] : [messageKey(connection, answered)],
    attribution: null,
    message: mid,
    files: attachments.flatMap((one, i) => filesOf(one, i)),
    edited,
  });
}

/** A client started the bot by one of our links. The mark of the link is sent once, before the first message. */
function readStart(update: Fields, { connection, now }: MaxReading): Incoming | null {
  const who = fields(update.user);
  const [user, chat] = [id(who.user_id), id(update.chat_id)];
  const mark = word(update.payload, 512);
  if (user === null || chat === null || mark === null) return null;
  return incoming({
    connection,
    key: messageKey(connection, `start:${chat}:${number(update.timestamp) ?? 0}`),
    chat,
    who,
    phone: null,
    at: moment(update.timestamp, 1, now),
    text: `/start ${mark}`,
    answers: [],
    attribution: linkMark('max', 'max_start', mark),
    message: null,
    files: [],
    edited: 0,
  });
}

function incoming(given: {
  readonly connection: string;
  readonly key: EventKey;
  readonly chat: string;
  readonly who: Fields;
  readonly phone: string | null;
  readonly at: number;
  readonly text: string | null;
  readonly answers: readonly EventKey[];
  readonly attribution: Attribution | null;
  readonly message: string | null;
  readonly files: readonly RemoteFile[];
  readonly edited: number;
}): Incoming {
  const { connection, key, chat, who, message, phone, at, text: said, answers, attribution } = given;
  return {
    contact: clientMessage({
      kind: 'max',
      key,
      connection,
      account: { id: id(who.user_id) ?? '', username: word(who.username, 64) },
      name: joinedName(who.first_name, who.last_name) ?? word(who.name),
      phone,
      chat,
      at,
      text: said,
      answers,
      attribution,
      handle: { chat, ...(message !== null && { message }) },
    }),
    files: given.files,
    edited: given.edited,
  };
}

/** The sender's telephone from a shared contact, if MAX confirms that the contact is the sender's own. */
function provenPhone(attachments: readonly Fields[], user: string): string | null {
  for (const { type, payload } of attachments) {
    const { vcf_info, max_info } = fields(payload);
    const [phone] = type === 'contact' && id(fields(max_info).user_id) === user ? cardPhones(text(vcf_info)) : [];
    if (phone !== undefined) return `+${phone.replace(/\D/g, '')}`;
  }
  return null;
}

/** The text of an attachment that is not a file. */
function wordsOf({ type, payload, latitude, longitude }: Fields): string | null {
  const { url, vcf_info, max_info, code } = fields(payload);
  switch (type) {
    case 'share':
      return word(url, 2000);
    case 'location':
      return geoUri(latitude, longitude);
    case 'sticker':
      return word(code, 64);
    case 'contact': {
      const who = fields(max_info);
      return joinedLines(joinedName(who.first_name, who.last_name) ?? word(who.name), ...cardPhones(text(vcf_info)));
    }
    default:
      return null;
  }
}

/** Kinds of files, with their default names and types. */
const kinds: Readonly<Record<string, readonly [name: string, mime: string]>> = {
  image: ['photo.jpg', 'image/jpeg'],
  video: ['video.mp4', 'video/mp4'],
  audio: ['voice.mp3', 'audio/mpeg'],
  file: ['file', 'application/octet-stream'],
};

function filesOf({ type, payload, filename }: Fields, index: number): readonly RemoteFile[] {
  const kind = entryOf(kinds, type);
  const url = text(fields(payload).url);
  if (kind === undefined || url === null || !URL.canParse(url)) return [];
  const [name, mime] = kind;
  const own = index === 0 ? name : name.replace(/^(\w+)/, `$1-${index + 1}`);
  return [{ name: word(filename) ?? own, mime, locate: async () => ({ url, headers: {} }) }];
}
