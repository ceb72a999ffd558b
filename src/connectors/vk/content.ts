import { type Fields, fields, geoUri, id, list, text, word } from '../../runtime/http/fields.ts';
import { type Content, forwarded, noContent, quoted, said, together, unknownPart } from '../shared/content.ts';
import type { Words } from '../shared/words.ts';
import { attached } from './attachments.ts';

/** Forwarded messages within forwarded ones that are followed; VK itself allows fewer. */
const maxDepth = 30;

/** What a message says, with the messages forwarded in it. */
export function readContent(message: Fields, words: Words, depth = 0): Content {
  const inner = list(message.fwd_messages).map(fields);
  const others =
    depth < maxDepth
      ? inner.map((one) => readContent(one, words, depth + 1))
      : inner.map(() => unknownPart('fwd_messages'));
  const all = together(...others);
  return together(
    said(text(message.text)),
    attached(message.attachments, words),
    placeOf(fields(message.geo)),
    inner.length === 0
      ? noContent
      : depth === 0
        ? forwarded(all, null, words)
        : { ...all, lines: all.lines.map(quoted) },
  );
}

function placeOf({ coordinates, place }: Fields): Content {
  const { latitude, longitude } = fields(coordinates);
  return said(word(fields(place).title), word(fields(place).address), geoUri(latitude, longitude));
}

/** The event of a chat that a message reports, such as a pinned message; null if it reports none. */
export function actionOf({ action }: Fields): string | null {
  return action === undefined || action === null ? null : (id(fields(action).type) ?? 'action');
}
