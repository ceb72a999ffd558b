import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, geoUri, id, text, word } from '../../runtime/http/fields.ts';
import { type Content, fileAt, noContent, orUnknown, said, together, unknownPart } from '../shared/content.ts';
import type { Words } from '../shared/words.ts';

type Carrier = (message: Fields, words: Words) => Content;

/** Types of messages that carry what a client says, besides their text (https://developers.viber.com/docs/api/rest-bot-api/#message-types). */
const carriers: Readonly<Record<string, Carrier>> = {
  text: () => noContent,
  picture: (message) => fileOf(message, 'photo.jpg', 'image/jpeg'),
  video: (message) => fileOf(message, 'video.mp4', 'video/mp4'),
  file: (message) => fileOf(message, 'file', 'application/octet-stream'),
  sticker: (message, { sticker }) => {
    const file = fileOf(message, 'sticker.png', 'image/png');
    return file.files.length > 0
      ? file
      : said([sticker, id(message.sticker_id)].filter((one) => one !== null).join(' '));
  },
  url: ({ media }) => said(word(media, 2000)),
  location: ({ location }) => placeOf(fields(location)),
  contact: ({ contact }) => cardOf(fields(contact)),
};

/** What a message says. */
export function readContent(message: Fields, words: Words): Content {
  const type = text(message.type) ?? 'message';
  const own = entryOf(carriers, type)?.(message, words) ?? unknownPart(type);
  const typed = said(text(message.text));
  if (type === 'text') return message.text === '' ? noContent : orUnknown(typed, type);
  return together(typed, orUnknown(own, type));
}

function fileOf({ media, file_name }: Fields, name: string, mime: string): Content {
  return fileAt(media, word(file_name) ?? name, mime);
}

function placeOf({ lat, lon, address }: Fields): Content {
  return said(word(address, 500), geoUri(lat, lon));
}

function cardOf({ name, phone_number }: Fields): Content {
  return said(word(name), word(phone_number, 32));
}
