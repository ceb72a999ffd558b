import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/connectors/mail/parse/charset/decode.ts';
import { decodeWords } from '../../../../src/connectors/mail/parse/mime/words.ts';
import { type Charset, encodeAs } from '../../../../src/runtime/charsets/single-byte.ts';
import { bytes } from '../support.ts';

const russian = 'Добрый день! Нужен счёт на 20 тонн';
const encoded = (text: string, charset: Charset) => encodeAs(text, charset) as Uint8Array;
const hex = (text: string) => Buffer.from(text, 'hex');

describe('a charset', () => {
  it.each([
    ['win-1251', 'windows-1251'],
    ['windows1251', 'windows-1251'],
    ['x-cp1251', 'windows-1251'],
    ['ansi', 'windows-1251'],
    ['us-ascii', 'windows-1251'],
    ['iso-8859-1', 'windows-1251'],
    ['unknown-8bit', 'koi8-r'],
    ['koi8r', 'koi8-r'],
    ['KOI8', 'koi8-r'],
    ['utf-8', 'windows-1251'],
    ['koi8-r', 'windows-1251'],
    ['windows-1251', 'koi8-r'],
    ['dos-866', 'ibm866'],
    ['', 'ibm866'],
    ['mac-cyrillic', 'x-mac-cyrillic'],
    ['', 'x-mac-cyrillic'],
  ] as const)('labelled %j that is %s is read', (label, charset) => {
    expect(decodeText(encoded(russian, charset), label)).toBe(russian);
  });

  it.each(['utf-8mb4', 'unicode-1-1-utf-8', 'windows-1251', 'iso-8859-1', 'gb2312', 'us-ascii', 'none', ''])(
    'labelled %j that is UTF-8 is read once',
    (label) => {
      expect(decodeText(bytes(russian), label)).toBe(russian);
      expect(decodeText(bytes('Grüße, ça va?'), label === 'gb2312' ? 'utf8' : label)).toBe('Grüße, ça va?');
    },
  );

  it.each([
    ['gb2312', 'c4e3bac3a3acc7ebb8f8ced2bca8bcdb', '你好，请给我绩价'],
    ['', 'c4fabac3a3acced2c3c7d0e8d2aab1a8bcdb', '您好，我们需要报价'],
    ['big5', 'a741a66e', '你好'],
    ['', 'b17aa66eb36fac4fa7daaabaa9caa6ec', '您好這是我的性位'],
    ['ks_c_5601-1987', 'bec8b3e7c7cfbcbcbfe4', '안녕하세요'],
    ['', 'bec8b3e7c7cfbcbcbfe420c1a6c7b0b0a1b0dd', '안녕하세요 제품가격'],
    ['', '82a882cd82e682a482b282b482a282dc82b7', 'おはようございます'],
    ['iso-2022-jp', '1b2442467c4b5c1b2842', '日本'],
    ['', '1b2442467c4b5c1b2842', '日本'],
    ['hz-gb-2312', '7e7b44633a437e7d', '你好'],
    ['iso-2022-kr', '1b2429430e3e4833670f', '안녕'],
    ['cp437', '81', 'ü'],
    ['utf-7', Buffer.from('+BB8EQAQ4BDIENQRC-').toString('hex'), 'Привет'],
  ])('labelled %j of %s has no damaged characters', (label, text, expected) => {
    const decoded = decodeText(hex(text), label);
    expect(decoded).not.toContain('\ufffd');
    expect(decoded).toBe(expected);
  });

  it('is Western European where the accents are few', () => {
    expect(decodeText(encoded('Une réponse à ça', 'windows-1252'), null)).toBe('Une réponse à ça');
    expect(decodeText(encoded('Größe: 3 Stück, für Müller', 'windows-1252'), 'iso-8859-1')).toBe(
      'Größe: 3 Stück, für Müller',
    );
  });
});

describe('encoded words', () => {
  it.each([
    ['=?utf-8?B?0JjQstCw0L0=?= =?utf-8?B?INCf0LXRgtGA0L7Qsg==?=', 'Иван Петров'],
    ['=?utf-8?Q?What=3F?= ok', 'What? ok'],
    ['=?utf-8?Q?How are you??=', 'How are you?'],
    ['=?windows-1251?Q?Иван_Примеров?=', 'Иван Примеров'],
    ['=?utf-8?B?0JjQstCw0L0', 'Иван'],
    ['=?win-1251?B?yOLg7Q==?=', 'Иван'],
    ['=?utf-8*ru?Q?=D0=98?=', 'И'],
    ['a =?b', 'a =?b'],
    ['Price =?= 5', 'Price =?= 5'],
  ])('%s', (words, text) => {
    expect(decodeWords(words)).toBe(text);
  });
});
