import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, geoUri, id, joinedName, list, number, text, word } from '../../runtime/http/fields.ts';
import {
  type Content,
  forwarded,
  isBlank,
  noContent,
  orUnknown,
  quoted,
  said,
  together,
  unknownPart,
} from '../shared/content.ts';
import { cardPhones } from '../shared/messenger.ts';
import { hiddenLinks, readableData } from '../shared/readable.ts';
import type { Words } from '../shared/words.ts';
import { fileOf, type Locate, pictureOf, stickerOf } from './files.ts';
import { invoice, payment, refund } from './payments.ts';
import { envelopeFields, serviceFields } from './service-events.ts';

/** Context for reading the content of a message. */
export interface ContentReading {
  readonly words: Words;
  readonly locate: Locate;
  readonly messageId: string;
}

/** What a message says; `service`: nobody says anything, something happened to the chat. */
export type Reading =
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'notice'; readonly content: Content }
  | { readonly kind: 'service'; readonly type: string };

type Carrier = (value: unknown, reading: ContentReading, message: Fields) => Content;

/** The fields that carry what a client says. */
const carriers: Readonly<Record<string, Carrier>> = {
  reply_to_story: (value, { words }) => said(`${words.reply}: ${storyOf(value, words)}`),
  external_reply: (value, reading) => externalReply(fields(value), reading),
  quote: (value) => said(quoted(text(fields(value).text))),
  text: (value, _, { entities }) => said(text(value), linksOf(value, entities)),
  caption: (value, _, { caption_entities }) => said(text(value), linksOf(value, caption_entities)),
  document: (value, { locate }) => withFiles(fileOf('document', value, locate)),
  animation: (value, { locate }) => withFiles(fileOf('animation', value, locate)),
  voice: (value, { locate }) => withFiles(fileOf('voice', value, locate)),
  audio: (value, { locate }) => withFiles(fileOf('audio', value, locate)),
  video: (value, { locate }) => withFiles(fileOf('video', value, locate)),
  video_note: (value, { locate }) => withFiles(fileOf('video_note', value, locate)),
  photo: (value, { locate, messageId }) => withFiles(pictureOf(value, `photo-${messageId}.jpg`, locate)),
  sticker: (value, { words, locate }) => sticker(fields(value), words, locate),
  paid_media: (value, reading) => paidMedia(fields(value), reading),
  story: (value, { words }) => said(storyOf(value, words)),
  venue: (value, _, { location }) => venue(fields(value), location),
  location: (value) => said(geoUri(fields(value).latitude, fields(value).longitude)),
  contact: (value) => contact(fields(value)),
  users_shared: (value) => said(...list(fields(value).users).map((one) => personOf(fields(one)))),
  user_shared: (value) => said(id(fields(value).user_id)),
  chat_shared: (value) => said(chatOf(fields(value)) ?? id(fields(value).chat_id)),
  poll: (value) => poll(fields(value)),
  checklist: (value) => checklist(fields(value)),
  checklist_tasks_added: (value, { words }) => said(words.tasksAdded, ...tasksOf(fields(value).tasks)),
  dice: (value) => dice(fields(value)),
  game: (value, { locate, messageId }) => game(fields(value), locate, messageId),
  invoice: (value, { words }) => invoice(value, words),
  successful_payment: (value, { words }) => payment(value, words),
  web_app_data: (value) => webAppData(fields(value)),
  passport_data: (_, { words }) => said(words.passport),
};

/** Service messages that people want to see, although nobody has to answer them. */
const notices: Readonly<Record<string, Carrier>> = {
  gift: (value, { words }) => said(words.gift, text(fields(value).text)),
  unique_gift: (value, { words }) => said(words.gift, word(fields(fields(value).gift).base_name)),
  gift_upgrade_sent: (_, { words }) => said(words.gift),
  refunded_payment: (value, { words }) => refund(value, words),
  checklist_tasks_done: (value, { words }) => said(words.tasksDone, ...doneTasks(fields(value))),
};

/** Reads what a message says. */
export function readContent(message: Fields, reading: ContentReading): Reading {
  const own = together(...partsOf(message, reading));
  const from = originOf(message);
  const content = from === null ? own : forwarded(own, from.name, reading.words);
  if (!isBlank({ ...own, unknown: [] })) return { kind: 'content', content };
  const notice = Object.keys(message).find((name) => entryOf(notices, name) !== undefined);
  if (notice !== undefined) {
    const told = entryOf(notices, notice)?.(message[notice], reading, message) ?? noContent;
    return { kind: 'notice', content: orUnknown(told, notice) };
  }
  const service = Object.keys(message).find((name) => serviceFields.has(name));
  if (service !== undefined) return { kind: 'service', type: service };
  const others = Object.keys(message).filter(
    (name) => !envelopeFields.has(name) && entryOf(carriers, name) === undefined,
  );
  return { kind: 'content', content: together(own, ...others.map(unknownPart)) };
}

/** The parts of a message or of one that it answers, each as its field says it. */
function partsOf(message: Fields, reading: ContentReading): readonly Content[] {
  return Object.entries(carriers).flatMap(([name, carrier]) => {
    const value = message[name];
    // For older programs, an animation comes as a document, too.
    const isDoubled = name === 'animation' && message.document !== undefined;
    if (value === undefined || value === null || isDoubled) return [];
    return [orUnknown(carrier(value, reading, message), name)];
  });
}

function withFiles(files: Content['files']): Content {
  return { ...noContent, files };
}

/** Who wrote a forwarded message; null if it is not forwarded. Earlier versions of the interface have a field for each kind of author. */
function originOf(message: Fields): { readonly name: string | null } | null {
  const { forward_origin, forward_from, forward_from_chat, forward_sender_name, forward_date } = message;
  const origin = fields(forward_origin);
  const chat = fields(origin.sender_chat ?? origin.chat ?? forward_from_chat);
  const name =
    personOf(fields(origin.sender_user ?? forward_from)) ??
    word(origin.sender_user_name ?? forward_sender_name) ??
    chatOf(chat);
  return forward_origin === undefined && forward_date === undefined ? null : { name };
}

function personOf({ first_name, last_name, username }: Fields): string | null {
  const name = word(username, 64);
  return joinedName(first_name, last_name) ?? (name === null ? null : `@${name}`);
}

function chatOf({ title, username, first_name, last_name }: Fields): string | null {
  return word(title) ?? personOf({ first_name, last_name, username });
}

/** A message of another chat that the client answers: its author, with what it shows. Its text comes as the quote. */
function externalReply(answered: Fields, reading: ContentReading): Content {
  const { reply_to_story: _, external_reply: __, quote: ___, text: ____, caption: _____, ...shown } = answered;
  const parts = together(...partsOf(shown, reading));
  const from = originOf({ forward_origin: answered.origin })?.name ?? null;
  const header = `${reading.words.reply}${from === null ? '' : ` ${from}`}:`;
  return { ...parts, unknown: [], lines: [header, ...parts.lines.map(quoted)] };
}

function linksOf(value: unknown, entities: unknown): string | null {
  const links = list(entities)
    .map(fields)
    .filter(({ type }) => type === 'text_link');
  return hiddenLinks(
    text(value),
    links.map(({ offset, length, url }) => ({ from: offset, length, url })),
  );
}

function sticker(value: Fields, words: Words, locate: Locate): Content {
  if (text(value.file_id) === null && word(value.emoji, 32) === null) return noContent;
  return { ...said(word(value.emoji, 32) ?? words.sticker), files: stickerOf(value, locate) };
}

function paidMedia({ star_count, paid_media }: Fields, { words, locate, messageId }: ContentReading): Content {
  const files = list(paid_media).flatMap((one, i) => {
    const { photo, video } = fields(one);
    const picture = pictureOf(photo, `photo-${messageId}-${i + 1}.jpg`, locate);
    return [...picture, ...fileOf('video', video, locate)];
  });
  return { ...said(words.paidMedia(id(star_count))), files };
}

function storyOf(value: unknown, words: Words): string {
  const { chat, id: number } = fields(value);
  const [name, story] = [word(fields(chat).username, 64), id(number)];
  if (name !== null && story !== null) return `${words.story}: https://t.me/${name}/s/${story}`;
  const from = chatOf(fields(chat));
  return from === null ? words.story : `${words.story}: ${from}`;
}

function venue({ title, address, location: own }: Fields, location: unknown): Content {
  const { latitude, longitude } = fields(own);
  return said(word(title), word(address), location === undefined ? geoUri(latitude, longitude) : null);
}

function contact({ first_name, last_name, phone_number, vcard }: Fields): Content {
  const phone = word(phone_number, 32);
  const digits = phone?.replace(/\D/g, '');
  const others = cardPhones(text(vcard)).filter((one) => one.replace(/\D/g, '') !== digits);
  return said(joinedName(first_name, last_name), phone, ...others);
}

function poll({ question, options }: Fields): Content {
  const choices = list(options).map((one) => word(fields(one).text));
  return said(word(question, 1000), ...choices.map((one) => (one === null ? null : `– ${one}`)));
}

function checklist({ title, tasks }: Fields): Content {
  return said(word(title, 500), ...tasksOf(tasks));
}

function tasksOf(tasks: unknown): readonly (string | null)[] {
  return list(tasks).map((one) => {
    const { text: task, completion_date } = fields(one);
    const name = word(task, 500);
    return name === null ? null : `${completion_date === undefined ? '☐' : '☑'} ${name}`;
  });
}

function doneTasks({ checklist_message, marked_as_done_task_ids }: Fields): readonly (string | null)[] {
  const done = new Set(list(marked_as_done_task_ids).map(id));
  const all = list(fields(fields(checklist_message).checklist).tasks).map(fields);
  return tasksOf(all.filter((task) => done.has(id(task.id))));
}

function dice({ emoji, value }: Fields): Content {
  const sign = word(emoji, 32);
  return sign === null ? noContent : said([sign, number(value)].filter((one) => one !== null).join(' '));
}

function game({ title, description, photo }: Fields, locate: Locate, messageId: string): Content {
  return {
    ...said(word(title), word(description, 1000)),
    files: pictureOf(photo, `photo-${messageId}.jpg`, locate),
  };
}

function webAppData({ button_text, data }: Fields): Content {
  const sent = text(data);
  return sent === null ? noContent : said(word(button_text), readableData(sent));
}
