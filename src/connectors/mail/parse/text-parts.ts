import { decodeText } from './charset/decode.ts';
import { charsetOf } from './charset/labels.ts';
import { enrichedText } from './enriched.ts';
import { flowedText } from './flowed.ts';
import type { Part } from './mime/tree.ts';
import { rtfText } from './rtf.ts';

/** The formats in which a letter's words may stand. */
export type TextFormat = 'plain' | 'html' | 'enriched' | 'rtf' | 'ignored';

const formats: Readonly<Record<string, TextFormat>> = {
  text: 'plain',
  'text/plain': 'plain',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/enriched': 'enriched',
  'text/richtext': 'enriched',
  'text/rtf': 'rtf',
  'application/rtf': 'rtf',
  // Other forms of the same words, for programs that show nothing else.
  'text/x-amp-html': 'ignored',
  'text/watch-html': 'ignored',
};
/** Texts that are files, whatever their disposition. */
const files =
  /^text\/(?:calendar|x-vcalendar|vcard|x-vcard|directory|csv|css|javascript|xml|rfc822-headers|x-patch|x-diff)$/;

/** The format of a media type; null if it is a file. */
export function formatOf(type: string): TextFormat | null {
  const known = Object.hasOwn(formats, type) ? formats[type] : undefined;
  return known ?? (type.startsWith('text/') && !files.test(type) ? 'plain' : null);
}

/** Decodes the content of a text part: its charset, and its wrapping. Enriched text and RTF become plain text. */
export function textOfPart(
  { type, parameters }: Pick<Part, 'type' | 'parameters'>,
  content: Uint8Array,
  format: TextFormat,
): string {
  const label = parameters.get('charset') ?? null;
  if (format === 'rtf') return rtfText(content);
  if (format === 'html')
    return decodeText(content, charsetOf(label) === null ? (metaCharset(content) ?? label) : label);
  const text = decodeText(content, label);
  if (format === 'enriched') return enrichedText(text, type === 'text/richtext');
  const isFlowed = /^flowed$/i.test(parameters.get('format') ?? '');
  return isFlowed ? flowedText(text, /^yes$/i.test(parameters.get('delsp') ?? '')) : text;
}

/** The charset that HTML names in its head. */
function metaCharset(content: Uint8Array): string | null {
  const head = Buffer.from(content.subarray(0, 4096)).toString('latin1');
  for (const tag of head.match(/<(?:meta|\?xml)\s[^<>]{1,300}/gi) ?? []) {
    const named = /(?:charset|encoding)\s{0,3}=\s{0,3}["']?([\w.:-]{1,60})/i.exec(tag)?.[1];
    if (named !== undefined) return named;
  }
  return null;
}
