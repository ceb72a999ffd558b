const who = 'Отдел продаж <sales@our.example>';

/** Introductions of quotations that mail programs mark, by program and language. */
export const introductions: Readonly<Record<string, readonly string[]>> = {
  'Gmail ru': [`вт, 15 сент. 2026 г. в 14:41, ${who}:`],
  'Gmail uk': [`вт, 15 вер. 2026 р. о 14:41 ${who} пише:`],
  'Gmail kk': [`2026 ж. 15 қыр., сс 14:41 уақытында ${who} жазды:`, `сс, 15 қыр. 2026 ж., 14:41 ${who} жазды:`],
  'Gmail en': [
    `On Tue, Sep 15, 2026 at 2:41 PM ${who} wrote:`,
    `On Tue, 15 Sept 2026 at 14:41, ${who} wrote:`,
    `On Tuesday, September 15, 2026 at 2:41:08 PM UTC+3 ${who} wrote:`,
  ],
  'Gmail de': [`Am Di., 15. Sept. 2026 um 14:41 Uhr schrieb ${who}:`],
  'Gmail fr': [`Le mar. 15 sept. 2026 à 14:41, ${who} a écrit :`],
  'Gmail es': [`El mar, 15 sept 2026 a las 14:41, Sales (<sales@our.example>) escribió:`],
  'Gmail pl': [`wt., 15 wrz 2026 o 14:41 ${who} napisał(a):`],
  'Gmail tr': [
    `${who}, 15 Eyl 2026 Sal, 14:41 tarihinde şunu yazdı:`,
    `15 Eyl 2026 Sal 14:41 tarihinde ${who} şunu yazdı:`,
  ],
  'Apple ru': [
    `15 сент. 2026 г., в 14:41, ${who} написал(а):`,
    `15 сентября 2026 г., в 14:41, Отдел продаж написал(а):`,
  ],
  'Apple uk': [`15 вер. 2026 р. о 14:41 ${who} пише:`, `15 вер. 2026 р., о 14:41, ${who} написав(-ла):`],
  'Apple kk': [`2026 ж. 15 қыр., сағат 14:41, ${who} жазды:`],
  'Apple en': [`On Sep 15, 2026, at 2:41 PM, ${who} wrote:`, `On 15 Sep 2026, at 14:41, ${who} wrote:`],
  'Apple de': [`Am 15.09.2026 um 14:41 schrieb ${who}:`],
  'Apple fr': [`Le 15 sept. 2026 à 14:41, ${who} a écrit :`],
  'Apple es': [`El 15 sept 2026, a las 14:41, ${who} escribió:`],
  'Apple pl': [`Wiadomość napisana przez ${who} w dniu 15 wrz 2026, o godz. 14:41:`],
  'Apple tr': [`${who} şunları yazdı (15 Eyl 2026 14:41):`],
  'Thunderbird ru': [
    '15.09.2026 14:41, Отдел продаж пишет:',
    '15.09.26 14:41, Отдел продаж via Support пишет:',
    '15.09.2026 14:41, Иван Примеров написал:',
  ],
  'Thunderbird uk': ['15.09.26 14:41, Отдел продаж пише:'],
  'Thunderbird kk': ['15.09.2026 14:41, Отдел продаж жазды:', '15.09.2026 14:41, Отдел продаж жазған:'],
  'Thunderbird en': ['On 9/15/2026 2:41 PM, Sales Department wrote:', 'On 15/09/2026 14:41, Sales wrote:'],
  'Thunderbird de': ['Am 15.09.26 um 14:41 schrieb Отдел продаж:'],
  'Thunderbird fr': ['Le 15/09/2026 à 14:41, Отдел продаж a écrit :'],
  'Thunderbird es': ['El 15/09/2026 a las 14:41, Отдел продаж escribió:'],
  'Thunderbird pl': ['W dniu 15.09.2026 o 14:41, Отдел продаж pisze:'],
  'Thunderbird tr': ['15.09.2026 14:41 tarihinde Отдел продаж yazdı:'],
  'Yandex ru': [`15.09.2026, 14:41, "Отдел продаж" <sales@our.example>:`, `15 сентября 2026, 14:41, ${who}:`],
  'Yandex ru, old': [
    `15.09.2026, 14:41, "Отдел продаж" <sales@our.example>:`,
    '15.09.2026, 14:41, sales@our.example:',
    `15:41, 15 сентября 2026 г., ${who}:`,
  ],
  'Yandex uk': [`15.09.2026, 14:41, "Відділ продажу" <sales@our.example>:`],
  'Yandex en': [`15.09.2026, 14:41, "Sales" <sales@our.example>:`],
  'Yandex tr': [`15.09.2026, 14:41, "Satış" <sales@our.example>:`],
  'Mail.ru ru': [
    `Вторник, 15 сентября 2026, 14:41 +03:00 от ${who}:`,
    `Вторник, 15 сентября 2026 г., 14:41 +03:00 от Отдел продаж sales@our.example:`,
  ],
  'Mail.ru uk': [`Вівторок, 15 вересня 2026, 14:41 +03:00 від ${who}:`],
  'Mail.ru kk': [`Сейсенбі, 15 қыркүйек 2026, 14:41 +03:00 ${who}:`],
  'Mail.ru en': [`Tuesday, September 15, 2026 2:41 PM +03:00 from ${who}:`],
  'The Bat! ru': [
    'Вы писали 15 сентября 2026 г., 14:41:08:',
    'Вы писали вторник, 15 сентября 2026 г., 14:41:08:',
    'Вы писали 15.09.2026, 14:41:',
  ],
  'The Bat! uk': ['Ви писали 15 вересня 2026 р., 14:41:08:'],
  'The Bat! en': [
    'You wrote on Tuesday, September 15, 2026, 2:41:08 PM:',
    'Tuesday, September 15, 2026, 2:41:08 PM, you wrote:',
    'On Tuesday, September 15, 2026, 2:41:08 PM, you wrote:',
  ],
  'The Bat! de': ['Am Dienstag, 15. September 2026 um 14:41 schrieben Sie:'],
  'The Bat! pl': ['W Twoim liście datowanym 15 września 2026 (14:41:08) można przeczytać:'],
  'Roundcube ru': ['Отдел продаж писал(а) 2026-09-15 14:41:', 'Отдел продаж писал 15.09.2026 14:41:'],
  'Roundcube uk': ['Отдел продаж писав 2026-09-15 14:41:', '2026-09-15 14:41, Отдел продаж написав(ла):'],
  'Roundcube kk': ['2026-09-15 14:41, Отдел продаж жазды:'],
  'Roundcube en': ['On 2026-09-15 14:41, Отдел продаж wrote:'],
  'Roundcube de': ['Am 2026-09-15 14:41, schrieb Отдел продаж:'],
  'Roundcube fr': ['Le 2026-09-15 14:41, Отдел продаж a écrit :'],
  'Roundcube es': ['El 2026-09-15 14:41, Отдел продаж escribió:'],
  'Roundcube pl': ['W dniu 2026-09-15 14:41, Отдел продаж napisał(a):'],
  'Roundcube tr': ['2026-09-15 14:41 tarihinde, Отдел продаж yazdı:'],
  'SnappyMail ru': [
    '15 сентября 2026 г., 14:41, sales@our.example написал',
    `15 сентября 2026 г., 14:41, ${who} написал:`,
    `15 сентября 2026 г. 14:41, "Отдел" <sales@our.example> написал(а):`,
  ],
  'SnappyMail uk': ['15 вересня 2026 р., 14:41, sales@our.example написав'],
  'SnappyMail en': [
    `On September 15, 2026 2:41 PM, sales@our.example wrote:`,
    `September 15, 2026 2:41 PM, ${who} wrote:`,
  ],
  'SnappyMail de': [
    'Am 15. September 2026 um 14:41 schrieb sales@our.example',
    `15. September 2026 14:41, ${who} schrieb:`,
  ],
  'SnappyMail fr': [`15 septembre 2026 14:41, ${who} a écrit:`],
  'SnappyMail pl': [`15 września 2026 14:41, ${who} napisał(a):`],
  'Zimbra en': [`On Sep 15, 2026, at 2:41 PM, Sales sales@our.example wrote:`],
  'Rambler ru': [`15.09.2026, 14:41, ${who}`],
  'Lotus Notes ru': [`${who} писал(а) 15.09.2026 14:41:08:`, `${who} написано 15.09.2026 14:41:08:`],
  'Lotus Notes en': [`${who} wrote on 15.09.2026 14:41:08:`],
  'Lotus Notes de': [`${who} schrieb am 15.09.2026 14:41:08:`],
  'Lotus Notes pl': [`${who} napisał(a) w dniu 15.09.2026 14:41:08:`],
  'KMail ru': ['В сообщении от вторник, 15 сентября 2026 г. 14:41:08 MSK пользователь Отдел продаж написал:'],
  'Evolution ru': ['В Вт, 15/09/2026 в 14:41 +0300, Отдел продаж пишет:'],
  'Evolution uk': ['У вт, 2026-09-15 у 14:41 +0300, Отдел продаж пише:'],
  'other languages': [
    `Den tis 15 sep. 2026 kl 14:41 skrev ${who}:`,
    `Il giorno mar 15 set 2026 alle ore 14:41 ${who} ha scritto:`,
    `Em ter., 15 de set. de 2026 às 14:41, ${who} escreveu:`,
    `Op di 15 sep. 2026 om 14:41 schreef ${who}:`,
  ],
};

interface Header {
  readonly from: string;
  readonly sent: string;
  readonly to: string;
  readonly subject: string;
  readonly original: string;
}

/** The labels of Outlook's headers, and the title of programs that write one, by language. */
export const headers: Readonly<Record<string, Header>> = {
  ru: { from: 'От', sent: 'Отправлено', to: 'Кому', subject: 'Тема', original: 'Исходное сообщение' },
  uk: { from: 'Від', sent: 'Надіслано', to: 'Кому', subject: 'Тема', original: 'Оригінальне повідомлення' },
  kk: { from: 'Кімнен', sent: 'Жіберілді', to: 'Кімге', subject: 'Тақырыбы', original: 'Бастапқы хабар' },
  en: { from: 'From', sent: 'Sent', to: 'To', subject: 'Subject', original: 'Original Message' },
  de: { from: 'Von', sent: 'Gesendet', to: 'An', subject: 'Betreff', original: 'Ursprüngliche Nachricht' },
  fr: { from: 'De', sent: 'Envoyé', to: 'À', subject: 'Objet', original: 'Message d’origine' },
  es: { from: 'De', sent: 'Enviado', to: 'Para', subject: 'Asunto', original: 'Mensaje original' },
  pl: { from: 'Od', sent: 'Wysłano', to: 'Do', subject: 'Temat', original: 'Wiadomość oryginalna' },
  tr: { from: 'Kimden', sent: 'Gönderildi', to: 'Kime', subject: 'Konu', original: 'Özgün ileti' },
};

/** What programs that do not mark a quotation put above it. */
export function blocksOf({ from, sent, to, subject, original }: Header): Readonly<Record<string, string>> {
  const block = `${from}: ${who}\n${sent}: 15.09.2026 14:41\n${to}: client@client.example\n${subject}: RE: Счёт`;
  const wrapped = `${from}: ${who}\n${sent}: 15.09.2026 14:41\n${to}: client@client.example; second@client.example;\n third@client.example\nCc: a@our.example\n${subject}: Счёт`;
  return {
    Outlook: `${block}\n`,
    'Outlook, long': `${wrapped}\n`,
    'Outlook, old': `-----${original}-----\n${block}\n`,
    'Outlook on the web': `________________________________\n${block}\n`,
    'Outlook, mobile': `________________________________________\n${block.replace(/^/gm, '*').replace(/: /g, ':* ')}\n`,
    'Outlook without addresses': `${block.replace(` <sales@our.example>`, '')}\n`,
    Samsung: `-------- ${original} --------\n${block}\n`,
    Zimbra: `----- ${original} -----\n${from}: "Отдел" <sales@our.example>\n${to}: c@client.example\n${sent}: 15.09.2026 14:41\n${subject}: Счёт\n`,
    'Lotus Notes': `${from}:   "Отдел" <sales@our.example>\n${to}:     c@client.example\n${sent}:   15.09.2026 14:41\n${subject}:   Счёт\n`,
    Proton: `------- ${original} -------\nOn Tuesday, September 15th, 2026 at 2:41 PM, Sales <sales@our.example> wrote:\n`,
  };
}
