import type { Placed } from './corpus.ts';

const russian = [
  ...[
    'договор поставки насосов',
    'счёт на оплату',
    'спецификация к заявке',
    'акт сверки за квартал',
    'отгрузка со склада',
  ],
  ...[
    'паспорт изделия',
    'вентили и задвижки',
    'монтаж оборудования',
    'гарантийный срок',
    'скидка постоянному покупателю',
  ],
  ...['доставка до терминала', 'коммерческое предложение', 'перенос встречи на четверг', 'сертификат соответствия'],
  ...['электродвигатель мощностью', 'возврат бракованной партии', 'реквизиты нашей организации', 'образец продукции'],
];
const english = [
  ...['supply contract for pumps', 'invoice attached', 'delivery schedule', 'warranty claim', 'technical drawing'],
  ...[
    'quotation for valves',
    'shipping documents',
    'meeting moved to Thursday',
    'certificate of origin',
    'spare parts list',
  ],
];
const greetings = ['Добрый день!', 'Здравствуйте.', 'Dear colleagues,', 'Коллеги, привет!', 'Good morning,'];

/**
 * That many letters as they come every day, the same in each run: Russian and English, alone and as answers with quoted history, as
 * text and as HTML. Words and names repeat, and each has some of its own.
 */
export function* ordinaryLetters(count: number, random: () => number): Generator<Placed['raw']> {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  for (let n = 0; n < count; n++) {
    const phrases = n % 4 === 3 ? english : russian;
    const sentence = () => `${pick(phrases)}, ${pick(phrases)} № ${Math.floor(random() * 1e6)}.`;
    const own = `${pick(greetings)} ${Array.from({ length: 2 + Math.floor(random() * 5) }, sentence).join(' ')}`;
    const isAnswer = n % 5 === 0;
    const quoted = isAnswer ? ['', 'Иван Примеров пишет:', ...Array.from({ length: 3 }, () => `> ${sentence()}`)] : [];
    const isHtml = n % 3 === 1;
    const html = [
      `<p>${own}</p>`,
      ...(isAnswer ? [`<blockquote type="cite">${quoted.join('<br>')}</blockquote>`] : []),
    ];
    const headers = [
      `From: "Client ${n}" <c${n}@firm${n % 700}.example>`,
      'To: sales@our.example',
      `Subject: =?utf-8?B?${Buffer.from(`${isAnswer ? 'Re: ' : ''}${pick(phrases)} ${n}`).toString('base64')}?=`,
      `Date: ${new Date(Date.UTC(2026, 8, 1) + n * 300_000).toUTCString()}`,
      `Message-ID: <ordinary.${n}@client.example>`,
      ...(isAnswer ? [`In-Reply-To: <ours.${n}@our.example>`] : []),
      'MIME-Version: 1.0',
      `Content-Type: text/${isHtml ? 'html' : 'plain'}; charset=utf-8`,
    ];
    yield Buffer.from([...headers, '', ...(isHtml ? html : [own, ...quoted]), ''].join('\r\n'));
  }
}
