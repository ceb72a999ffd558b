import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseLetter } from '../../../../src/connectors/mail/parse/letter.ts';
import { notes } from '../../../../src/connectors/mail/parse/notes.ts';
import { raw } from '../support.ts';

const part = (type: string, body: string, more = '') => `--x\r\nContent-Type: ${type}\r\n${more}\r\n${body}\r\n`;
const multipart = (kind: string, ...parts: readonly string[]) =>
  raw({ 'content-type': `multipart/${kind}; boundary=x` }, `${parts.join('')}--x--\r\n`);
/** An element of DER. */
const der = (tag: number, ...content: readonly Uint8Array[]) => {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
};
/** A message of CMS whose type ends with these bytes. */
const cms = (type: readonly number[], content: Uint8Array) => {
  const contentType = der(0x06, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, ...type));
  const data = der(0x30, contentType, der(0xa0, der(0x04, content)));
  const set = der(0x31);
  return der(0x30, contentType, der(0xa0, der(0x30, der(0x02, Uint8Array.of(1)), set, data)));
};
const smime = (message: Uint8Array) =>
  raw(
    { 'content-type': 'application/pkcs7-mime; name=smime.p7m', 'content-transfer-encoding': 'base64' },
    Buffer.from(message).toString('base64'),
  );

describe('the structure of a letter', () => {
  it('has its words in the best format, and nothing twice', async () => {
    const { letter, files } = await parseLetter(
      multipart(
        'alternative',
        part('text/plain', 'Plain'),
        part('text/x-amp-html', '<p>AMP</p>'),
        part('text/enriched', '<bold>Rich</bold>'),
        part('text/html', '<p>Html</p>'),
      ),
    );
    expect(letter).toMatchObject({ text: 'Plain', html: '<p>Html</p>\n' });
    expect(files).toEqual([]);
  });

  it.each([
    ['text/markdown', '**Hello** Ivan', '**Hello** Ivan'],
    ['text/enriched', '<bold>Hello</bold>\r\nIvan<<3\r\n\r\nBye', 'Hello Ivan<3\nBye'],
    ['text', 'Hello', 'Hello'],
    ['html', '<p>Hello</p>', '<p>Hello</p>'],
    ['text/x-unknown', 'Hello', 'Hello'],
    ['application/rtf', '{\\rtf1 Hello}', 'Hello'],
    ['text/plain; format=flowed', 'One \r\ntwo\r\n> a \r\n> b', 'One two\n> a b'],
  ])('is text if its type is %s', async (type, body, text) => {
    const { letter } = await parseLetter(raw({ 'content-type': type }, body));
    expect(type === 'html' ? letter.html?.trim() : letter.text).toBe(text);
  });

  it('decodes each part by its own charset', async () => {
    const russian = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
    const { letter } = await parseLetter(
      multipart(
        'mixed',
        part('text/plain', russian('cff0e8e2e5f2'), 'Content-Transfer-Encoding: base64\r\n'),
        part('text/plain; charset=koi8r', russian('f0d2c9d7c5d4'), 'Content-Transfer-Encoding: base64\r\n'),
      ),
    );
    expect(letter.text.split(/\s+/)).toEqual(['Привет', 'Привет']);
  });

  it('opens what S/MIME only signs or compresses, and says what it encrypts', async () => {
    const inner = Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\nНужен счёт');
    expect((await parseLetter(smime(cms([7, 2], inner)))).letter.text).toBe('Нужен счёт');
    const compressed = cms([9, 16, 1, 9], deflateSync(inner));
    expect((await parseLetter(smime(compressed))).letter.text).toBe('Нужен счёт');
    const encrypted = await parseLetter(smime(cms([7, 3], inner)));
    expect(encrypted.letter).toMatchObject({ text: '', notes: [notes.encrypted] });
    expect(encrypted.files).toMatchObject([{ name: 'smime.p7m' }]);
  });

  it('opens signed content of indefinite length in pieces', async () => {
    const inner = Buffer.from('Content-Type: text/plain\r\n\r\nHello');
    const oid = (last: number) => der(0x06, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 7, last));
    const open = (tag: number, ...content: readonly Uint8Array[]) =>
      Buffer.concat([Uint8Array.of(tag, 0x80), ...content, Uint8Array.of(0, 0)]);
    const pieces = open(0x24, der(0x04, inner.subarray(0, 10)), der(0x04, inner.subarray(10)));
    const data = open(0x30, oid(1), open(0xa0, pieces));
    const message = open(0x30, oid(2), open(0xa0, open(0x30, der(0x02, Uint8Array.of(1)), der(0x31), data)));
    expect((await parseLetter(smime(message))).letter.text).toBe('Hello');
  });

  it('removes a PGP signature, and says that a PGP message is encrypted', async () => {
    const signed =
      '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nHello\r\n- -- \r\nIvan\r\n-----BEGIN PGP SIGNATURE-----\r\nabc\r\n-----END PGP SIGNATURE-----';
    expect((await parseLetter(raw({}, signed))).letter.text).toBe('Hello\n-- \nIvan');
    const encrypted = multipart('encrypted', part('application/pgp-encrypted', 'Version: 1'));
    expect((await parseLetter(encrypted)).letter.notes).toEqual([notes.encrypted]);
  });

  it('says in words to what an invitation invites', async () => {
    const event = [
      'BEGIN:VCALENDAR',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'SUMMARY:Замер\\, 2 этаж',
      'DTSTART;TZID=Europe/Moscow:20261125T100000',
      'DTEND;TZID=Europe/Moscow:20261125T113000',
      'LOCATION:Ленина 1',
      'ORGANIZER;CN="Иван":mailto:ivan@client.example',
      'BEGIN:VALARM',
      'DESCRIPTION:Alarm',
      'END:VALARM',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');
    const { letter, files } = await parseLetter(multipart('mixed', part('text/calendar; charset=utf-8', event)));
    expect(letter.notes).toEqual([
      'Приглашение / Invitation: Замер, 2 этаж\nКогда / When: 25.11.2026 10:00–11:30 (Europe/Moscow)\nГде / Where: Ленина 1\nОрганизатор / Organiser: Иван <ivan@client.example>',
    ]);
    expect(files).toMatchObject([{ mime: 'text/calendar' }]);
  });

  it('says how many files were left out', async () => {
    const { letter, files } = await parseLetter(
      multipart('mixed', ...Array.from({ length: 203 }, (_, i) => part(`image/png; name=${i}.png`, 'x'))),
    );
    expect(files).toHaveLength(200);
    expect(letter.notes).toEqual([notes.moreFiles(3)]);
  });

  it('takes uuencoded files out of the text, and leaves what only begins like one', async () => {
    const { letter, files } = await parseLetter(
      raw({}, 'See\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\nbegin 644 of the week\r\nBye'),
    );
    expect(letter.text.split(/[\r\n]+/)).toEqual(['See', 'begin 644 of the week', 'Bye']);
    expect(files.map(({ name, content }) => [name, Buffer.from(content).toString()])).toEqual([['a.txt', 'abc']]);
  });

  it.each([
    ['an empty name', 'Content-Disposition: attachment; filename=""\r\n', 'image.png'],
    ['a name in raw windows-1251', 'Content-Disposition: attachment; filename="\xd1\xf7\xe5\xf2.png"\r\n', 'Счет.png'],
    [
      'a percent-encoded name',
      'Content-Disposition: attachment; filename="%D0%A1%D1%87%D1%91%D1%82.png"\r\n',
      'Счёт.png',
    ],
    ['a path of Windows', 'Content-Disposition: attachment; filename="C:\\a\\b.png"\r\n', 'C:_a_b.png'],
    ['a name without quotes', 'Content-Disposition: attachment; filename=my photo.png\r\n', 'my photo.png'],
  ])('names a file with %s', async (_, header, name) => {
    const letter = multipart('mixed', part('image/png', 'x', header));
    const { files } = await parseLetter(Buffer.from(Buffer.from(letter).toString('utf8'), 'latin1'));
    expect(files.map((one) => one.name)).toEqual([name]);
  });

  it('finds the end of headers without an empty line, and lines that end as on old Macs', async () => {
    const gap = await parseLetter(Buffer.from('From: a@b.example\r\nSubject: Hi\r\n \r\nText: 5 pieces'));
    expect(gap.letter).toMatchObject({ subject: 'Hi', text: 'Text: 5 pieces' });
    const none = await parseLetter(Buffer.from('From: a@b.example\r\nSubject: Hi\r\nGood day,\r\nIvan'));
    expect(none.letter).toMatchObject({ subject: 'Hi', text: 'Good day,\nIvan' });
    const mac = await parseLetter(Buffer.from('From: a@b.example\rSubject: Hi\r\rGood day'));
    expect(mac.letter).toMatchObject({ subject: 'Hi', text: 'Good day' });
  });
});
