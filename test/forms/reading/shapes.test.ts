import { describe, expect, it } from 'vitest';
import { defaultFormSettings } from '../../../src/domain/written/form-settings.ts';
import { contactOf } from '../../../src/forms/reading/contact.ts';
import { type FormField, fieldsOfJson, fieldsOfPairs } from '../../../src/forms/reading/fields.ts';
import { readSubmission } from '../../../src/forms/reading/submission.ts';
import { formLine } from '../../support/forms.ts';

const urlencoded = (pairs: Readonly<Record<string, string>>) => fieldsOfPairs(Object.entries(pairs));
const json = (body: object) => fieldsOfJson(body) ?? [];

function read(fields: readonly FormField[]) {
  const about = { country: 'RU', referer: null, now: 0 };
  const submission = readSubmission(fields, defaultFormSettings, about);
  const more = { settings: defaultFormSettings, language: 'ru', attachments: [], now: 0 } as const;
  return { ...submission, text: contactOf(submission, { line: formLine('site'), ...more }).text };
}

const lines = (...all: readonly string[]) => all.join('\n');

describe('a cart of Tilda', () => {
  const cart = {
    sys: 'none',
    orderid: '15',
    amount: '30500',
    delivery: 'Курьер',
    delivery_comment: 'звонить',
    discount: '5',
  };
  const expected = [
    'Сумма: 30500',
    'Доставка: Курьер',
    'Номер заказа: 15',
    'Комментарий к доставке: звонить',
    'Скидка: 5',
  ];

  it('is read from nested names, an object, and JSON in a field, with articles as texts and as objects', () => {
    const products = ['Кирпич - 1000x30 = 30000', 'Цемент - 1x500 = 500'];
    const text = lines('Телефон: 89990003001', ...products.map((one) => `Товар: ${one}`), ...expected);
    const pairs: [string, string][] = [
      ['Phone', '89990003001'],
      ...products.map((one): [string, string] => ['payment[products][]', one]),
      ...Object.entries(cart).map(([name, value]): [string, string] => [`payment[${name}]`, value]),
    ];
    expect(read(fieldsOfPairs(pairs)).text).toBe(text);
    expect(read(json({ Phone: '89990003001', payment: { ...cart, products } })).text).toBe(text);
    const inText = JSON.stringify({ ...cart, products });
    expect(read(urlencoded({ Phone: '89990003001', payment: inText })).text).toBe(text);
    expect(read(json({ Phone: '89990003001', Payment: inText })).text).toBe(text);
  });

  it('says the options, the unit and the sum of each article', () => {
    const options = [{ option: 'Цвет', variant: 'красный' }];
    const products = [
      { name: 'Кирпич', sku: 'M150', quantity: '2', unit: 'пал.', price: '30', amount: '60', options },
      { name: 'Цемент' },
    ];
    const { text, name } = read(json({ Name: 'Иван', payment: { products, delivery_fio: 'Пётр' } }));
    expect(text).toBe(
      lines('Имя: Иван', 'Товар: Кирпич, Цвет: красный, M150: 2 пал. × 30 = 60', 'Товар: Цемент', 'Получатель: Пётр'),
    );
    expect(name).toBe('Иван');
  });

  it('is not taken for the visitor’s telephone', () => {
    const { phone } = read(json({ email: 'a@b.example', payment: { orderid: '89990003001', products: ['x'] } }));
    expect(phone).toBeNull();
  });

  it('leaves a field of that name that is no cart as it is', () => {
    expect(read(urlencoded({ phone: '89990003001', payment: 'наличными' })).text).toContain('payment: наличными');
  });
});

describe('a submission of', () => {
  const page = 'https://shop.example/?utm_source=yandex&utm_medium=cpc';

  it('Typeform has the questions with the answers of all kinds, and its hidden fields as marks', () => {
    const kinds: Readonly<Record<string, unknown>> = {
      text: 'Иван',
      phone_number: '+79990003001',
      email: 'i@client.example',
      choice: { label: 'Забор' },
      choices: { labels: ['Ворота', 'Калитка'], other: 'Навес' },
      number: 20,
      boolean: true,
      date: '2026-12-01',
    };
    const titles = ['Как вас зовут?', 'Телефон', 'Почта', 'Что?', 'Ещё', 'Метров', 'Срочно', 'Когда'];
    const found = read(
      json({
        event_type: 'form_response',
        form_response: {
          token: 't1',
          hidden: { utm_source: 'yandex' },
          definition: { fields: titles.map((title, i) => ({ id: `${i}`, title, type: 'x' })) },
          answers: Object.entries(kinds).map(([type, value], i) => ({ type, [type]: value, field: { id: `${i}` } })),
        },
      }),
    );
    expect(found).toMatchObject({ name: 'Иван', phone: '+79990003001', email: 'i@client.example', serviceId: 't1' });
    expect(found.attribution?.source).toBe('yandex');
    expect(found.text).toBe(
      lines(
        'Как вас зовут? Иван',
        'Телефон: +79990003001',
        'Почта: i@client.example',
        'Что? Забор',
        'Ещё: Ворота, Калитка, Навес',
        'Метров: 20',
        'Срочно: true',
        'Когда: 2026-12-01',
      ),
    );
  });

  it('Jotform has its compound fields, and the questions of its readable text', () => {
    const rawRequest = JSON.stringify({
      slug: 'submit/1',
      q3_name: { first: 'Иван', last: 'Примеров' },
      q4_phone: { area: '999', phone: '000-30-14' },
      q5_email5: 'i@client.example',
      q6_typeA6: 'Забор 20 м',
      q7_date: { day: '01', month: '12', year: '2026' },
      q8_choose: ['Ворота', 'Калитка'],
      buildDate: '1',
    });
    const pretty = 'Имя:Иван Примеров, Телефон:999 000-30-14, E-mail:i@client.example, Какой забор?:Забор 20 м';
    const found = read(urlencoded({ formID: '1', submissionID: '55', ip: '192.0.2.1', rawRequest, pretty }));
    expect(found).toMatchObject({ name: 'Иван Примеров', phone: '999 000-30-14', email: 'i@client.example' });
    expect(found.serviceId).toBe('55');
    expect(found.text).toContain('Какой забор? Забор 20 м');
    expect(found.text).toContain('01.12.2026');
    expect(found.text).toContain('Ворота, Калитка');
    expect(found.text).not.toMatch(/submit\/1|192\.0/);
  });

  it('Elementor keeps the visitor’s own date, and hides only what Elementor adds at the end', () => {
    const { text, attribution } = read(
      urlencoded({
        Имя: 'Иван',
        Телефон: '89990003001',
        Дата: '1 декабря',
        'Какой участок?': 'ровный',
        Время: '10:00',
        'URL страницы': page,
        Браузер: 'Mozilla/5.0',
        'Удаленный IP': '192.0.2.4',
        'Работает на': 'Elementor',
        form_id: '9',
        form_name: 'New Form',
      }),
    );
    expect(text).toBe(lines('Имя: Иван', 'Телефон: 89990003001', 'Дата: 1 декабря', 'Какой участок? ровный'));
    expect(attribution).toMatchObject({ source: 'yandex', medium: 'cpc', page });
  });

  it.each([
    [
      'questions as q and a',
      {
        answers: [
          { q: 'Какой?', a: 'Глухой' },
          { q: 'Ещё', a: ['20', '30'] },
        ],
        extra: { href: page },
      },
    ],
    [
      'questions and answers',
      {
        items: [
          { question: 'Какой?', answer: 'Глухой' },
          { question: 'Ещё', answer: '20, 30' },
        ],
        page_url: page,
      },
    ],
    [
      'titles and responses',
      {
        items: [
          { title: 'Какой?', response: 'Глухой' },
          { title: 'Ещё', response: '20, 30' },
        ],
        url: page,
      },
    ],
  ])('a quiz with %s has both', (_, quiz) => {
    const found = read(json({ ...quiz, contacts: { name: 'Иван', phone: '89990003001' } }));
    expect(found).toMatchObject({ name: 'Иван', phone: '89990003001', attribution: { source: 'yandex', page } });
    expect(found.text).toContain(lines('Какой? Глухой', 'Ещё: 20, 30'));
  });

  it.each([
    [
      'Forminator',
      {
        form_title: 'F',
        entry_time: '1',
        name_1: 'Иван',
        phone_1: '89990003001',
        email_1: 'i@client.example',
        textarea_1: 'Забор',
      },
    ],
    [
      'Fluent Forms',
      {
        names: { first_name: 'Иван' },
        phone: '89990003001',
        email: 'i@client.example',
        message: 'Забор',
        __fluent_form_embded_post_id: '5',
        _wp_http_referer: '/x',
      },
    ],
    [
      'Ninja Forms',
      {
        form_id: 1,
        fields: [
          { key: 'name_1', label: 'Имя', value: 'Иван' },
          { key: 'p', label: 'Телефон', value: '89990003001' },
          { key: 'e', label: 'Почта', value: 'i@client.example' },
          { key: 't', label: 'Сообщение', value: 'Забор' },
        ],
      },
    ],
    [
      'Contact Form 7',
      { 'your-name': 'Иван', 'tel-12': '89990003001', 'email-3': 'i@client.example', 'your-message': 'Забор' },
    ],
    [
      'WPForms',
      {
        fields: {
          1: { name: 'Кто вы', value: 'Иван', id: 1, type: 'name' },
          2: { name: 'Куда звонить', value: '89990003001', type: 'phone' },
          3: { name: 'Куда писать', value: 'i@client.example', type: 'email' },
          4: { name: 'Что нужно', value: 'Забор', type: 'textarea' },
        },
      },
    ],
    [
      'an add-on with types',
      {
        data: [
          { name: 'f1', type: 'text', label: 'ФИО', value: 'Иван' },
          { name: 'f2', type: 'tel', label: 'Куда', value: '89990003001' },
          { name: 'f3', type: 'email', label: 'Адрес', value: 'i@client.example' },
          { name: 'f4', type: 'textarea', label: 'Что', value: 'Забор' },
        ],
      },
    ],
  ])('%s has name, phone, e-mail and text', (_, body) => {
    const found = read(json(body));
    expect(found).toMatchObject({ name: 'Иван', phone: '89990003001', email: 'i@client.example' });
    expect(found.answers.find(({ role }) => role === 'comment')?.value).toBe('Забор');
    expect(found.answers).toHaveLength(4);
  });

  it('a script of Google Forms has each question once', () => {
    const found = read(
      json({
        authMode: 'FULL',
        namedValues: {
          'Отметка времени': ['1'],
          Имя: ['Иван'],
          Телефон: ['8 999 000 30 12'],
          Цвета: ['синий', 'белый'],
        },
        values: ['1', 'Иван', '8 999 000 30 12', 'синий', 'белый'],
        range: { columnStart: 1 },
      }),
    );
    expect(found.text).toBe(lines('Имя: Иван', 'Телефон: 8 999 000 30 12', 'Цвета: синий, белый'));
  });

  it('Flexbe has the marks of its own object', () => {
    const client = { name: 'Иван', phone: '89990003001' };
    const data = { id: 5, client, form_data: { a: { name: 'Длина', value: '20 м', type: 'text' } } };
    const found = read(json({ event: 'lead', data: { ...data, utm: { utm_source: 'vk' }, page: { url: page } } }));
    expect(found.text).toBe(lines('Имя: Иван', 'Телефон: 89990003001', 'Длина: 20 м'));
    expect(found.attribution).toMatchObject({ source: 'vk', medium: 'cpc', page });
  });
});

describe('fields', () => {
  it('of several choices become one answer, and those of equal names stay apart', () => {
    const fields = fieldsOfPairs([
      ['phone', '89990003001'],
      ['phone', '84950003000'],
      ['services[]', 'Забор'],
      ['services[]', ''],
      ['services[]', 'Ворота'],
      ['Размер [м]', '20'],
    ]);
    expect(fields.map(({ label, value }) => [label, value])).toEqual([
      ['phone', '89990003001'],
      ['phone', '84950003000'],
      ['services[]', 'Забор, Ворота'],
      ['Размер [м]', '20'],
    ]);
  });

  it('keep every value if their names contradict one another', () => {
    const values = fieldsOfPairs([
      ['payment[products][]', 'a'],
      ['payment[orderid]', 'b'],
      ['x', 'c'],
      ['x[y]', 'd'],
      ['x[y]', 'e'],
      ['__proto__[a]', 'f'],
      ['constructor', 'g'],
    ]).map(({ value }) => value);
    expect(values.join(', ').split(', ').sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('of a trial are no submission, whatever the service calls it', () => {
    for (const trial of [
      { test: 'test' },
      { test: true },
      { ping: 1 },
      { event: 'ping' },
      { event_type: 'webhook.test' },
    ])
      expect(read(json(trial)).test, JSON.stringify(trial)).toBe(true);
    expect(read(json({ test: true, phone: '89990003001' })).test).toBe(false);
    expect(read(json({ event: 'lead' })).test).toBe(false);
    const answers = [
      { type: 'text', text: 'Lorem ipsum dolor', field: { id: '1' } },
      { type: 'email', email: 'an_account@example.com', field: { id: '2' } },
    ];
    expect(read(json({ form_response: { token: 't', answers } })).test).toBe(true);
  });
});
