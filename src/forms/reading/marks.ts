import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { FormField } from './fields.ts';

const utm = ['source', 'medium', 'campaign', 'content', 'term'] as const;
/** Click and visitor ids of advertising and analytics services, by their names in links and cookies. */
const clickIds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gclid: 'gclid',
    yclid: 'yclid',
    fbclid: 'fbclid',
    ctwa_clid: 'ctwa_clid',
    ymclid: 'ymclid',
    msclkid: 'msclkid',
    vk_click_id: 'vk_click_id',
    rb_clickid: 'rb_clickid',
    _ym_uid: 'ym_uid',
    ym_uid: 'ym_uid',
    roistat_visit: 'roistat_visit',
    roistat: 'roistat_visit',
    _ga: 'ga',
  }),
);
/** Names and labels of the page with the form. Those of the second kind count only for the address of a page. */
const pageNames = new Set(['_pb_page', 'page', 'page_url', 'pageurl', 'referer', 'tildaspec-referer']);
const referrerNames = new Set(['_pb_referrer', 'referrer', 'http_referrer']);
const pageSteps = /^(?:page_?ur[il]|page_link|source_?url|current_?url|landing(?:_?page)?|form_url|url_page)$/;
const pageLabels = /^(?:page url|url страницы|адрес страницы|ссылка на страницу|страница)$/i;
const maxMarkLength = 1000;

/** Whether a field is a mark of the visit rather than an answer. */
export function isMark(field: Pick<FormField, 'name' | 'label' | 'value'>): boolean {
  const { name } = field;
  return isMarkName(name) || isPage(field) || referrerNames.has(name) || /^_pb_(first|last)(\.|$)/.test(name);
}

function isMarkName(name: string): boolean {
  const last = name.split('.').at(-1) ?? name;
  return /^utm_(source|medium|campaign|content|term|id|referrer)$/.test(last) || clickIds.has(last) || isUtm(name);
}

/** Whether a name is one of nested marks: `utm.source`. */
function isUtm(name: string): boolean {
  return /(?:^|\.)utms?\.(?:utm_)?(source|medium|campaign|content|term)$/.test(name);
}

/** Whether a field is the address of the page with the form. */
function isPage({ name, label, value }: Pick<FormField, 'name' | 'label' | 'value'>): boolean {
  if (pageNames.has(name)) return true;
  return isUrl(value) && (pageSteps.test(name.split('.').at(-1) ?? name) || pageLabels.test(label.trim()));
}

function isUrl(value: string): boolean {
  return /^https?:\/\/\S/i.test(value.trim());
}

/** Marks by name, such as `utm_source`, `gclid`, `page` and `referrer`. */
type Marks = Map<string, string>;

/**
 * Determines where the visit came from: from the form's own fields first, then from the widget's last touch, the query of the
 * page, and cookies forwarded by a site builder. Null if nothing is known.
 */
export function attributionOf(fields: readonly FormField[], referer: string | null): Attribution | null {
  const marks: Marks = new Map();
  const first: Marks = new Map();
  for (const field of fields) collect(field, marks, first);
  // An address with marks in any other field is a page of the visit, too.
  const marked = fields.find(({ value }) => isUrl(value) && /[?&]utm_/.test(value));
  const page = marks.get('page') ?? marked?.value.trim() ?? referer;
  if (page !== null) {
    put(marks, 'page', page);
    marksOfUrl(page, marks);
  }
  const ids = Object.fromEntries([
    ...[...marks].filter(([name]) => name.startsWith('id:')).map(([name, value]) => [name.slice(3), value]),
    ...[...first].map(([name, value]) => [`first_${name.replace(/^(id:|utm_)/, '')}`, value]),
  ]) as Record<string, string>;
  const [source, medium, campaign, content, term] = utm.map((one) => marks.get(`utm_${one}`) ?? null);
  if (marks.size === 0 && first.size === 0) return null;
  return {
    source: source ?? null,
    medium: medium ?? null,
    campaign: campaign ?? null,
    content: content ?? null,
    term: term ?? null,
    page: marks.get('page') ?? null,
    referrer: marks.get('referrer') ?? null,
    ids,
  };
}

function collect(field: FormField, marks: Marks, first: Marks): void {
  const { name, value } = field;
  const touch = /^_pb_(first|last)(?:\.(.+))?$/.exec(name);
  if (touch !== null) {
    const into = touch[1] === 'first' ? first : marks;
    if (touch[2] !== undefined) addMark(touch[2], value, into);
    else for (const [key, text] of jsonTexts(value)) addMark(key, text, into);
    return;
  }
  if (name === 'cookies') {
    for (const [key, text] of cookiesOf(value)) {
      if (key !== 'tildautm') addMark(key, text, marks);
      else for (const mark of text.split('|||')) addMark(...splitOnce(mark, '='), marks);
    }
    return;
  }
  if (isPage(field)) put(marks, 'page', value);
  else if (referrerNames.has(name)) put(marks, 'referrer', value);
  else if (isUtm(name)) addMark(`utm_${(name.split('.').at(-1) ?? '').replace('utm_', '')}`, value, marks);
  else addMark(name.split('.').at(-1) ?? name, value, marks);
}

function addMark(name: string, value: string, into: Marks): void {
  const key = name.toLowerCase();
  const id = clickIds.get(key);
  if (id !== undefined) put(into, `id:${id}`, value);
  else if (/^utm_(source|medium|campaign|content|term)$/.test(key) || key === 'page' || key === 'referrer')
    put(into, key, value);
  else if (key === 'at' && !Number.isNaN(Date.parse(value))) put(into, key, value);
}

/** Sets a mark unless it is already set: earlier sources have precedence. */
function put(into: Marks, name: string, value: string): void {
  const clean = cleanText(value, maxMarkLength);
  if (clean !== '' && !into.has(name)) into.set(name, clean);
}

function marksOfUrl(page: string, into: Marks): void {
  if (!URL.canParse(page)) return;
  for (const [name, value] of new URL(page).searchParams) if (isMarkName(name)) addMark(name, value, into);
}

function cookiesOf(text: string): readonly (readonly [string, string])[] {
  return text.split(/;\s*/).map((cookie) => {
    const [name, value] = splitOnce(cookie, '=');
    return [name.trim().toLowerCase(), decoded(value)];
  });
}

function jsonTexts(text: string): readonly (readonly [string, string])[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one] as const] : []));
  } catch {
    return [];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
