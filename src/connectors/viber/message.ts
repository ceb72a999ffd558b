import { entryOf } from '../../domain/base/entry-of.ts';
import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { Attribution, MessageState } from '../../domain/interaction/interaction.ts';
import { noProblem, problemOf } from '../../domain/outbound/problem.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenReport } from '../../domain/written/written-contact.ts';
import { type Fields, fields, id, moment, text, word } from '../../runtime/http/fields.ts';
import { said, shown } from '../shared/content.ts';
import { type Incoming, serviceEvent, type Unshown } from '../shared/messages.ts';
import { clientMessage, type Envelope, linkMark, sharedPhone } from '../shared/messenger.ts';
import type { Words } from '../shared/words.ts';
import { readContent } from './content.ts';

/** Context for reading a callback. */
export interface ViberReading {
  readonly connection: string;
  readonly sharedContacts: 'claim' | 'proof';
  readonly now: number;
  readonly words: Words;
}

/** Callbacks in which nobody says anything (https://developers.viber.com/docs/api/rest-bot-api/#callbacks). */
const serviceEvents: ReadonlySet<string> = new Set([
  'webhook',
  'subscribed',
  'unsubscribed',
  'action',
  'client_status',
]);

/** The key of a message, in both directions. */
export function messageKey(connection: string, token: string): EventKey {
  return eventKey(connection, token);
}

const states: Readonly<Record<string, MessageState>> = { delivered: 'delivered', seen: 'read', failed: 'failed' };

/** Parses a callback. Never throws. */
export function readCallback(given: unknown, reading: ViberReading): Incoming | Unshown | WrittenReport {
  const { connection, now } = reading;
  const callback = fields(given);
  const event = text(callback.event) ?? 'event';
  const token = id(callback.message_token);
  const at = moment(callback.timestamp, 1, now);
  if (serviceEvents.has(event)) return serviceEvent(event);
  if (token === null) return { kind: 'unshown', what: 'unknown', type: event };
  if (event === 'message') return readMessage(callback, token, at, reading);
  if (event === 'conversation_started') return readStart(callback, token, at, reading);
  const state = entryOf(states, event);
  if (state === undefined) return { kind: 'unshown', what: 'unknown', type: event };
  // The callback has a description but no code.
  const problem =
    state === 'failed'
      ? problemOf(reason('notDelivered', { provider: 'Viber', said: word(callback.desc) }))
      : noProblem;
  return { kind: 'report', key: messageKey(connection, token), connection, state, ...problem, at };
}

function readMessage(callback: Fields, token: string, at: number, reading: ViberReading): Incoming | Unshown {
  const message = fields(callback.message);
  const contact = fields(message.contact);
  const shared = message.type === 'contact' ? word(contact.phone_number, 32) : null;
  const phone = reading.sharedContacts === 'proof' && shared !== null ? sharedPhone(shared) : null;
  const envelope = envelopeOf(callback.sender, { token, at, phone, attribution: null }, reading);
  if (envelope === null) return { kind: 'unshown', what: 'unknown', type: 'message' };
  const { words } = reading;
  return shown(envelope, readContent(message, words), { raw: message, type: 'message', words });
}

/** A client opened the conversation by one of our links. The mark of the link is sent once, before the first message. */
function readStart(callback: Fields, token: string, at: number, reading: ViberReading): Incoming | Unshown {
  const { words } = reading;
  const type = 'conversation_started';
  const mark = word(callback.context, 512);
  if (mark === null) return serviceEvent(type);
  const attribution = linkMark('viber', 'viber_context', mark);
  const envelope = envelopeOf(callback.user, { token, at, phone: null, attribution }, reading);
  if (envelope === null) return { kind: 'unshown', what: 'unknown', type };
  return shown(envelope, said(`/start ${mark}`), { raw: callback, type, words });
}

function envelopeOf(
  sender: unknown,
  message: {
    readonly token: string;
    readonly at: number;
    readonly phone: string | null;
    readonly attribution: Attribution | null;
  },
  { connection }: ViberReading,
): Envelope | null {
  const who = fields(sender);
  const user = id(who.id);
  if (user === null) return null;
  const { token, ...rest } = message;
  return clientMessage({
    ...rest,
    kind: 'viber',
    key: messageKey(connection, token),
    connection,
    account: { id: user, username: null },
    name: word(who.name),
    chat: user,
    answers: [],
    handle: { user },
  });
}
