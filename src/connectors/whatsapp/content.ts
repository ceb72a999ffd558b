import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, geoUri, id, joinedLines, list, number, text, word } from '../../runtime/http/fields.ts';
import {
  type Content,
  forwarded,
  isBlank,
  noContent,
  orUnknown,
  said,
  together,
  unknownPart,
} from '../shared/content.ts';
import type { RemoteFile } from '../shared/messages.ts';
import { orderLine, orderSum, readableData } from '../shared/readable.ts';
import type { Words } from '../shared/words.ts';

/** Context for reading the content of a message. */
export interface ContentReading {
  readonly words: Words;
  readonly locate: (mediaId: string) => RemoteFile['locate'];
}

type Carrier = (own: Fields, reading: ContentReading, message: Fields) => Content;

/**
 * Types of messages that carry what a client says, each with the field of the same name
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages).
 */
const carriers: Readonly<Record<string, Carrier>> = {
  text: ({ body }) => said(text(body)),
  image: media('image', 'image.jpg'),
  video: media('video', 'video.mp4'),
  audio: media('audio', 'audio.ogg'),
  voice: media('voice', 'voice.ogg'),
  document: media('document', 'file'),
  sticker: media('sticker', 'sticker.webp'),
  location: ({ name, address, latitude, longitude, url }) =>
    said(word(name), word(address), geoUri(latitude, longitude), word(url, 2000)),
  contacts: (_, __, { contacts }) => said(...list(contacts).map((card) => cardOf(fields(card)))),
  button: (own) => said(text(own.text) ?? text(own.payload)),
  call: (_, { words }) => said(words.missedCall),
  interactive: (own, reading) => interactive(own, reading),
  order: (own, { words }) => order(own, words),
  reaction: ({ emoji }) => said(word(emoji, 32)),
  // WhatsApp does not pass on what disappears.
  ephemeral: (_, { words }) => said(words.disappearing),
  unsupported: (own, reading, message) => withheld(own, reading.words, message),
  unknown: (own, reading, message) => withheld(own, reading.words, message),
  errors: (own, reading, message) => withheld(own, reading.words, message),
};

/** Types in which nobody says anything. A reaction without a sign is one that was taken back. */
const serviceTypes: ReadonlySet<string> = new Set([
  'request_welcome',
  'pin',
  'unpin',
  'keep_in_chat',
  'unkeep_in_chat',
  'revoke',
]);
/** Types of messages that WhatsApp does not pass on, in which nobody says anything. */
const unsaidTypes: ReadonlySet<string> = new Set(['pin', 'keep_in_chat']);
/** Changes of a client's number or account. The other system messages are about the safety of the chat. */
const numberChanges: ReadonlySet<string> = new Set([
  'user_changed_number',
  'customer_changed_number',
  'user_changed_user_id',
]);

/** Whether a message only tells that something happened to the chat. */
export function isServiceMessage(message: Fields): boolean {
  const type = text(message.type) ?? '';
  if (type === 'reaction') return word(fields(message.reaction).emoji, 32) === null;
  if (type === 'system') return !isNotice(message);
  if (type === 'call') return !isMissedCall(fields(message.call));
  return (
    serviceTypes.has(type) || (type === 'unsupported' && unsaidTypes.has(text(fields(message.unsupported).type) ?? ''))
  );
}

/** Whether a client called and was not answered. Other events of calls only tell how a call goes on. */
function isMissedCall({ event, direction, status, duration }: Fields): boolean {
  if (event !== 'terminate' || direction !== 'USER_INITIATED') return false;
  const outcome = text(Array.isArray(status) ? status[0] : status) ?? '';
  return outcome.toUpperCase() !== 'COMPLETED' || (number(duration) ?? 1) === 0;
}

/** Whether a message is a notice that people want to see, although nobody has to answer it. */
export function isNotice({ type, system }: Fields): boolean {
  return type === 'system' && numberChanges.has(text(fields(system).type) ?? '');
}

/** Reads what a message says. */
export function readContent(message: Fields, reading: ContentReading): Content {
  const { words } = reading;
  if (isNotice(message)) return said(words.numberChanged(word(fields(message.system).body, 500)));
  const type = text(message.type);
  const own = carried(message, reading);
  const { forwarded: once, frequently_forwarded, referred_product } = fields(message.context);
  const goods = goodsOf(fields(referred_product), words);
  if (isBlank(own)) return together(goods, isEmptyText(message) ? noContent : unknownPart(type ?? 'message'));
  const isForwarded = once === true || frequently_forwarded === true;
  return together(goods, isForwarded ? forwarded(own, null, words) : own);
}

/** Whether a message is a text of no words, which says nothing. */
function isEmptyText({ type, text: sent }: Fields): boolean {
  const { body } = fields(sent);
  return type === 'text' && typeof body === 'string' && body.trim() === '';
}

/** The new content of a message that was edited, and the id of that message. Null if it is no edit, or its contents are not known. */
export function editedContent(
  message: Fields,
  reading: ContentReading,
): { readonly original: string; readonly content: Content } | null {
  const { original_message_id, message: inner } = fields(message.edit);
  const original = message.type === 'edit' ? id(original_message_id) : null;
  const content = carried(fields(inner), reading);
  return original === null || isBlank(content) || content.unknown.length > 0 ? null : { original, content };
}

/** What the field of the message's type says; for a type that is not known, whatever other fields say. */
function carried(message: Fields, reading: ContentReading): Content {
  const type = text(message.type) ?? '';
  const carrier = entryOf(carriers, type);
  if (carrier !== undefined) return carrier(fields(message[type]), reading, message);
  const others = Object.entries(carriers).filter(([name]) => message[name] !== undefined);
  const found = together(...others.map(([name, read]) => read(fields(message[name]), reading, message)));
  return isBlank(found) ? noContent : together(found, unknownPart(type === '' ? 'message' : type));
}

function media(kind: string, name: string): Carrier {
  return ({ id: mediaId, filename, caption, mime_type }, { locate }) => {
    const at = id(mediaId);
    if (at === null) return { ...said(text(caption)), unknown: [kind] };
    const mime = word(mime_type, 127)?.split(';')[0] ?? 'application/octet-stream';
    return { ...said(text(caption)), files: [{ name: word(filename) ?? name, mime, locate: locate(at) }] };
  };
}

function interactive(own: Fields, { words }: ContentReading): Content {
  const kind = text(own.type) ?? '';
  const chosen = fields(own[kind] ?? own.button_reply ?? own.list_reply ?? own.nfm_reply);
  const { id: choice, title, description, body, response, response_json } = chosen;
  const answers = text(response_json);
  if (answers !== null) return said(...(body === 'Sent' ? [] : [word(body, 1000)]), readableData(answers, questionOf));
  if (kind === 'call_permission_reply') return said(response === 'accept' ? words.callAllowed : words.callRefused);
  return orUnknown(said(word(title, 300) ?? word(choice), word(description, 300)), kind === '' ? 'interactive' : kind);
}

/** The name of a question of a form (flow): the builder adds the places of screen and field. The token is ours. */
function questionOf(name: string): string | null {
  if (name === 'flow_token') return null;
  return name.replace(/^screen_\d{1,3}_/, '').replace(/_\d{1,3}$/, '') || name;
}

function order({ text: words, product_items, catalog_id }: Fields, { order: header, total }: Words): Content {
  const items = list(product_items).map(fields);
  const lines = items.map(({ product_retailer_id, quantity, item_price, currency }) =>
    orderLine(product_retailer_id, quantity, priceOf(item_price, currency)),
  );
  if (lines.every((line) => line === null)) return orUnknown(said(text(words)), 'order');
  const sum = orderSum(
    items.map(({ quantity, item_price }) => ({ quantity: number(quantity), price: number(item_price) })),
  );
  const currency = items[0]?.currency;
  const catalog = id(catalog_id);
  return said(
    catalog === null ? `${header}:` : `${header} (${catalog}):`,
    ...lines,
    sum === null ? null : `${total}: ${priceOf(sum, currency)}`,
    text(words),
  );
}

function priceOf(price: unknown, currency: unknown): string | null {
  const amount = number(price);
  return amount === null ? null : [amount, word(currency, 8)].filter((one) => one !== null).join(' ');
}

/** The article that a message asks about. */
function goodsOf({ catalog_id, product_retailer_id }: Fields, { goods }: Words): Content {
  const article = id(product_retailer_id);
  const catalog = id(catalog_id);
  return article === null ? noContent : said(`${goods}: ${article}${catalog === null ? '' : ` (${catalog})`}`);
}

/** A message that WhatsApp keeps back, with its explanation and the kind of the message, if it names it. */
function withheld({ type }: Fields, words: Words, { errors }: Fields): Content {
  const { title, message, error_data } = fields(list(errors)[0]);
  const why = word(fields(error_data).details) ?? word(message) ?? word(title);
  return { ...said(words.withheld('WhatsApp', why)), unknown: [word(type, 64) ?? 'unsupported'] };
}

function cardOf({ name, org, phones, emails, urls, addresses }: Fields): string | null {
  const { formatted_name, first_name, last_name } = fields(name);
  const places = list(addresses).map((one) => {
    const { street, city, zip, country } = fields(one);
    return [street, city, zip, country].flatMap((part) => word(part) ?? []).join(', ');
  });
  return joinedLines(
    word(formatted_name) ?? joinedLines(word(first_name), word(last_name)),
    word(fields(org).company),
    ...list(phones).map((one) => word(fields(one).phone, 32)),
    ...list(emails).map((one) => word(fields(one).email)),
    ...list(urls).map((one) => word(fields(one).url, 2000)),
    ...places,
  );
}
