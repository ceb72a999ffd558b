import { load, save } from './storage.ts';

/** Marks of one visit, by their names in links. */
export type Marks = Record<string, string>;

const inLinks = /^(utm_(source|medium|campaign|content|term)|gclid|yclid|fbclid|ctwa_clid|ymclid|msclkid|roistat)$/;
const inCookies = /^(_ym_uid|roistat_visit|_ga)$/;

/** Remembers where this visit came from: as the first visit once, as the last one whenever it has marks. */
export function rememberVisit(): void {
  const marks: Marks = {};
  new URLSearchParams(location.search).forEach((value, name) => {
    if (inLinks.test(name)) marks[name] = value.slice(0, 500);
  });
  const { referrer } = document;
  const foreign = referrer !== '' && !referrer.startsWith(`${location.origin}/`);
  if (foreign) marks.referrer = referrer.slice(0, 500);
  const hasMarks = Object.keys(marks).length > 0;
  marks.page = location.href.slice(0, 500);
  marks.at = new Date().toISOString();
  if (load('first') === null) save('first', marks);
  if (hasMarks || load('last') === null) save('last', marks);
}

/** All marks of the visitor, as reserved fields of a form. */
export function visitFields(): Record<string, unknown> {
  const last: Marks = { ...load<Marks>('last') };
  for (const cookie of document.cookie.split('; ')) {
    const [name = '', value = ''] = cookie.split('=');
    if (inCookies.test(name)) last[name] = value;
  }
  return { _pb_page: location.href, _pb_first: load('first'), _pb_last: last };
}
