import { entryOf } from '../../domain/base/entry-of.ts';
import { type Fields, fields, geoUri, text, word } from '../../runtime/http/fields.ts';
import { type Content, fileAt, noContent, orUnknown, said, together, unknownPart } from '../shared/content.ts';
import type { RemoteFile } from '../shared/messages.ts';
import type { Words } from '../shared/words.ts';

/** Context for reading the content of a message. */
export interface ContentReading {
  readonly words: Words;
  /** Locates the file of a voice message. */
  readonly locateVoice: (voice: string) => RemoteFile['locate'];
}

type Carrier = (content: Fields, reading: ContentReading, type: string) => Content;

/** Types of messages besides text. Avito passes on neither files nor videos: their content is empty. */
const carriers: Readonly<Record<string, Carrier>> = {
  image: ({ image }) => fileAt(largest(fields(fields(image).sizes)), 'photo.jpg', 'image/jpeg'),
  link: ({ link }) => linkOf(fields(link)),
  item: ({ item }) => itemOf(fields(item)),
  location: ({ location }) => placeOf(fields(location)),
  voice: ({ voice }, { locateVoice }) => voiceOf(fields(voice), locateVoice),
  call: ({ call }, { words }) => said(fields(call).status === 'missed' ? words.missedCall : words.call),
  appCall: (_, { words }) => said(words.call),
  app_call: (_, { words }) => said(words.call),
  file: withheld,
  video: withheld,
};

/** What a message says. */
export function readContent(type: string, content: Fields, reading: ContentReading): Content {
  const typed = said(text(content.text));
  if (type === 'text') return content.text === '' ? noContent : orUnknown(typed, type);
  const own = entryOf(carriers, type)?.(content, reading, type) ?? unknownPart(type);
  return together(typed, orUnknown(own, type));
}

function withheld(_: Fields, { words }: ContentReading, type: string): Content {
  return { ...said(words.withheld('Avito', null)), unknown: [type] };
}

/** The address of the largest picture; the keys are `WIDTHxHEIGHT`. */
function largest(sizes: Fields): string | null {
  const area = (size: string) => size.split('x').reduce((product, side) => product * (Number(side) || 0), 1);
  const [best] = Object.keys(sizes).sort((a, b) => area(b) - area(a));
  return best === undefined ? null : text(sizes[best]);
}

function linkOf({ text: written, url, preview }: Fields): Content {
  const { title, description, url: target } = fields(preview);
  const shown = text(written);
  const address = word(url, 2000) ?? word(target, 2000);
  const isShown = address === null || shown?.includes(address) === true;
  return said(shown, isShown ? null : address, word(title, 300), word(description, 500));
}

function itemOf({ title, price_string, item_url }: Fields): Content {
  const named = [word(title, 300), word(price_string, 60)].filter((one) => one !== null).join(', ');
  return said(named, word(item_url, 2000));
}

function placeOf({ title, text: written, lat, lon }: Fields): Content {
  return said(word(written, 500) ?? word(title, 500), geoUri(lat, lon));
}

function voiceOf({ voice_id }: Fields, locateVoice: ContentReading['locateVoice']): Content {
  const voice = word(voice_id);
  if (voice === null) return noContent;
  return { ...noContent, files: [{ name: 'voice.mp4', mime: 'audio/mp4', locate: locateVoice(voice) }] };
}
