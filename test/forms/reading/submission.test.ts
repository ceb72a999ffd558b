import { describe, expect, it } from 'vitest';
import { defaultFormSettings, type FormPreset, type FormSettings } from '../../../src/domain/written/form-settings.ts';
import { type FormField, fieldsOfJson, fieldsOfPairs } from '../../../src/forms/reading/fields.ts';
import { readSubmission } from '../../../src/forms/reading/submission.ts';

const now = Date.parse('2026-11-25T09:00:00Z');

function read(fields: readonly FormField[], change: Partial<FormSettings> = {}) {
  return readSubmission(fields, { ...defaultFormSettings, ...change }, { country: 'RU', referer: null, now });
}

const urlencoded = (text: string) => fieldsOfPairs(new URLSearchParams(text));

/** The same submission as each service sends it, built from the service's documentation or its own forms' field names, not recorded. */
const samples: readonly (readonly [FormPreset, string, readonly FormField[]])[] = [
  [
    'tilda',
    'urlencoded with tranid, formid and cookies',
    urlencoded(
      'Name=Иван&Phone=+7 (916) 123-45-67&Email=ivan@example.com&Textarea=Сколько стоит?&tranid=1:2&formid=form3&formname=Cart',
    ),
  ],
  [
    'yandex',
    'JSON-RPC with self-describing answers',
    fieldsOfJson({
      jsonrpc: '2.0',
      method: 'form',
      id: 7,
      params: {
        answer_short_text_1: { question: { label: { ru: 'Как вас зовут?' } }, value: 'Иван' },
        answer_phone_2: { question: { label: { ru: 'Куда звонить' } }, value: '+7 (916) 123-45-67' },
        answer_non_profile_email_3: { question: { label: { ru: 'Куда писать' } }, value: 'ivan@example.com' },
        answer_long_text_4: { question: { label: { ru: 'Расскажите' } }, value: 'Сколько стоит?' },
      },
    }) ?? [],
  ],
  [
    'cf7',
    'JSON of the form’s tags',
    fieldsOfJson({
      _wpcf7: 12,
      _wpcf7_unit_tag: 'wpcf7-f12-p3-o1',
      'your-name': 'Иван',
      'tel-21': '8 916 123-45-67',
      'your-email': 'ivan@example.com',
      'your-message': 'Сколько стоит?',
    }) ?? [],
  ],
  [
    'wpforms',
    'JSON of fields with their types',
    fieldsOfJson({
      form_id: '31',
      entry_id: '77',
      fields: {
        '1': { id: 1, name: 'Представьтесь', value: 'Иван', type: 'name' },
        '2': { id: 2, name: 'Номер', value: '89161234567', type: 'phone' },
        '3': { id: 3, name: 'Адрес', value: 'ivan@example.com', type: 'email' },
        '4': { id: 4, name: 'Что нужно', value: 'Сколько стоит?', type: 'textarea' },
      },
    }) ?? [],
  ],
  [
    'bitrix24',
    'urlencoded fields of a CRM form, with the sender’s token',
    urlencoded(
      'fields[NAME]=Иван&fields[PHONE][0][VALUE]=89161234567&fields[PHONE][0][VALUE_TYPE]=WORK&fields[EMAIL][0][VALUE]=ivan@example.com&fields[COMMENTS]=Сколько стоит?&auth[application_token]=secret-of-theirs',
    ),
  ],
  [
    'bitrix',
    'a web form of 1C-Bitrix, whose field names only give the type of input',
    urlencoded(
      'sessid=abc&WEB_FORM_ID=1&form_text_1=Иван&form_text_2=8 (916) 123-45-67&form_email_3=ivan@example.com&form_textarea_4=Сколько стоит?&web_form_submit=Y',
    ),
  ],
  [
    'auto',
    'names in Russian',
    urlencoded('Ваше имя=Иван&Контактный телефон=89161234567&Почта=ivan@example.com&Ваш вопрос=Сколько стоит?'),
  ],
  [
    'auto',
    'names in English',
    urlencoded('full_name=Иван&phone_number=89161234567&e-mail=ivan@example.com&message=Сколько стоит?'),
  ],
];

describe('reading a form', () => {
  it.each(samples)('%s: %s', (preset, _what, fields) => {
    // The web forms of 1C-Bitrix name fields like form_text_1. Only the site's owner knows their meaning.
    const own = { ...defaultFormSettings.fields, name: preset === 'bitrix' ? ['form_text_1'] : [] };
    const submission = read(fields, { preset, fields: own });

    expect(submission.name).toBe('Иван');
    expect(submission.phone?.replace(/\D/g, '').slice(-10)).toBe('9161234567');
    expect(submission.email).toBe('ivan@example.com');
    expect(submission.answers.find((answer) => answer.role === 'comment')?.value).toBe('Сколько стоит?');
    expect(submission.answers).toHaveLength(4);
    expect(JSON.stringify(submission.answers)).not.toMatch(/secret-of-theirs|wpcf7|WORK/);
    expect(submission).toMatchObject({ reachable: true, spam: false, test: false });
  });

  it('joins first and last name, and does not treat other names as a person’s', () => {
    const submission = read(
      urlencoded('first_name=Иван&last_name=Петров&company_name=Ромашка&product_name=Насос&phone=89161234567'),
    );
    expect(submission.name).toBe('Иван Петров');
    expect(submission.answers.filter(({ role }) => role === 'other').map(({ value }) => value)).toEqual([
      'Ромашка',
      'Насос',
    ]);
  });

  it('uses the roles from the settings', () => {
    const fields = { name: ['q1'], phone: ['Q2'], email: [], comment: ['q3'], hide: ['q4'] };
    const submission = read(urlencoded('q1=Иван&q2=89161234567&q3=Hello&q4=internal'), { fields });
    expect(submission.answers.map(({ role, value }) => [role, value])).toEqual([
      ['name', 'Иван'],
      ['phone', '89161234567'],
      ['comment', 'Hello'],
    ]);
  });

  it('hides the technical fields of frameworks, but no field for its underscores alone', () => {
    const fields = fieldsOfJson({
      phone: '+79161110009',
      __fluent_form_embded_post_id: '5',
      __VIEWSTATE: 'a',
      __цвет__: 'синий',
    });
    const text = JSON.stringify(read(fields ?? []));
    expect(text).toContain('синий');
    expect(text).not.toMatch(/fluent|viewstate/i);
  });

  it('recognises Tilda’s ping', () => {
    expect(read(urlencoded('test=test'), { preset: 'tilda' }).test).toBe(true);
    expect(read(urlencoded('test=test&Phone=89161234567'), { preset: 'tilda' }).test).toBe(false);
  });

  it('collects visit attribution from fields, Tilda’s cookies and the page’s own address, first and last touch', () => {
    const cookies =
      'TILDAUTM=utm_source%3Dyandex%7C%7C%7Cutm_medium%3Dcpc%7C%7C%7Cutm_campaign%3Dpumps%7C%7C%7C; _ym_uid=171; other=private; roistat_visit=55';
    const tilda = read(
      fieldsOfPairs([
        ['Phone', '89161234567'],
        ['COOKIES', cookies],
        ['referer', 'https://shop.example/a?yclid=9'],
      ]),
      { preset: 'tilda' },
    );
    expect(tilda.attribution).toEqual({
      source: 'yandex',
      medium: 'cpc',
      campaign: 'pumps',
      content: null,
      term: null,
      page: 'https://shop.example/a?yclid=9',
      referrer: null,
      ids: { ym_uid: '171', roistat_visit: '55', yclid: '9' },
    });

    const widget = read(
      fieldsOfJson({
        phone: '89161234567',
        _pb_page: 'https://shop.example/order',
        _pb_last: { utm_source: 'google', gclid: 'g1', referrer: 'https://google.com/' },
        _pb_first: {
          utm_source: 'vk',
          utm_campaign: 'spring',
          page: 'https://shop.example/',
          at: '2026-11-01T00:00:00Z',
        },
      }) ?? [],
    );
    expect(widget.attribution).toMatchObject({
      source: 'google',
      referrer: 'https://google.com/',
      page: 'https://shop.example/order',
    });
    expect(widget.attribution?.ids).toEqual({
      gclid: 'g1',
      first_source: 'vk',
      first_campaign: 'spring',
      first_page: 'https://shop.example/',
      first_at: '2026-11-01T00:00:00Z',
    });
    expect(widget.answers).toHaveLength(1);
  });

  it('records the consent with its text, version and time; an unticked box is no consent', () => {
    const consent = { text: 'Согласен на обработку', version: '3', required: true };
    expect(read(urlencoded('phone=89161234567&consent=on'), { consent }).consent).toEqual({
      text: 'Согласен на обработку',
      version: '3',
      at: now,
    });
    expect(read(urlencoded('phone=89161234567&consent=0'), { consent }).consent).toBeNull();
    expect(read(urlencoded('phone=89161234567'), { consent }).consent).toBeNull();
    const labelled = read(urlencoded('phone=89161234567&Согласен с обработкой персональных данных=да'));
    expect(labelled.consent?.text).toBe('Согласен с обработкой персональных данных');
    expect(labelled.answers).toHaveLength(1);
  });

  it('marks likely bots: a filled hidden field, or sent too fast', () => {
    expect(read(urlencoded('phone=89161234567&_pb_website=x')).spam).toBe(true);
    expect(read(urlencoded('phone=89161234567&_pb_elapsed=200')).spam).toBe(true);
    expect(read(urlencoded('phone=89161234567&_pb_elapsed=9000')).spam).toBe(false);
  });

  it('reports a submission without any contact details', () => {
    expect(read(urlencoded('phone=abc')).reachable).toBe(false);
    expect(read(urlencoded('name=Иван')).reachable).toBe(false);
    expect(read(urlencoded('phone=abc&message=telegram @ivan')).reachable).toBe(true);
  });

  it('rejects oversized input: hundreds of fields, huge values, deep nesting', () => {
    const many = Array.from({ length: 201 }, (_, i): [string, string] => [`f${i}`, 'x']);
    expect(() => fieldsOfPairs(many)).toThrow(/fields/);
    expect(() => fieldsOfPairs([['a', 'x'.repeat(20_001)]])).toThrow(/at most 20000 characters/);
    const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as unknown;
    expect(() => fieldsOfJson(deep)).toThrow(/nested/);
    expect(fieldsOfJson('text')).toBeNull();
  });
});
