/** The parameters of a nasty letter. */
export interface Occasion {
  /** Its number in the corpus, which makes all of it unique and the same in each run. */
  readonly n: number;
  /** The client's address, which identifies the letter however damaged the rest arrives. */
  readonly client: string;
  readonly random: () => number;
}

const koiLetters = 'юабцдефгхийклмнопярстужвьызшэщчъ';
const russian = 'Добрый день! Пришлите, пожалуйста, счёт на оплату и договор.';

/** Text in one of the 8-bit charsets used for Russian mail. */
export function cyrillic(text: string, charset: 'koi8-r' | 'windows-1251'): Buffer {
  return Buffer.from([...text].map((letter) => codeOf(letter, charset)));
}

function codeOf(letter: string, charset: 'koi8-r' | 'windows-1251'): number {
  const code = letter.charCodeAt(0);
  if (code < 0x80) return code;
  if (letter === 'ё') return charset === 'koi8-r' ? 0xa3 : 0xb8;
  if (charset === 'windows-1251') return code - 0x410 + 0xc0;
  const small = koiLetters.indexOf(letter);
  return small >= 0 ? 0xc0 + small : 0xe0 + koiLetters.indexOf(letter.toLowerCase());
}

function letter(headers: readonly string[], body: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n\r\n`, 'utf8'), Buffer.from(body as string)]);
}

/** The headers of any well-formed letter. */
function usual({ n, client }: Occasion, more: Readonly<Record<string, string | null>> = {}): string[] {
  const all: Record<string, string | null> = {
    From: `Client <${client}>`,
    To: 'sales@our.example',
    Subject: `Letter ${n}`,
    Date: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toUTCString(),
    'Message-ID': `<${n}@client.example>`,
    ...more,
  };
  return Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
}

const base64 = (text: string | Uint8Array) =>
  Buffer.from(text as string)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n');

function noise(random: () => number, bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
}

function multipart(headers: string[], boundary: string, parts: readonly string[], end = `--${boundary}--\r\n`): Buffer {
  const type = `Content-Type: multipart/mixed; boundary="${boundary}"`;
  return letter(
    [...headers, 'MIME-Version: 1.0', type],
    `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}${end}`,
  );
}

function nested(levels: number): { readonly type: string; readonly body: string } {
  let inner = 'Content-Type: text/plain\r\n\r\nAt the bottom\r\n';
  for (let level = levels; level > 1; level--)
    inner = `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n${inner}\r\n--b${level}--\r\n`;
  return { type: 'multipart/mixed; boundary="b1"', body: `--b1\r\n${inner}\r\n--b1--\r\n` };
}

/** Inbound letters, by their defect or peculiarity. */
export const nastyLetters: Readonly<Record<string, (occasion: Occasion) => Uint8Array>> = {
  plain: (it) => letter([...usual(it), 'Content-Type: text/plain; charset=utf-8'], `${russian} №${it.n}`),
  koi8: (it) =>
    letter([...usual(it), 'Content-Type: text/plain; charset=koi8-r'], cyrillic(`${russian} ${it.n}`, 'koi8-r')),
  'windows-1251 words': (it) => {
    const subject = cyrillic(`Заказ ${it.n}`, 'windows-1251').toString('base64');
    return letter(usual(it, { Subject: `=?windows-1251?B?${subject}?=` }), cyrillic(russian, 'windows-1251'));
  },
  'iso-2022-jp': (it) =>
    letter([...usual(it), 'Content-Type: text/plain; charset=iso-2022-jp'], `\u001b$BF|K\\\u001b(B ${it.n}`),
  'words split within a character': (it) => {
    const bytes = Buffer.from(`Счёт ${it.n}`, 'utf8');
    const halves = [bytes.subarray(0, 3), bytes.subarray(3)].map((half) => `=?utf-8?B?${half.toString('base64')}?=`);
    return letter(usual(it, { Subject: halves.join('\r\n ') }), 'split');
  },
  'raw 8-bit headers': (it) => {
    const [first = '', ...rest] = usual(it, { Subject: null });
    const subject = Buffer.concat([Buffer.from('Subject: '), cyrillic(`Счет ${it.n}`, 'koi8-r'), Buffer.from('\r\n')]);
    return Buffer.concat([Buffer.from(`${first}\r\n`), subject, letter(rest, cyrillic(russian, 'koi8-r'))]);
  },
  'no Message-ID': (it) => letter(usual(it, { 'Message-ID': null }), `Text ${it.n}`),
  'the same Message-ID for all': (it) => letter(usual(it, { 'Message-ID': '<same@broken.example>' }), 'The same text'),
  'a Message-ID of rubbish': (it) => letter(usual(it, { 'Message-ID': `<<a b @@ ${'\u0001'}>` }), 'rubbish'),
  'huge headers': (it) => {
    const references = Array.from({ length: 800 }, (_, i) => `<${it.n}.${i}@thread.example>`).join('\r\n ');
    return letter(usual(it, { References: references, 'X-Huge': 'x'.repeat(20_000) }), 'huge');
  },
  'fifty levels': (it) => {
    const { type, body } = nested(50);
    return letter([...usual(it), `Content-Type: ${type}`], body);
  },
  '8-bit noise': (it) => letter([...usual(it), 'Content-Type: text/plain'], noise(it.random, 2000)),
  'no body and no empty line': (it) => Buffer.from(usual(it).join('\r\n')),
  'an attachment': (it) =>
    multipart(usual(it), `a${it.n}`, [
      'Content-Type: text/plain\r\n\r\nSee the file\r\n',
      `Content-Type: application/pdf; name="price ${it.n}.pdf"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(noise(it.random, 6000))}\r\n`,
    ]),
  'a letter within': (it) =>
    multipart(usual(it), `w${it.n}`, [
      'Content-Type: text/plain\r\n\r\nForwarded\r\n',
      `Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: inner\r\nMessage-ID: <inner@y.example>\r\n\r\nInner\r\n`,
    ]),
  'HTML with a picture': (it) =>
    multipart(usual(it), `h${it.n}`, [
      `Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <img src="cid:logo"> ${it.n}<script>alert(1)</script>\r\n`,
      `Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.alloc(900, 7))}\r\n`,
    ]),
  'a multipart without its end': (it) =>
    multipart(usual(it), `u${it.n}`, [`Content-Type: text/plain\r\n\r\nCut o${it.n}`], ''),
  'a boundary that never comes': (it) =>
    letter([...usual(it), 'Content-Type: multipart/mixed; boundary="never"'], `Text without parts ${it.n}`),
  'rubbish for base64': (it) =>
    letter([...usual(it), 'Content-Transfer-Encoding: base64'], `%%%not base64 ${it.n}===\r\n!!!`),
  'a charset that there is none of': (it) =>
    letter([...usual(it), 'Content-Type: text/plain; charset=x-klingon'], `${russian} ${it.n}`),
  'a date of rubbish': (it) => letter(usual(it, { Date: 'yesterday, around noon' }), `When? ${it.n}`),
  'no date': (it) => letter(usual(it, { Date: null }), `When? ${it.n}`),
  'a date far in the future': (it) => letter(usual(it, { Date: 'Fri, 31 Dec 2199 23:59:59 +0000' }), `${it.n}`),
  'bare LF': (it) => Buffer.from(letter(usual(it), `Line\r\nLine ${it.n}`).toString('utf8').replaceAll('\r\n', '\n')),
  'NUL bytes': (it) => letter(usual(it), `Before\u0000after ${it.n}`),
  'an out-of-office note': (it) =>
    letter(usual(it, { 'Auto-Submitted': 'auto-replied', Subject: `Re: away ${it.n}` }), 'I am away'),
  'a mailing list': (it) =>
    letter(usual(it, { 'List-Id': '<news.client.example>', Precedence: 'bulk' }), `News ${it.n}`),
  'a bounce': (it) =>
    letter(
      [
        ...usual(it, { Subject: 'Undelivered Mail' }),
        `Content-Type: multipart/report; report-type=delivery-status; boundary="r${it.n}"`,
      ],
      `--r${it.n}\r\n\r\nIt did not arrive\r\n--r${it.n}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; gone@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r${it.n}\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${it.n}@our.example>\r\n\r\n--r${it.n}--\r\n`,
    ),
  'an answer in a thread': (it) => {
    const first = `<${it.n - (it.n % 500)}@client.example>`;
    return letter(
      usual(it, { 'In-Reply-To': first, References: first, Subject: 'Re: the offer' }),
      `> quoted\r\n\r\nYes ${it.n}`,
    );
  },
  'many recipients': (it) => {
    const many = Array.from({ length: 300 }, (_, i) => `p${i}@client.example`).join(',\r\n ');
    return letter(usual(it, { Cc: many }), `Everybody ${it.n}`);
  },
  'an invitation': (it) =>
    letter(
      [...usual(it), 'Content-Type: text/calendar; method=REQUEST'],
      `BEGIN:VCALENDAR\r\nUID:${it.n}\r\nEND:VCALENDAR`,
    ),
};

/** A letter of ours to the client, as a mail program stores it in Sent. */
export function ownLetter(it: Occasion, from: string): Uint8Array {
  return letter(usual(it, { From: from, To: it.client, 'Message-ID': `<${it.n}@our.example>` }), `Our answer ${it.n}`);
}

/** A letter too large to be held in memory. */
export function largeLetter(it: Occasion): Uint8Array {
  const file = `Content-Type: application/zip; name="big.zip"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  return multipart(usual(it), `l${it.n}`, [
    'Content-Type: text/plain; charset=utf-8\r\n\r\nA large file\r\n',
    `${file}${base64(Buffer.alloc(4_000_000, it.n % 251))}\r\n`,
  ]);
}
