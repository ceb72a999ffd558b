import sanitizeHtml, { type Attributes, type Tag } from 'sanitize-html';
import { safeStyle } from './safe-style.ts';

/** Where the pictures of a letter come from. */
export interface Pictures {
  /** Those that came with it, as `data:` URLs, by what the HTML calls them. */
  readonly inline: ReadonlyMap<string, string>;
  /** Whether those on other servers are shown: asking for them tells the sender that the letter is read, when and where. */
  readonly remote: boolean;
}

const words = ['a', 'abbr', 'b', 'bdo', 'big', 'cite', 'code', 'del', 'em', 'font', 'i', 'ins', 'kbd', 'mark', 'q'];
const moreWords = [
  's',
  'samp',
  'small',
  'span',
  'strike',
  'strong',
  'sub',
  'sup',
  'tt',
  'u',
  'var',
  'wbr',
  'br',
  'img',
];
const blocks = ['address', 'blockquote', 'center', 'dd', 'div', 'dl', 'dt', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'];
const moreBlocks = ['li', 'ol', 'p', 'pre', 'ul', 'table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot'];
const rows = ['tr', 'td', 'th'];

/** Elements whose content is no text for people, or would be read by other rules than HTML's. */
const silent = [
  ...['script', 'style', 'textarea', 'option', 'select', 'noscript', 'title', 'xmp', 'noembed', 'noframes', 'iframe'],
  ...['plaintext', 'template', 'svg', 'math', 'object', 'applet', 'audio', 'video', 'canvas', 'frameset'],
];

const looks = ['align', 'valign', 'dir', 'lang', 'width', 'height', 'bgcolor', 'title', 'style'];
const ofTables = ['cellpadding', 'cellspacing', 'border', 'colspan', 'rowspan', 'nowrap', 'span'];
const pictureData = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$/i;

/**
 * A letter's HTML with nothing but what is listed here: it draws and links, and neither runs, sends, loads nor escapes. The
 * page's own policy ({@link letterPolicy}) forbids the same once more.
 */
export function safeHtml(html: string, pictures: Pictures): string {
  return sanitizeHtml(html, {
    allowedTags: [...words, ...moreWords, ...blocks, ...moreBlocks, ...rows],
    nonTextTags: silent,
    allowedAttributes: {
      '*': looks,
      a: ['href', 'target', 'rel'],
      img: ['src', 'alt', 'border'],
      font: ['color', 'face', 'size'],
      ol: ['start', 'type'],
      li: ['value'],
      ...Object.fromEntries(['table', 'td', 'th', 'col', 'colgroup'].map((name) => [name, ofTables])),
    },
    allowedSchemes: [],
    allowedSchemesByTag: { a: ['http', 'https', 'mailto', 'tel'], img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    nestingLimit: 200,
    transformTags: { '*': (name, attributes) => safeTag(name, attributes, pictures) },
  });
}

function safeTag(tagName: string, given: Attributes, pictures: Pictures): Tag {
  const { style, href, src, ...attribs } = given;
  const safe = style === undefined ? '' : safeStyle(style);
  if (safe !== '') attribs.style = safe;
  const link = tagName === 'a' ? safeLink(href ?? '') : null;
  if (link !== null) Object.assign(attribs, { href: link, target: '_blank', rel: 'noopener noreferrer nofollow' });
  const picture = tagName === 'img' ? safePicture(src ?? '', pictures) : null;
  if (picture !== null) attribs.src = picture;
  return { tagName, attribs };
}

/** Whole addresses only: a relative one would lead to our own server. */
function safeLink(href: string): string | null {
  const url = parsed(href);
  return url !== null && /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
}

function safePicture(src: string, { inline, remote }: Pictures): string | null {
  const id = /^\s*cid:(.+)$/i.exec(src)?.[1]?.trim();
  if (id !== undefined) return inline.get(id) ?? inline.get(unescaped(id)) ?? null;
  if (pictureData.test(src.trim())) return src.trim();
  const url = remote ? parsed(src) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

function parsed(url: string): URL | null {
  const whole = url.trim().replace(/^\/\//, 'https://');
  return URL.canParse(whole) ? new URL(whole) : null;
}

function unescaped(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
