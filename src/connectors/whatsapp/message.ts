import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey, isInteractionId } from '../../domain/base/ids.ts';
import type { Attribution, MessageState } from '../../domain/interaction/interaction.ts';
import { outboundKey } from '../../domain/outbound/outbound.ts';
import { noProblem, problemOf } from '../../domain/outbound/problem.ts';
import type { WrittenDeletion, WrittenReport } from '../../domain/written/written-contact.ts';
import { type Fields, fields, id, list, moment, text, word } from '../../runtime/http/fields.ts';
import { shown } from '../shared/content.ts';
import { type Incoming, type RemoteFile, serviceEvent, type Unshown } from '../shared/messages.ts';
import type { Words } from '../shared/words.ts';
import { failureOf } from './api.ts';
import { editedContent, isNotice, isServiceMessage, readContent } from './content.ts';

/** Context for reading a webhook. */
export interface WhatsappReading {
  readonly connection: string;
  readonly phoneNumberId: string;
  readonly now: number;
  readonly words: Words;
  readonly locate: (mediaId: string) => RemoteFile['locate'];
}

/** What a webhook request brings. */
export type WhatsappEvent = Incoming | Unshown | WrittenReport | WrittenDeletion;

/** Parses a webhook request: messages and reports of our number, in order. Never throws. */
export function readWebhook(body: unknown, reading: WhatsappReading): readonly WhatsappEvent[] {
  const changes = list(fields(body).entry).flatMap((entry) => list(fields(entry).changes));
  return changes.flatMap((change) => {
    const value = fields(fields(change).value);
    if (id(fields(value.metadata).phone_number_id) !== reading.phoneNumberId) return [];
    const messages = list(value.messages).map((message) => readMessage(fields(message), value, reading, false));
    const echoes = list(value.message_echoes).map((message) => readMessage(fields(message), value, reading, true));
    const calls = list(value.calls).map((one) => readMessage(callMessage(fields(one)), value, reading, false));
    const reports = list(value.statuses).map((status) => readStatus(fields(status), reading));
    return [...messages, ...echoes, ...calls, ...reports].filter((found) => found !== null);
  });
}

/** The key of a message. */
export function messageKey(connection: string, message: string): EventKey {
  return eventKey(connection, message);
}

/** The name of the conversation with a number, or with the account of somebody without one. */
export function conversationName(connection: string, numberOrAccount: string): string {
  return `${connection}:${numberOrAccount}`;
}

/** An event of a call (WhatsApp Business Calling), in the form of a message. */
function callMessage(call: Fields): Fields {
  const { id: name, from, timestamp } = call;
  return { id: name, from, timestamp, type: 'call', call };
}

/** `ours`: an employee wrote it in the WhatsApp Business app. */
function readMessage(message: Fields, value: Fields, reading: WhatsappReading, ours: boolean): WhatsappEvent {
  const { connection, now, words } = reading;
  const type = text(message.type) ?? 'message';
  const messageId = id(message.id);
  const phone = digits(ours ? message.to : message.from);
  const given = id(ours ? message.to_user_id : message.from_user_id);
  const contact = contactOf(value, phone, given);
  const account = given ?? id(contact.user_id) ?? phone;
  if (messageId === null || account === null) return { kind: 'unshown', what: 'unknown', type };
  const at = moment(message.timestamp, 1000, now);
  const original = id(fields(message[type]).original_message_id);
  if (type === 'revoke' && original !== null)
    return { kind: 'deletion', key: messageKey(connection, original), connection, at };
  if (isServiceMessage(message)) return serviceEvent(type);
  const edit = editedContent(message, reading);
  const answered = id(fields(message.context).id) ?? id(fields(message.reaction).message_id);
  const profile = fields(contact.profile);
  return shown(
    {
      kind: 'written',
      channel: 'message',
      key: messageKey(connection, edit === null ? messageId : edit.original),
      aliases: [],
      connection,
      direction: ours ? 'outbound' : 'inbound',
      state: ours ? 'sent' : 'received',
      party: {
        phone: phone === null ? null : `+${phone}`,
        email: null,
        account: {
          kind: 'whatsapp',
          connection,
          id: account,
          username: word(profile.username ?? contact.username, 64),
        },
        name: word(profile.name),
      },
      line: connection,
      manager: null,
      from: null,
      at,
      subject: null,
      thread: conversationName(connection, phone ?? account),
      answers: answered === null ? [] : [messageKey(connection, answered)],
      attribution: referralOf(fields(message.referral)),
      automatic: isNotice(message) ? 'notice' : null,
      handle: { ...(phone === null ? { user: account } : { to: phone }), message: edit?.original ?? messageId },
    },
    edit?.content ?? readContent(message, reading),
    { raw: message, type, edited: edit === null ? 0 : at, words },
  );
}

function contactOf(value: Fields, phone: string | null, userId: string | null): Fields {
  const all = list(value.contacts).map(fields);
  const same = all.find(
    (one) => (phone !== null && digits(one.wa_id) === phone) || (userId !== null && id(one.user_id) === userId),
  );
  return same ?? (phone === null && userId === null && all.length === 1 ? (all[0] ?? {}) : {});
}

/** A number as WhatsApp writes it: digits only. */
function digits(value: unknown): string | null {
  const found = id(value)?.replace(/^\+/, '') ?? '';
  return /^\d{5,20}$/.test(found) ? found : null;
}

/** The advertisement that led to the message. */
function referralOf({ source_url, source_type, source_id, headline, ctwa_clid }: Fields): Attribution | null {
  const ids = { ctwa_clid: word(ctwa_clid, 500), source_id: word(source_id, 200) };
  const known = Object.entries(ids).filter((one): one is [string, string] => one[1] !== null);
  const page = word(source_url, 2000);
  if (known.length === 0 && page === null) return null;
  return {
    source: 'whatsapp',
    medium: word(source_type, 64),
    campaign: word(headline, 300),
    content: null,
    term: null,
    page,
    referrer: null,
    ids: Object.fromEntries(known),
  };
}

const states: Readonly<Record<string, MessageState>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

function readStatus(status: Fields, { connection, now }: WhatsappReading): WrittenReport | null {
  const state = entryOf(states, status.status);
  const message = id(status.id);
  if (state === undefined || message === null) return null;
  // The status contains our own id, so a message is recognised even if its send was interrupted before we got its WhatsApp id.
  const ours = text(status.biz_opaque_callback_data) ?? '';
  return {
    kind: 'report',
    key: isInteractionId(ours) ? outboundKey(ours) : messageKey(connection, message),
    connection,
    state,
    ...(state === 'failed' ? problemOf(failureOf(list(status.errors)[0])) : noProblem),
    at: moment(status.timestamp, 1000, now),
  };
}
