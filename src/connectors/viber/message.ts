import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution, MessageState } from '../../domain/interaction/interaction.ts';
import { noProblem, problemOf } from '../../domain/outbound/problem.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenReport } from '../../domain/written/written-contact.ts';
import { type Fields, fields, geoUri, id, joinedLines, moment, text, word } from '../../runtime/http/fields.ts';
import type { Incoming, RemoteFile } from '../shared/messages.ts';
import { clientMessage, linkMark } from '../shared/messenger.ts';

/** Context for reading a callback. */
export interface ViberReading {
  readonly connection: string;
  readonly sharedContacts: 'claim' | 'proof';
  readonly now: number;
}

/** The key of a message, in both directions. */
export function messageKey(connection: string, token: string): EventKey {
  return eventKey(connection, token);
}

const states: Readonly<Record<string, MessageState>> = { delivered: 'delivered', seen: 'read', failed: 'failed' };

/** Parses a callback. Null if it is neither a message nor a report. Never throws. */
export function readCallback(given: unknown, reading: ViberReading): Incoming | WrittenReport | null {
  const { connection, now } = reading;
  const callback = fields(given);
  const event = callback.event;
  const token = id(callback.message_token);
  const at = moment(callback.timestamp, 1, now);
  if (token === null) return null;
  if (event === 'message') return readMessage(callback, token, at, reading);
  if (event === 'conversation_started') return readStart(callback, token, at, reading);
  const state = entryOf(states, event);
  if (state === undefined) return null;
  // The callback has a description but no code.
  const problem =
    state === 'failed'
      ? problemOf(reason('notDelivered', { provider: 'Viber', said: word(callback.desc) }))
      : noProblem;
  return { kind: 'report', key: messageKey(connection, token), connection, state, ...problem, at };
}

function readMessage(callback: Fields, token: string, at: number, reading: ViberReading): Incoming | null {
  const message = fields(callback.message);
  const contact = fields(message.contact);
  const shared = message.type === 'contact' ? word(contact.phone_number, 32) : null;
  const phone = reading.sharedContacts === 'proof' && shared !== null ? `+${shared.replace(/\D/g, '')}` : null;
  const words = joinedLines(
    text(message.text),
    message.type === 'url' ? word(message.media, 2000) : null,
    geoUri(fields(message.location).lat, fields(message.location).lon),
    word(contact.name),
    shared,
  );
  return incoming(callback.sender, { token, at, phone, words, files: filesOf(message), attribution: null }, reading);
}

/** A client opened the conversation by one of our links. The mark of the link is sent once, before the first message. */
function readStart(callback: Fields, token: string, at: number, reading: ViberReading): Incoming | null {
  const mark = word(callback.context, 512);
  if (mark === null) return null;
  const attribution = linkMark('viber', 'viber_context', mark);
  const message = { token, at, phone: null, words: `/start ${mark}`, files: [], attribution };
  return incoming(callback.user, message, reading);
}

function incoming(
  sender: unknown,
  message: {
    readonly token: string;
    readonly at: number;
    readonly phone: string | null;
    readonly words: string | null;
    readonly files: readonly RemoteFile[];
    readonly attribution: Attribution | null;
  },
  { connection }: ViberReading,
): Incoming | null {
  const who = fields(sender);
  const user = id(who.id);
  if (user === null) return null;
  const { at, phone, words, attribution } = message;
  return {
    contact: clientMessage({
      kind: 'viber',
      key: messageKey(connection, message.token),
      connection,
      account: { id: user, username: null },
      name: word(who.name),
      phone,
      chat: user,
      at,
      text: words,
      answers: [],
      attribution,
      handle: { user },
    }),
    files: message.files,
    edited: 0,
  };
}

/** Kinds of files, with their default names and types. */
const kinds: Readonly<Record<string, readonly [name: string, mime: string]>> = {
  picture: ['photo.jpg', 'image/jpeg'],
  video: ['video.mp4', 'video/mp4'],
  file: ['file', 'application/octet-stream'],
  sticker: ['sticker.png', 'image/png'],
};

function filesOf({ type, media, file_name }: Fields): readonly RemoteFile[] {
  const kind = entryOf(kinds, type);
  const url = text(media);
  if (kind === undefined || url === null || !URL.canParse(url)) return [];
  const [name, mime] = kind;
  return [{ name: word(file_name) ?? name, mime, locate: async () => ({ url, headers: {} }) }];
}
