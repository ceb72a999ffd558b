import { TooDeepError, voidElements, walkHtml, withoutTags } from '../../connectors/mail/parse/html-walk.ts';
import { escapeHtml } from '../../domain/base/escape-html.ts';
import { safeStyle } from './safe-style.ts';

/** Where the pictures of a letter come from. */
export interface Pictures {
  /** Embedded pictures as `data:` URLs, by their Content-ID. */
  readonly inline: ReadonlyMap<string, string>;
  /** Whether pictures on other servers are loaded. Loading them tells the sender when and where the letter is read. */
  readonly remote: boolean;
}

/** Elements that are kept. */
const shown: ReadonlySet<string> = new Set([
  ...['a', 'abbr', 'b', 'bdo', 'big', 'cite', 'code', 'del', 'em', 'font', 'i', 'ins', 'kbd', 'mark', 'q'],
  ...['s', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'tt', 'u', 'var', 'wbr', 'br', 'img'],
  ...['address', 'blockquote', 'center', 'dd', 'div', 'dl', 'dt', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
  ...['li', 'ol', 'p', 'pre', 'ul', 'table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot'],
  ...['tr', 'td', 'th'],
]);

/** Elements dropped with their content: it is not text for people, or it is parsed by other rules than HTML's. */
const silent: ReadonlySet<string> = new Set([
  ...['script', 'style', 'textarea', 'option', 'select', 'noscript', 'title', 'xmp', 'noembed', 'noframes', 'iframe'],
  ...['plaintext', 'template', 'svg', 'math', 'object', 'applet', 'audio', 'video', 'canvas', 'frameset'],
]);

const looks: ReadonlySet<string> = new Set([
  'align',
  'valign',
  'dir',
  'lang',
  'width',
  'height',
  'bgcolor',
  'title',
  'style',
]);
const ofTables = new Set(['cellpadding', 'cellspacing', 'border', 'colspan', 'rowspan', 'nowrap', 'span']);
const attributesOf: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['img', new Set(['alt', 'border'])],
  ['font', new Set(['color', 'face', 'size'])],
  ['ol', new Set(['start', 'type'])],
  ['li', new Set(['value'])],
  ...['table', 'td', 'th', 'col', 'colgroup'].map((name) => [name, ofTables] as const),
]);
/** Longest attribute that is kept. Addresses of pictures may be longer. */
const maxAttributeLength = 5000;
const pictureData = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$/i;

/**
 * Reduces a letter's HTML to the elements and attributes listed here. The result can draw and link, but not run scripts, send
 * forms or load anything. {@link letterPolicy} forbids the same a second time. HTML that is nested too deeply becomes plain text.
 */
export function safeHtml(html: string, pictures: Pictures): string {
  const parts: string[] = [];
  try {
    walkHtml(html, silent, {
      open: (name, attributes) => {
        if (shown.has(name)) parts.push(openingTag(name, attributes, pictures));
      },
      close: (name) => {
        if (shown.has(name)) parts.push(`</${name}>`);
      },
      text: (text) => parts.push(escapeHtml(text)),
    });
    return parts.join('');
  } catch (error) {
    if (error instanceof TooDeepError) return `<pre>${escapeHtml(withoutTags(html))}</pre>`;
    throw error;
  }
}

function openingTag(name: string, given: Readonly<Record<string, string>>, pictures: Pictures): string {
  const kept = Object.entries(given).flatMap(([attribute, value]): readonly (readonly [string, string])[] => {
    const known = looks.has(attribute) || attributesOf.get(name)?.has(attribute) === true;
    if (!known || value.length > maxAttributeLength) return [];
    const safe = attribute === 'style' ? safeStyle(value) : value;
    return attribute === 'style' && safe === '' ? [] : [[attribute, safe]];
  });
  const link = name === 'a' ? safeLink(given.href ?? '') : null;
  if (link !== null) kept.push(['href', link], ['target', '_blank'], ['rel', 'noopener noreferrer nofollow']);
  const picture = name === 'img' ? safePicture(given.src ?? '', pictures) : null;
  if (picture !== null) kept.push(['src', picture]);
  const text = kept.map(([attribute, value]) => ` ${attribute}="${escapeHtml(value)}"`).join('');
  return `<${name}${text}${voidElements.has(name) ? ' /' : ''}>`;
}

/** Absolute addresses only: a relative one would point at our own server. */
function safeLink(href: string): string | null {
  const url = parsed(href);
  return url !== null && /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
}

function safePicture(src: string, { inline, remote }: Pictures): string | null {
  const id = /^\s*cid:(.+)$/i.exec(src)?.[1]?.trim();
  if (id !== undefined) return inline.get(id) ?? inline.get(unescapeHtml(id)) ?? null;
  if (pictureData.test(src.trim())) return src.trim();
  const url = remote ? parsed(src) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

function parsed(url: string): URL | null {
  const whole = url.trim().replace(/^\/\//, 'https://');
  return URL.canParse(whole) ? new URL(whole) : null;
}

function unescapeHtml(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
