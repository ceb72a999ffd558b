import { type FormObject, type FormShape, listOf, objectOf } from './shape.ts';

/** What quizzes tell about the browser, not about the visitor. */
const technical: ReadonlySet<string> = new Set(
  'lang,ip,ab,timezone,browser,device,os,platform,screen,useragent,user_agent,discount,variables,created'.split(','),
);

/** Marquiz and quizzes like it: questions with their answers (`q` and `a`), data of the visit in `extra`. */
export const quiz: FormShape = {
  service: 'marquiz',
  rewrite(body) {
    const answers = listOf(body.answers);
    const extra = objectOf(body.extra);
    if (answers === null || extra === null) return null;
    const { quiz: _quiz, form: _form, created: _created, answers: _answers, extra: _extra, ...rest } = body;
    const { href, utm, ...visit } = extra;
    const kept = Object.entries(visit).filter(([name]) => !technical.has(name.toLowerCase()));
    // The campaign is called `name` in it.
    const { name, ...marks } = objectOf(utm) ?? {};
    return { ...rest, answers, ...Object.fromEntries(kept), utm: { campaign: name, ...marks }, page_url: href };
  },
};

/** Flexbe: the visitor in `client`, the answers in `form_data`, all in `data`. */
export const flexbe: FormShape = {
  service: 'flexbe',
  rewrite(body) {
    const data = objectOf(body.data);
    if (data === null || objectOf(data.client) === null || !('form_data' in data)) return null;
    const { id: _id, num: _num, time: _time, status: _status, form_name: _form, page, ...rest } = data;
    return { ...rest, page_url: objectOf(page)?.url };
  },
};

/** The usual script of Google Forms sends the whole event. Only `namedValues` has the questions. */
export const googleForms: FormShape = {
  service: 'google forms',
  rewrite(body): FormObject | null {
    const values = objectOf(body.namedValues);
    if (values === null) return null;
    const answers = Object.entries(values).filter(([label]) => !/^(?:timestamp|отметка времени)$/i.test(label));
    return Object.fromEntries(answers);
  },
};
