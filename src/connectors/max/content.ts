import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, geoUri, joinedName, list, text, word } from '../../runtime/http/fields.ts';
import {
  type Content,
  fileAt,
  forwarded,
  noContent,
  orUnknown,
  said,
  together,
  unknownPart,
} from '../shared/content.ts';
import { cardName, cardPhones } from '../shared/messenger.ts';
import { hiddenLinks } from '../shared/readable.ts';
import type { Words } from '../shared/words.ts';

/** Kinds of files, with their default names and types. */
const files: Readonly<Record<string, readonly [name: string, mime: string]>> = {
  image: ['photo.jpg', 'image/jpeg'],
  video: ['video.mp4', 'video/mp4'],
  audio: ['voice.mp3', 'audio/mpeg'],
  file: ['file', 'application/octet-stream'],
  sticker: ['sticker.webp', 'image/webp'],
};

/** Attachments that are buttons under a message, not a part of what it says. */
const keyboards: ReadonlySet<string> = new Set(['inline_keyboard', 'reply_keyboard']);

/** What a message says, with the message that is forwarded in it (https://dev.max.ru/docs-api/objects/Message). */
export function readContent(message: Fields, words: Words): Content {
  const link = fields(message.link);
  return together(bodyOf(fields(message.body), words), link.type === 'forward' ? forwardOf(link, words) : noContent);
}

function bodyOf({ text: body, markup, attachments }: Fields, words: Words): Content {
  const links = list(markup)
    .map(fields)
    .filter(({ type }) => type === 'link');
  const parts = list(attachments).map((one, i) => attached(fields(one), i, words));
  return together(
    said(
      text(body),
      hiddenLinks(
        text(body),
        links.map(({ from, length, url }) => ({ from, length, url })),
      ),
    ),
    ...parts,
  );
}

function forwardOf({ message, sender }: Fields, words: Words): Content {
  const { first_name, last_name, name } = fields(sender);
  const content = orUnknown(bodyOf(fields(message), words), 'forward');
  return forwarded(content, joinedName(first_name, last_name) ?? word(name), words);
}

function attached(attachment: Fields, index: number, words: Words): Content {
  const type = text(attachment.type) ?? 'attachment';
  if (keyboards.has(type)) return noContent;
  const file = entryOf(files, type);
  const content = file === undefined ? wordsOf(attachment) : fileOf(attachment, file, index);
  if (type === 'sticker' && content.files.length === 0) return said(words.sticker);
  return orUnknown(together(content, said(text(attachment.transcription))), type);
}

function fileOf({ payload, filename }: Fields, [name, mime]: readonly [string, string], index: number): Content {
  const own = index === 0 ? name : name.replace(/^(\w+)/, `$1-${index + 1}`);
  return fileAt(fields(payload).url, word(filename) ?? own, mime);
}

/** The text of an attachment that is not a file. */
function wordsOf({ type, payload, latitude, longitude, title, description }: Fields): Content {
  const { url, vcf_info, max_info } = fields(payload);
  switch (type) {
    case 'share':
      return said(word(title), word(description, 500), word(url, 2000));
    case 'location':
      return said(geoUri(latitude ?? fields(payload).latitude, longitude ?? fields(payload).longitude));
    case 'contact': {
      const who = fields(max_info);
      const card = text(vcf_info);
      const name = joinedName(who.first_name, who.last_name) ?? word(who.name) ?? cardName(card);
      return said(name, ...cardPhones(card));
    }
    default:
      return unknownPart(text(type) ?? 'attachment');
  }
}
