import { describe, expect, it } from 'vitest';
import { eventsOf, type Where } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { htmlText } from '../../../src/connectors/mail/parse/html-text.ts';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import { eventKey, type InteractionId } from '../../../src/domain/base/ids.ts';
import { outboundKey } from '../../../src/domain/outbound/outbound.ts';
import { foldQuoted } from '../../../src/domain/written/quoted/fold.ts';
import type { WrittenContact } from '../../../src/domain/written/written-contact.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { manager } from '../../support/calls.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { bytes, mailSettings, raw } from './support.ts';

const staff = { managers: [manager('a', '101', { email: 'anna@our.example' })], lines: [] };
const sales: Where = { connection: 'sales', role: 'inbox', config: mailSettings(), staff };
const context = connectorContext('sales');
const arrived = Date.parse('2026-11-24T10:00:00Z');

async function eventsFor(letter: Uint8Array, where: Partial<Where> = {}) {
  const files = { blobs: context.blobs, maxFileBytes: 1000, log: context.log, jobs: inProcessJobs };
  return eventsOf(await readWhole(letter, arrived, files), { ...sales, ...where });
}

async function contactFor(letter: Uint8Array, where: Partial<Where> = {}): Promise<WrittenContact> {
  const [contact] = await eventsFor(letter, where);
  if (contact?.kind !== 'written') throw new Error('expected a written contact');
  return contact;
}

describe('parsing a letter', () => {
  it.each([
    ['koi8-r', 'f0d2c9d7c5d4'],
    ['windows-1251', 'cff0e8e2e5f2'],
    ['utf-8', 'd09fd180d0b8d0b2d0b5d182'],
    ['iso-8859-5', 'bfe0d8d2d5e2'],
  ])('decodes %s in body, encoded words and raw headers', async (charset, hex) => {
    const word = Buffer.from(hex, 'hex');
    const encoded = `=?${charset}?B?${word.toString('base64')}?=`;
    const { letter } = await parseLetter(
      raw(
        {
          from: `${encoded} <ivan@client.example>`,
          subject: encoded,
          'content-type': `text/plain; charset=${charset}`,
        },
        word,
      ),
    );
    expect(letter).toMatchObject({ subject: 'Привет', text: 'Привет', from: { name: 'Привет' } });
  });

  it.each([
    ['koi8-r', 'f3dec5d420cec120cec1d3cfd3d9'],
    ['windows-1251', 'd1f7e5f220ede020ede0f1eef1fb'],
  ])('guesses %s if the charset is not declared', async (_, hex) => {
    const text = Buffer.from(hex, 'hex');
    const head = Buffer.concat([Buffer.from('From: a@b.example\r\nSubject: '), text, Buffer.from('\r\n\r\n')]);
    const { letter } = await parseLetter(Buffer.concat([head, text]));
    expect(letter).toMatchObject({ subject: 'Счет на насосы', text: 'Счет на насосы' });
  });

  it('reads iso-2022-jp, and encoded words split inside a character', async () => {
    const japanese = { subject: '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=' };
    expect((await parseLetter(raw(japanese, ''))).letter.subject).toBe('日本');
    const all = Buffer.from('Счёт');
    const split = `=?utf-8?B?${all.subarray(0, 3).toString('base64')}?=\r\n =?utf-8?B?${all.subarray(3).toString('base64')}?=`;
    expect((await parseLetter(raw({ subject: split }, ''))).letter.subject).toBe('Счёт');
  });

  it('keeps an unparsable letter as a file', async () => {
    const deep = Array.from({ length: 300 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`);
    const contact = await contactFor(
      bytes(`From: ivan@client.example\r\nSubject: Deep\r\n${deep.join('\r\n')}\r\n\r\nx`),
    );
    expect(contact.attachments).toMatchObject([{ name: expect.stringMatching(/^message\.eml/) }]);
    expect(contact.subject).toBe('Deep');
  });

  it('reads a letter with fifty nested levels', async () => {
    const levels = Array.from({ length: 50 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`);
    const { letter } = await parseLetter(
      bytes(`Subject: Deep\r\n${levels.join('\r\n')}\r\nContent-Type: text/plain\r\n\r\nfound`),
    );
    expect(letter.text).toBe('found');
  });

  it('keeps files, and a note instead of a file that is too large', async () => {
    const contact = await contactFor(
      bytes(
        [
          'From: ivan@client.example',
          'Content-Type: multipart/mixed; boundary=x',
          '',
          '--x',
          'Content-Type: text/plain',
          '',
          'See both',
          '--x',
          'Content-Type: application/pdf',
          "Content-Disposition: attachment; filename*=utf-8''%D0%A1%D1%87%D1%91%D1%82.pdf",
          '',
          'pdf',
          '--x',
          'Content-Type: application/zip; name=big.zip',
          '',
          'z'.repeat(2000),
          '--x--',
        ].join('\r\n'),
      ),
    );
    expect(contact).toMatchObject({
      text: 'See both',
      attachments: [
        { name: 'Счёт.pdf', mime: 'application/pdf', bytes: 4 },
        { name: 'big.zip.txt', mime: 'text/plain' },
      ],
    });
  });

  it('converts HTML to text as people see it', () => {
    const html =
      '<style>p{}</style><p>Hello&nbsp;<b>Ivan</b></p><script>x</script><blockquote><div>old &lt;b&gt;</div></blockquote>';
    expect(htmlText(html)).toBe('Hello Ivan\n\n> old <b>');
  });
});

describe('identifying letters', () => {
  const same = { 'message-id': '<same@1c.example>', date: 'Tue, 24 Nov 2026 09:00:00 +0300' };

  it('gives a letter the same key on every path', async () => {
    const one = await contactFor(raw({ ...same, received: 'by mx1', to: 'sales@our.example' }, 'Hello  Ivan'));
    const two = await contactFor(raw({ ...same, received: 'by mx2', to: 'sales@our.example' }, 'Hello\r\nIvan'));
    expect(two.key).toBe(one.key);
    expect(one.sharedNames).toEqual([eventKey('mail', 'same@1c.example')]);
  });

  it('distinguishes letters that share a Message-ID or have none', async () => {
    const keys = await Promise.all(
      ['Invoice 1', 'Invoice 2'].flatMap((body) => [
        contactFor(raw(same, body)),
        contactFor(raw({ date: same.date }, body)),
      ]),
    );
    expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  });

  it('puts a conversation into one thread, whichever letter is read first', async () => {
    const first = await contactFor(raw({ 'message-id': '<1@client.example>' }, 'One'));
    const reply = await contactFor(
      raw(
        {
          'message-id': '<3@client.example>',
          references: '<1@client.example> <2@our.example>',
          'in-reply-to': '<2@our.example>',
        },
        '',
      ),
    );
    expect(reply.thread).toBe(first.thread);
    expect(reply.answers).toEqual([eventKey('mail', '2@our.example'), eventKey('mail', '1@client.example')]);
  });
});

describe('the direction of a letter', () => {
  const directions = [
    ['from outside', { from: 'ivan@client.example', to: 'sales@our.example' }, 'inbound', 'ivan@client.example'],
    [
      'from ours to outside',
      { from: 'anna@our.example', to: 'ivan@client.example' },
      'outbound',
      'ivan@client.example',
    ],
    [
      'from ours, a client in copy',
      { from: 'sales@our.example', to: 'anna@our.example', cc: 'ivan@client.example' },
      'outbound',
      'ivan@client.example',
    ],
    ['from ours to ours', { from: 'anna@our.example', to: 'sales@our.example' }, 'internal', 'anna@our.example'],
    [
      "a site's form",
      { from: 'sales@our.example', to: 'sales@our.example', 'reply-to': 'visitor@mail.example' },
      'inbound',
      'visitor@mail.example',
    ],
  ] as const;

  it.each(directions)('%s', async (_, headers, direction, email) => {
    expect(await contactFor(raw(headers, ''))).toMatchObject({ direction, party: { email } });
  });

  it('recognises our addresses by a whole domain, and our sender', async () => {
    const config = mailSettings({ addresses: ['@our.example'] });
    const contact = await contactFor(raw({ from: '1c@our.example', to: 'ivan@client.example' }, ''), { config });
    expect(contact).toMatchObject({
      direction: 'outbound',
      state: 'sent',
      from: '1c@our.example',
      line: '1c@our.example',
    });
  });

  it('accepts only our Sent folder as proof that we sent a letter', async () => {
    const id = '01999999-0000-7000-8000-000000000001';
    const headers = {
      from: 'sales@our.example',
      to: 'ivan@client.example',
      'message-id': `<patchbay.${id}@our.example>`,
    };
    expect((await contactFor(raw(headers, ''), { role: 'sent' })).aliases).toEqual([outboundKey(id as InteractionId)]);
    expect((await contactFor(raw(headers, ''))).aliases).toEqual([]);
  });
});

describe('automatic letters', () => {
  it.each([
    [{ 'auto-submitted': 'auto-replied' }, 'auto_reply'],
    [{ 'auto-submitted': 'no' }, null],
    [{ subject: '=?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiDQsiDQvtGC0L/Rg9GB0LrQtQ==?=' }, 'auto_reply'],
    [{ 'list-id': '<news.example>' }, 'list'],
    [{ precedence: 'bulk' }, 'list'],
    [{ 'x-spam-flag': 'YES' }, 'spam'],
  ] as const)('are recognised: %o', async (headers, automatic) => {
    expect((await contactFor(raw(headers, ''))).automatic).toBe(automatic);
  });

  it('report each recipient of a bounced letter', async () => {
    const bounce = bouncedFor(
      statusOf('ivan@client.example', 'failed', '5.1.1', '550 no such\r\n user'),
      statusOf('petr@client.example', 'delayed', '4.2.2', '450 later'),
      statusOf('olga@client.example', 'failed', '5.2.2', '552 full'),
    );
    const [contact, report] = await eventsFor(bytes(bounce));
    expect(contact).toMatchObject({ automatic: 'bounce', answers: [eventKey('mail', 'ours@our.example')] });
    expect(report).toMatchObject({
      kind: 'report',
      key: eventKey('mail', 'ours@our.example'),
      state: 'failed',
      problem:
        'the letter did not reach everybody: ivan@client.example: the letter came back (5.1.1): 550 no such user; olga@client.example: the letter came back (5.2.2): 552 full',
      problemReason: {
        code: 'cameBackFromSome',
        values: { each: [{ code: 'cameBack', values: { address: 'ivan@client.example', status: '5.1.1' } }, {}] },
      },
      undeliverable: [
        { email: 'ivan@client.example', status: '5.1.1', why: '550 no such user' },
        { email: 'olga@client.example', status: '5.2.2', why: '552 full' },
      ],
    });
  });

  it.each([
    ['a code in the text if the status is unspecific', 'failed', '5.0.0', '550 5.1.1 no such user', '5.1.1'],
    ['no code anywhere', 'failed', '5.0.0', 'all hosts failed for a long time', '5.0.0'],
    ['a temporary failure given up on', 'failed', '4.4.7', '450 later', null],
    ['only late', 'delayed', '4.0.0', '450 later', null],
    ['a letter that is too large', 'failed', '5.3.4', '552 too large', null],
    ['a letter taken for spam', 'failed', '5.7.1', '554 looks like spam', null],
  ])('report whether an address is dead: %s', async (_, action, status, words, dead) => {
    const [, report] = await eventsFor(bytes(bouncedFor(statusOf('ivan@client.example', action, status, words))));
    const undeliverable = report?.kind === 'report' ? (report.undeliverable ?? []) : [];
    expect(undeliverable).toEqual(dead === null ? [] : [{ email: 'ivan@client.example', status: dead, why: words }]);
  });

  it('report the original recipient as dead, not the forwarding target', async () => {
    const status = statusOf('hidden@elsewhere.example', 'failed', '5.1.1', '550 no such user');
    const forwarded = `\r\nOriginal-Recipient: rfc822;Ivan@client.example${status}`;
    const [, report] = await eventsFor(bytes(bouncedFor(forwarded)));
    expect(report).toMatchObject({ undeliverable: [{ email: 'ivan@client.example' }] });
  });
});

/** The part of a bounce about one recipient. */
function statusOf(who: string, action: string, status: string, words: string): string {
  return `\r\nFinal-Recipient: rfc822; ${who}\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; ${words}\r\n`;
}

/** A bounced letter of ours as in RFC 3464. */
function bouncedFor(...recipients: readonly string[]): string {
  return [
    'From: Mail Delivery System <mailer-daemon@mx.example>',
    'To: sales@our.example',
    'Message-ID: <bounce@mx.example>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    '',
    '--x',
    '',
    'It did not work.',
    '--x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    ...recipients,
    '--x',
    'Content-Type: message/rfc822',
    '',
    'Message-ID: <ours@our.example>',
    'Subject: Offer',
    '',
    'Offer',
    '--x--',
  ].join('\r\n');
}

describe('quoted history', () => {
  it.each([
    ['Ten.\n\nOn Tue, 24 Nov 2026 at 09:00, Ivan <i@c.example> wrote:\n> How much?\n> ', 'Ten.'],
    ['Десять.\n\nвт, 24 нояб. 2026 г. в 09:00, Иван <i@c.example>:\n\n> Сколько?', 'Десять.'],
    ['Ten\n\n-----Original Message-----\nFrom: Ivan\nSent: today\n\nHow much?', 'Ten'],
    [
      'Десять\n\nОт: Иван <i@c.example>\nОтправлено: сегодня\nКому: sales@our.example\nТема: Насосы\n\nСколько?',
      'Десять',
    ],
    ['> How much?\nTen.\n> When?\nToday.', '> How much?\nTen.\n> When?\nToday.'],
    ['> only a quotation', '> only a quotation'],
    ['Ivan wrote:\n> How much?\nTen.', 'Ivan wrote:\n> How much?\nTen.'],
  ])('is separated from %j', (text, own) => {
    expect(foldQuoted(text).own).toBe(own);
  });
});
