import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import {
  type Fields,
  fields,
  geoUri,
  id,
  joinedLines,
  list,
  moment,
  number,
  numberedSecond,
  text,
  word,
} from '../../runtime/http/fields.ts';
import type { Incoming, RemoteFile } from '../shared/messages.ts';
import { quoted } from '../shared/messenger.ts';

/** Context for reading an event. */
export interface VkReading {
  readonly connection: string;
  readonly authors: Readonly<Record<string, string>>;
  /** Looks up our key of a message being sent by its `random_id`. */
  readonly own: (randomId: string) => EventKey | null;
  readonly now: number;
}

/** Peer ids from this value on are group chats. */
const chats = 2_000_000_000;

/** The key of a message in a private conversation. */
export function messageKey(connection: string, peer: string, message: string): EventKey {
  return eventKey(connection, `${peer}:${message}`);
}

/** Parses an event. Null if it is not a message in a private conversation. Never throws. */
export function readEvent(event: Fields, reading: VkReading): Incoming | null {
  const object = fields(event.object);
  switch (event.type) {
    case 'message_new':
      return readMessage(fields(object.message), false, reading);
    case 'message_reply':
      return readMessage(object, true, reading);
    case 'message_edit':
      return readMessage(object, object.out === 1, reading);
    default:
      return null;
  }
}

function readMessage(message: Fields, ours: boolean, reading: VkReading): Incoming | null {
  const { connection, now } = reading;
  const peer = id(message.peer_id);
  const messageId = id(message.id);
  const peerNumber = number(peer) ?? 0;
  if (peer === null || messageId === null || peerNumber <= 0 || peerNumber >= chats) return null;
  const author = id(message.admin_author_id);
  const own = ours ? reading.own(id(message.random_id) ?? '') : null;
  const answered = id(fields(message.reply_message).id);
  return {
    contact: {
      kind: 'written',
      channel: 'message',
      key: messageKey(connection, peer, messageId),
      aliases: own === null ? [] : [own],
      connection,
      direction: ours ? 'outbound' : 'inbound',
      state: ours ? 'sent' : 'received',
      party: {
        phone: null,
        email: null,
        account: { kind: 'vk', connection, id: peer, username: null },
        name: null,
      },
      line: connection,
      manager: entryOf(reading.authors, author) ?? null,
      from: null,
      at: numberedSecond(message.date, messageId, now),
      subject: null,
      text: words(message),
      attachments: [],
      thread: `${connection}:${peer}`,
      answers: answered === null ? [] : [messageKey(connection, peer, answered)],
      attribution: markOf(message),
      automatic: null,
      handle: { peer },
    },
    files: filesOf(message),
    edited: moment(message.update_time, 1000, 0),
  };
}

/** The attribution of a link such as `vk.me/club?ref=…&ref_source=…`. */
function markOf({ ref, ref_source }: Fields): Attribution | null {
  const [mark, source] = [word(ref, 300), word(ref_source, 300)];
  if (mark === null && source === null) return null;
  const ids = { ...(mark !== null && { vk_ref: mark }), ...(source !== null && { vk_ref_source: source }) };
  return {
    source: source ?? 'vk',
    medium: null,
    campaign: mark,
    content: null,
    term: null,
    page: null,
    referrer: null,
    ids,
  };
}

function words(message: Fields): string | null {
  const place = fields(fields(message.geo).coordinates);
  const forwarded = list(message.fwd_messages).map((one) => quoted(text(fields(one).text)));
  return joinedLines(
    text(message.text),
    ...list(message.attachments).map((one) => linkOf(fields(one))),
    geoUri(place.latitude, place.longitude),
    ...forwarded,
  );
}

/** The link of an attachment that has a page but no file. */
function linkOf(attachment: Fields): string | null {
  const kind = text(attachment.type) ?? '';
  const own = fields(attachment[kind]);
  if (kind === 'link') return word(own.url, 2000);
  if (kind !== 'video' && kind !== 'wall' && kind !== 'market') return null;
  const [owner, item] = [id(own.owner_id ?? own.from_id), id(own.id)];
  return owner === null || item === null ? null : `https://vk.com/${kind}${owner}_${item}`;
}

function filesOf(message: Fields): readonly RemoteFile[] {
  return list(message.attachments).flatMap((one) => {
    const attachment = fields(one);
    const own = fields(attachment[text(attachment.type) ?? '']);
    switch (attachment.type) {
      case 'photo':
        return fileOf(largest(own.sizes) ?? fields(own.orig_photo).url, `photo-${id(own.id) ?? ''}.jpg`, 'image/jpeg');
      case 'doc':
        return fileOf(own.url, word(own.title) ?? 'file', 'application/octet-stream');
      case 'audio_message':
        return fileOf(
          own.link_ogg ?? own.link_mp3,
          own.link_ogg === undefined ? 'voice.mp3' : 'voice.ogg',
          own.link_ogg === undefined ? 'audio/mpeg' : 'audio/ogg',
        );
      default:
        return [];
    }
  });
}

function fileOf(url: unknown, name: string, mime: string): readonly RemoteFile[] {
  const at = text(url);
  return at === null || !URL.canParse(at) ? [] : [{ name, mime, locate: async () => ({ url: at, headers: {} }) }];
}

function largest(sizes: unknown): string | null {
  const area = ({ width, height }: Fields) => (number(width) ?? 0) * (number(height) ?? 0);
  const found = list(sizes)
    .map(fields)
    .toSorted((a, b) => area(b) - area(a));
  return text(found[0]?.url);
}
