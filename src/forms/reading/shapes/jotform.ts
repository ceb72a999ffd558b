import { type FormObject, type FormShape, nameIn, objectOf, type Question, textOf } from './shape.ts';

/** Parts of a compound field, in the order in which people write them. */
const parts = [
  'prefix',
  'first',
  'middle',
  'last',
  'suffix',
  'country',
  'area',
  'phone',
  'full',
  'addr_line1',
  'addr_line2',
  'city',
  'state',
  'postal',
];

/** Jotform: the answers are JSON in the field `rawRequest`; `pretty` has them as one text with the questions. */
export const jotform: FormShape = {
  service: 'jotform',
  rewrite(body) {
    const name = nameIn(body, 'rawrequest');
    const answers = name === undefined ? null : objectOf(body[name]);
    if (answers === null) return null;
    const pretty = textOf(body[nameIn(body, 'pretty') ?? '']);
    const questions = Object.entries(answers).flatMap(([key, value]): [string, unknown][] => {
      const field = /^q\d+_(.+)$/.exec(key)?.[1];
      if (field === undefined) return /utm|clid|referr|page/i.test(key) ? [[key, value]] : [];
      const compound = objectOf(value);
      const text = compound === null ? value : compoundText(compound);
      const label = typeof text === 'string' ? labelIn(pretty, text) : null;
      const type = /^(?:full)?(?:name|phone|email)/i.exec(field)?.[0].toLowerCase().replace('full', '');
      return [[field, { label: label ?? field, value: text, type } satisfies Question]];
    });
    const submission = textOf(body[nameIn(body, 'submissionid') ?? '']);
    return { submission_id: submission, ...Object.fromEntries(questions) };
  },
};

/** A name, number, address or date whose parts are fields of their own. */
function compoundText(value: FormObject): string {
  if (['day', 'month', 'year'].every((part) => textOf(value[part]) !== ''))
    return ['day', 'month', 'year'].map((part) => textOf(value[part])).join('.');
  const known = parts.filter((part) => textOf(value[part]) !== '');
  const others = Object.keys(value).filter((part) => !parts.includes(part));
  const text = [...known, ...others].map((part) => textOf(value[part])).filter((one) => one !== '');
  const number = known.includes('phone') && /^\d/.test(textOf(value.country));
  return `${number ? '+' : ''}${text.join(' ')}`;
}

/** The question of an answer in "Question:answer, Question:answer"; null if it can't be told. */
function labelIn(pretty: string, answer: string): string | null {
  const at = answer.trim() === '' ? -1 : pretty.indexOf(`:${answer.trim()}`);
  if (at === -1) return null;
  const label = pretty.slice(pretty.lastIndexOf(', ', at) + 1, at).trim();
  return label === '' || label.length > 200 ? null : label;
}
