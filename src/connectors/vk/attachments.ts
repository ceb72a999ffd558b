import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, id, list, number, text, word } from '../../runtime/http/fields.ts';
import { type Content, fileAt, noContent, orUnknown, said, together, unknownPart } from '../shared/content.ts';
import type { Words } from '../shared/words.ts';

type Carrier = (own: Fields, words: Words, depth: number) => Content;

/** Reposts within reposts that are followed. */
const maxDepth = 10;

/** Types of attachments, each with the field of the same name (https://dev.vk.com/ru/reference/objects/attachments-message). */
const carriers: Readonly<Record<string, Carrier>> = {
  photo: (own) => photo(own),
  posted_photo: (own) => photo(own),
  doc: ({ url, title }) => fileAt(url, word(title) ?? 'file', 'application/octet-stream'),
  audio_message: (own) => voice(own),
  audio: (own) => song(own),
  graffiti: ({ url, id: number }) => fileAt(url, `graffiti-${id(number) ?? ''}.png`, 'image/png'),
  sticker: (own, { sticker }) => picture(own.images, 'sticker.png', sticker),
  ugc_sticker: (own, { sticker }) => picture(own.images, 'sticker.png', sticker),
  gift: ({ thumb_256, thumb_96, thumb_48 }, { gift }) => ({
    ...fileAt(thumb_256 ?? thumb_96 ?? thumb_48, 'gift.jpg', 'image/jpeg'),
    lines: [gift],
  }),
  link: ({ url, title, caption, description }) =>
    page(word(url, 2000), word(title), word(description, 500) ?? word(caption)),
  video: (own, { video }) => page(addressOf('video', own), word(own.title) ?? video),
  video_message: (own, { video }) => page(addressOf('video', own), word(own.title) ?? video),
  market: (own, { goods }) => page(addressOf('market', own), word(own.title) ?? goods, word(fields(own.price).text)),
  market_album: (own) => page(addressOf('market_album', own), word(own.title)),
  album: (own) => page(addressOf('album', own), word(own.title)),
  wall: (own, words, depth) => post(own, words, depth),
  wall_reply: (own, words, depth) => post(own, words, depth),
  story: (own, { story }) => page(addressOf('story', own), story),
  narrative: (own, { story }) => page(addressOf('narrative', own), word(own.title) ?? story),
  poll: ({ question, answers }) =>
    said(word(question, 1000), ...list(answers).map((one) => choice(word(fields(one).text)))),
  article: ({ title, url, view_url }) => page(word(url, 2000) ?? word(view_url, 2000), word(title)),
  podcast: ({ artist, title, url }) => page(word(url, 2000), word(artist), word(title)),
  event: ({ text: about, address }) => said(word(about, 500), word(address)),
  note: ({ title, view_url }) => page(word(view_url, 2000), word(title)),
  page: ({ title, view_url }) => page(word(view_url, 2000), word(title)),
  audio_playlist: ({ title, owner_id, id: number }) =>
    page(addressOf('audio_playlist', { owner_id, id: number }), word(title)),
  mini_app: ({ title, description, app }) => said(word(title), word(fields(app).title), word(description, 500)),
  money_transfer: ({ amount, comment }, words) => paid(fields(amount), comment, words),
  money_request: ({ amount, init_url }, { invoice }) => page(word(init_url, 2000), invoice, word(fields(amount).text)),
  call: ({ state }, { call, missedCall }) => said(state === 'reached' ? call : missedCall),
  group_call_in_progress: ({ join_link }, { call }) => page(word(join_link, 2000), call),
};

/** What attachments say. */
export function attached(attachments: unknown, words: Words, depth = 0): Content {
  return together(...list(attachments).map((one) => attachedOne(fields(one), words, depth)));
}

/** Whether all that is attached is a gift, for which nothing is owed. */
export function isGift(attachments: unknown): boolean {
  const all = list(attachments);
  return all.length > 0 && all.every((one) => fields(one).type === 'gift');
}

function attachedOne(attachment: Fields, words: Words, depth: number): Content {
  const type = text(attachment.type) ?? 'attachment';
  const carrier = entryOf(carriers, type);
  if (carrier === undefined || depth > maxDepth) return unknownPart(type);
  const own = fields(attachment[type]);
  return Object.keys(own).length === 0 ? unknownPart(type) : orUnknown(carrier(own, words, depth), type);
}

function photo({ sizes, orig_photo, id: number, text: caption }: Fields): Content {
  const found = largest(sizes) ?? fields(orig_photo).url;
  return together(said(text(caption)), fileAt(found, `photo-${id(number) ?? ''}.jpg`, 'image/jpeg'));
}

function voice({ link_ogg, link_mp3, transcript }: Fields): Content {
  const file =
    text(link_ogg) === null ? fileAt(link_mp3, 'voice.mp3', 'audio/mpeg') : fileAt(link_ogg, 'voice.ogg', 'audio/ogg');
  return { ...file, lines: [text(transcript)] };
}

function song({ artist, title, url }: Fields): Content {
  const name = [word(artist), word(title)].filter((one) => one !== null).join(' – ');
  const isStream = text(url)?.includes('.m3u8') ?? false;
  return { ...(isStream ? noContent : fileAt(url, `${name || 'audio'}.mp3`, 'audio/mpeg')), lines: [name] };
}

function picture(images: unknown, name: string, label: string): Content {
  const found = fileAt(largest(images), name, 'image/png');
  return found.files.length > 0 ? found : said(label);
}

/** A page with its title and further lines. */
function page(address: string | null, ...lines: readonly (string | null)[]): Content {
  return said(...lines, address);
}

/** A post or comment, with what is attached to it and the post that it repeats. */
function post(own: Fields, words: Words, depth: number): Content {
  const { post_id, owner_id, from_id, to_id, id: number, text: body, attachments, copy_history } = own;
  const owner = owner_id ?? to_id ?? from_id;
  const address = addressOf('wall', { owner_id: owner, id: post_id ?? number });
  const isComment = post_id !== undefined && id(number) !== null && address !== null;
  const repeated = list(copy_history)
    .slice(0, 1)
    .map((one) => post(fields(one), words, depth + 1));
  return together(
    said(text(body)),
    attached(attachments, words, depth + 1),
    ...(depth > maxDepth ? [] : repeated),
    said(isComment ? `${address}?reply=${id(number)}` : address),
  );
}

function paid({ text: amount }: Fields, comment: unknown, words: Words): Content {
  const sum = word(amount);
  return sum === null ? noContent : said(words.paid(sum), word(comment, 500));
}

function choice(answer: string | null): string | null {
  return answer === null ? null : `– ${answer}`;
}

/** The address of an object's page. */
function addressOf(kind: string, { owner_id, from_id, id: number }: Fields): string | null {
  const [owner, item] = [id(owner_id ?? from_id), id(number)];
  return owner === null || item === null ? null : `https://vk.com/${kind}${owner}_${item}`;
}

function largest(sizes: unknown): string | null {
  const area = ({ width, height }: Fields) => (number(width) ?? 0) * (number(height) ?? 0);
  const found = list(sizes)
    .map(fields)
    .toSorted((a, b) => area(b) - area(a));
  return text(found[0]?.url);
}
