import { load, save } from './storage.ts';

/** Marks of one visit, under the names they have in links. */
export type Marks = Record<string, string>;

const inLinks = /^(utm_(source|medium|campaign|content|term)|gclid|yclid|fbclid|ctwa_clid|ymclid|msclkid|roistat)$/;
const inCookies = /^(_ym_uid|roistat_visit|_ga)$/;

/** Reads where this visit came from: kept as the first one once, as the last one whenever it says something. */
export function rememberVisit(): void {
  const marks: Marks = {};
  new URLSearchParams(location.search).forEach((value, name) => {
    if (inLinks.test(name)) marks[name] = value.slice(0, 500);
  });
  const { referrer } = document;
  const foreign = referrer !== '' && !referrer.startsWith(`${location.origin}/`);
  if (foreign) marks.referrer = referrer.slice(0, 500);
  const told = Object.keys(marks).length > 0;
  marks.page = location.href.slice(0, 500);
  marks.at = new Date().toISOString();
  if (load('first') === null) save('first', marks);
  if (told || load('last') === null) save('last', marks);
}

/** Everything that is known of how the visitor came, as a form's reserved fields. */
export function visitFields(): Record<string, unknown> {
  const last: Marks = { ...load<Marks>('last') };
  for (const cookie of document.cookie.split('; ')) {
    const [name = '', value = ''] = cookie.split('=');
    if (inCookies.test(name)) last[name] = value;
  }
  return { _pb_page: location.href, _pb_first: load('first'), _pb_last: last };
}
