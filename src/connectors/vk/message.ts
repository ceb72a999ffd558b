import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { WrittenDeletion, WrittenReading } from '../../domain/written/written-contact.ts';
import { type Fields, fields, id, moment, number, numberedSecond, text, word } from '../../runtime/http/fields.ts';
import { isBlank, shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import type { Words } from '../shared/words.ts';
import { isGift } from './attachments.ts';
import { type CommentPlace, readComment } from './comments.ts';
import { actionOf, readContent } from './content.ts';
import { readButton, readLeadForm, readOrder, readPayment } from './wishes.ts';

/** Context for reading an event. */
export interface VkReading {
  readonly connection: string;
  readonly authors: Readonly<Record<string, string>>;
  /** The places whose comments are read. */
  readonly comments: readonly CommentPlace[];
  /** Looks up our key of a message being sent by its `random_id`. */
  readonly own: (randomId: string) => EventKey | null;
  readonly now: number;
  readonly words: Words;
}

/** Peer ids from this value on are group chats. */
const chats = 2_000_000_000;

/** The key of a message in a private conversation. */
export function messageKey(connection: string, peer: string, message: string): EventKey {
  return eventKey(connection, `${peer}:${message}`);
}

/** Events of the community that no client writes (https://dev.vk.com/ru/api/community-events/json-schema). */
const serviceEvents: ReadonlySet<string> = new Set([
  'message_allow',
  'message_deny',
  'message_reaction_event',
  'group_join',
  'group_leave',
  'group_officers_edit',
  'group_change_settings',
  'group_change_photo',
  'user_block',
  'user_unblock',
  'wall_post_new',
  'wall_repost',
  'wall_schedule_post_new',
  'wall_schedule_post_delete',
  'photo_new',
  'audio_new',
  'video_new',
  'like_add',
  'like_remove',
  'poll_vote_new',
  'market_order_edit',
  'app_payload',
  'donut_subscription_create',
  'donut_subscription_prolonged',
  'donut_subscription_expired',
  'donut_subscription_cancelled',
  'donut_subscription_price_changed',
  'donut_money_withdraw',
  'donut_money_withdraw_error',
]);

/** A client is writing. */
export interface ClientTyping {
  readonly kind: 'typing';
  /** The conversation, as in {@link WrittenReading}. */
  readonly thread: string;
}

/** What an event brings. */
export type VkEvent = Incoming | Unshown | WrittenDeletion | WrittenReading | ClientTyping;

/** Parses an event. Null if it is not for us. Never throws. */
export function readEvent(event: Fields, reading: VkReading): VkEvent | null {
  const object = fields(event.object);
  const type = text(event.type) ?? 'event';
  switch (type) {
    case 'message_new':
      // Before version 5.103, the object was the message itself.
      return readMessage(object.message === undefined ? object : fields(object.message), false, reading);
    case 'message_reply':
      return readMessage(object, true, reading);
    case 'message_edit':
      return readMessage(object, object.out === 1, reading);
    case 'message_read':
      return readReading(object, reading);
    case 'message_typing_state':
      return readTyping(object, reading);
    case 'lead_forms_new':
      return readLeadForm(object, reading);
    case 'market_order_new':
      return readOrder(object, reading);
    case 'message_event':
      return readButton(object, reading);
    case 'vkpay_transaction':
      return readPayment(object, reading);
    default: {
      const { connection, now, words, comments: wanted } = reading;
      const comment = readComment(type, object, { connection, now, words, wanted });
      return comment ?? { kind: 'unshown', what: serviceEvents.has(type) ? 'service' : 'unknown', type };
    }
  }
}

/** A person has read our messages. VK names the last one. */
function readReading({ from_id, peer_id, read_message_id }: Fields, { connection, now }: VkReading): VkEvent {
  const [reader, peer, last] = [id(from_id), id(peer_id), id(read_message_id)];
  if (peer === null || reader !== peer || last === null || !isPerson(peer)) return serviceEvent('message_read');
  const key = messageKey(connection, peer, last);
  return { kind: 'reading', key, connection, thread: threadOf(connection, peer), at: now };
}

function readTyping({ from_id, state }: Fields, { connection }: VkReading): VkEvent {
  const peer = id(from_id);
  if (peer === null || state !== 'typing' || !isPerson(peer)) return serviceEvent('message_typing_state');
  return { kind: 'typing', thread: threadOf(connection, peer) };
}

function isPerson(peer: string): boolean {
  const number_ = number(peer) ?? 0;
  return number_ > 0 && number_ < chats;
}

function threadOf(connection: string, peer: string): string {
  return `${connection}:${peer}`;
}

function readMessage(message: Fields, ours: boolean, reading: VkReading): Incoming | Unshown | null {
  const { connection, now, words } = reading;
  const peer = id(message.peer_id);
  const messageId = id(message.id);
  if (peer === null || messageId === null) return { kind: 'unshown', what: 'unknown', type: 'message' };
  if (!isPerson(peer)) return null;
  const author = id(message.admin_author_id);
  const own = ours ? reading.own(id(message.random_id) ?? '') : null;
  const answered = id(fields(message.reply_message).id);
  const content = readContent(message, words);
  const action = actionOf(message);
  if (isBlank(content) && action !== null) return serviceEvent(action);
  const isOnlyGift = text(message.text) === null && isGift(message.attachments);
  return shown(
    {
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
      thread: threadOf(connection, peer),
      answers: answered === null ? [] : [messageKey(connection, peer, answered)],
      attribution: markOf(message),
      automatic: isOnlyGift ? 'notice' : null,
      handle: { peer, message: messageId },
    },
    content,
    { raw: message, type: 'message', edited: moment(message.update_time, 1000, 0), words },
  );
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
