import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { WrittenDeletion } from '../../domain/written/written-contact.ts';
import { type Fields, fields, id, joinedName, list, moment, number, text, word } from '../../runtime/http/fields.ts';
import { said, shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { cardPhones, clientMessage, type Envelope, linkMark, sharedPhone } from '../shared/messenger.ts';
import type { Words } from '../shared/words.ts';
import { readContent } from './content.ts';

/** Context for reading an update. */
export interface MaxReading {
  readonly connection: string;
  readonly now: number;
  readonly words: Words;
}

/** Updates in which nobody says anything (https://dev.max.ru/docs-api/objects/Update). */
const serviceUpdates: ReadonlySet<string> = new Set([
  'bot_added',
  'bot_removed',
  'bot_stopped',
  'user_added',
  'user_removed',
  'chat_title_changed',
  'dialog_muted',
  'dialog_unmuted',
  'dialog_cleared',
  'dialog_removed',
  'message_chat_created',
]);

/** The key of a message. */
export function messageKey(connection: string, mid: string): EventKey {
  return eventKey(connection, mid);
}

/** Parses an update. Null if it is not for us. Never throws. */
export function readUpdate(given: unknown, reading: MaxReading): Incoming | Unshown | WrittenDeletion | null {
  const update = fields(given);
  const type = text(update.update_type) ?? 'update';
  switch (type) {
    case 'message_created':
      return readMessage(fields(update.message), 0, reading);
    case 'message_edited':
      return readMessage(fields(update.message), moment(update.timestamp, 1, 0), reading);
    case 'message_callback':
      return readCallback(update, reading);
    case 'bot_started':
      return readStart(update, reading);
    case 'message_removed':
      return readDeletion(update, reading);
    default:
      return { kind: 'unshown', what: serviceUpdates.has(type) ? 'service' : 'unknown', type };
  }
}

function readDeletion(update: Fields, { connection, now }: MaxReading): WrittenDeletion | Unshown {
  const mid = id(update.message_id);
  if (mid === null) return { kind: 'unshown', what: 'unknown', type: 'message_removed' };
  return { kind: 'deletion', key: messageKey(connection, mid), connection, at: moment(update.timestamp, 1, now) };
}

function readMessage(message: Fields, edited: number, reading: MaxReading): Incoming | Unshown | null {
  const { connection, now, words } = reading;
  const [sender, recipient] = [fields(message.sender), fields(message.recipient)];
  const [body, link] = [fields(message.body), fields(message.link)];
  const [user, chat, mid] = [id(sender.user_id), id(recipient.chat_id), id(body.mid)];
  // Messages of bots, including ours, are not from clients.
  if (sender.is_bot === true) return null;
  if (user === null || chat === null || mid === null) return { kind: 'unshown', what: 'unknown', type: 'message' };
  if (recipient.chat_type !== 'dialog') return null;
  const answered = link.type === 'reply' ? id(fields(link.message).mid) : null;
  const envelope = envelopeOf(sender, {
    connection,
    key: messageKey(connection, mid),
    chat,
    phone: provenPhone(list(body.attachments).map(fields), user),
    at: moment(message.timestamp, 1, now),
    answers: answered === null ? [] : [messageKey(connection, answered)],
    attribution: null,
    message: mid,
  });
  return shown(envelope, readContent(message, words), { raw: message, type: 'message', edited, words });
}

/** A client pressed a button under a message, of which MAX names only the payload. */
function readCallback(update: Fields, { connection, now, words }: MaxReading): Incoming | Unshown {
  const { callback_id, payload, user, timestamp } = fields(update.callback);
  const { recipient, body } = fields(update.message);
  const [who, press, button] = [fields(user), id(callback_id), word(payload, 1000)];
  const type = 'message_callback';
  const person = id(who.user_id);
  if (person === null || press === null) return { kind: 'unshown', what: 'unknown', type };
  if (button === null) return serviceEvent(type);
  const under = fields(body);
  const chosen = buttonText(list(under.attachments).map(fields), button) ?? button;
  const answered = id(under.mid);
  const envelope = envelopeOf(who, {
    connection,
    key: messageKey(connection, `callback:${press}:${person}:${moment(timestamp, 1, 0)}`),
    chat: id(fields(recipient).chat_id),
    phone: null,
    at: moment(timestamp, 1, now),
    answers: answered === null ? [] : [messageKey(connection, answered)],
    attribution: null,
    message: null,
  });
  return shown(envelope, said(words.pressed(chosen)), { raw: update, type, words });
}

/** The text of the button with a payload. */
function buttonText(attachments: readonly Fields[], wanted: string): string | null {
  const rows = attachments.flatMap(({ payload }) => list(fields(payload).buttons));
  const found = rows.flatMap((row) => list(row).map(fields)).find(({ payload }) => payload === wanted);
  return word(found?.text);
}

/** A client started the bot by one of our links. The mark of the link is sent once, before the first message. */
function readStart(update: Fields, { connection, now, words }: MaxReading): Incoming | Unshown {
  const who = fields(update.user);
  const [user, chat] = [id(who.user_id), id(update.chat_id)];
  const mark = word(update.payload, 512);
  const type = 'bot_started';
  if (mark === null) return serviceEvent(type);
  if (user === null || chat === null) return { kind: 'unshown', what: 'unknown', type };
  const envelope = envelopeOf(who, {
    connection,
    key: messageKey(connection, `start:${chat}:${number(update.timestamp) ?? 0}`),
    chat,
    phone: null,
    at: moment(update.timestamp, 1, now),
    answers: [],
    attribution: linkMark('max', 'max_start', mark),
    message: null,
  });
  return shown(envelope, said(`/start ${mark}`), { raw: update, type, words });
}

/** A message of a client without its content. `chat`: null if MAX does not name it. */
function envelopeOf(
  who: Fields,
  given: {
    readonly connection: string;
    readonly key: EventKey;
    readonly chat: string | null;
    readonly phone: string | null;
    readonly at: number;
    readonly answers: readonly EventKey[];
    readonly attribution: Attribution | null;
    readonly message: string | null;
  },
): Envelope {
  const { chat, message, ...rest } = given;
  const user = id(who.user_id) ?? '';
  return clientMessage({
    ...rest,
    kind: 'max',
    account: { id: user, username: word(who.username, 64) },
    name: joinedName(who.first_name, who.last_name) ?? word(who.name),
    chat: chat ?? `user:${user}`,
    handle: { ...(chat !== null && { chat }), ...(message !== null && { message }) },
  });
}

/** The sender's telephone from a shared contact, if MAX confirms that the contact is the sender's own. */
function provenPhone(attachments: readonly Fields[], user: string): string | null {
  for (const { type, payload } of attachments) {
    const { vcf_info, max_info } = fields(payload);
    const [phone] = type === 'contact' && id(fields(max_info).user_id) === user ? cardPhones(text(vcf_info)) : [];
    if (phone !== undefined) return sharedPhone(phone);
  }
  return null;
}
