import { voidElements, walkHtml } from '../../connectors/mail/parse/html-walk.ts';
import { escapeHtml } from '../../domain/base/escape-html.ts';
import { safeStyle } from './safe-style.ts';

/** An element's attributes, decoded. */
export type Attributes = Readonly<Record<string, string>>;

/** Elements of letters that are kept. None of them runs scripts, sends forms, or loads anything but pictures. */
export const letterElements: ReadonlySet<string> = new Set([
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

/** What a letter may contain, and where its links and pictures may lead. */
export interface HtmlRules {
  readonly elements: ReadonlySet<string>;
  /** Attributes of an element that need more than the list of harmless ones: addresses of links and pictures. */
  addresses(name: string, given: Attributes): Attributes;
}

/** Reduces HTML to what the rules allow. Takes linear time. Throws `TooDeepError` if it is nested too deeply. */
export function cleanHtml(html: string, rules: HtmlRules): string {
  const parts: string[] = [];
  walkHtml(html, silent, {
    open: (name, attributes) => {
      if (rules.elements.has(name)) parts.push(openingTag(name, attributes, rules));
    },
    close: (name) => {
      if (rules.elements.has(name)) parts.push(`</${name}>`);
    },
    text: (text) => parts.push(escapeHtml(text)),
  });
  return parts.join('');
}

function openingTag(name: string, given: Attributes, { addresses }: HtmlRules): string {
  const kept = Object.entries(given).flatMap(([attribute, value]): readonly (readonly [string, string])[] => {
    const known = looks.has(attribute) || attributesOf.get(name)?.has(attribute) === true;
    if (!known || value.length > maxAttributeLength) return [];
    const safe = attribute === 'style' ? safeStyle(value) : value;
    return attribute === 'style' && safe === '' ? [] : [[attribute, safe]];
  });
  const all = [...kept, ...Object.entries(addresses(name, given))];
  const text = all.map(([attribute, value]) => ` ${attribute}="${escapeHtml(value)}"`).join('');
  return `<${name}${text}${voidElements.has(name) ? ' /' : ''}>`;
}

/** The address of a link, or null. Absolute addresses only: a relative one would point at our own server. */
export function safeLink(href: string): string | null {
  const url = parsedUrl(href);
  return url !== null && /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
}

/** An absolute address, or null. */
export function parsedUrl(url: string): URL | null {
  const whole = url.trim().replace(/^\/\//, 'https://');
  return URL.canParse(whole) ? new URL(whole) : null;
}
