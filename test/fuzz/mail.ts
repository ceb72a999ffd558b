import { parseAddresses } from '../../src/connectors/mail/parse/addresses.ts';
import { eventText } from '../../src/connectors/mail/parse/calendar.ts';
import { decodeText } from '../../src/connectors/mail/parse/charset/decode.ts';
import { openCms } from '../../src/connectors/mail/parse/cms.ts';
import { enrichedText } from '../../src/connectors/mail/parse/enriched.ts';
import { flowedText } from '../../src/connectors/mail/parse/flowed.ts';
import { structured } from '../../src/connectors/mail/parse/mime/parameters.ts';
import { splitUuencoded } from '../../src/connectors/mail/parse/mime/uuencode.ts';
import { decodeWords } from '../../src/connectors/mail/parse/mime/words.ts';
import { withoutPgpSignature } from '../../src/connectors/mail/parse/pgp.ts';
import type { FuzzTarget } from './targets.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const words = ['=?utf-8?B?', '=?koi8-r?q?', '=?', '?=', '0J/R', '=D0=9F', ' ', '\r\n '];

/** Labels that are decoded in different ways. An input has one of them, whatever its length. */
const labels = [null, 'utf-8', 'iso-2022-kr', 'utf-7', 'gb2312', 'latin1', 'koi8-r', 'hz-gb-2312'] as const;

/** The parsers of parts of letters. */
export const mailTargets: readonly FuzzTarget[] = [
  {
    name: 'CMS',
    words: [
      '\x30\x80',
      '\x30\x84\xff\xff\xff\xff',
      '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02',
      '\xa0\x80',
      '\x24\x80',
      '\x04\x05',
      '\0\0',
    ],
    read: (input) => openCms(bytesOf(`\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80${input}`)),
  },
  {
    name: 'calendar',
    words: [
      'BEGIN:VEVENT\r\n',
      'END:VEVENT\r\n',
      'SUMMARY:',
      'DTSTART;TZID="',
      ';CN=',
      ':20261125T100000Z',
      '\r\n ',
      '\\n',
      'BEGIN:VALARM\r\n',
    ],
    read: (input) => eventText(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${input}`),
  },
  {
    name: 'enriched text',
    words: ['<param>', '</param>', '<bold>', '<<', '<nl>', '\n', '\n\n', '<comment>'],
    read: (input) => [enrichedText(input, false), enrichedText(input, true)],
  },
  { name: 'flowed text', words: ['> ', '>', ' \r\n', '-- \r\n', '\r\n'], read: (input) => flowedText(input, true) },
  {
    name: 'uuencode',
    words: ['begin 644 a.txt\n', 'begin-base64 644 a\n', 'end\n', '====\n', '`\n', 'M:6YV;VEC\n', '#86)C\n'],
    read: splitUuencoded,
  },
  {
    name: 'PGP signature',
    words: [
      '-----BEGIN PGP SIGNED MESSAGE-----\n',
      'Hash: SHA256\n',
      '\n',
      '- ',
      '-----BEGIN PGP SIGNATURE-----\n',
      '-----END PGP SIGNATURE-----\n',
    ],
    read: withoutPgpSignature,
  },
  { name: 'encoded words', words, read: decodeWords },
  {
    name: 'header parameters',
    words: [...words, 'text/plain', ';', 'charset=', 'filename*0*=', "utf-8''", '%D0', '"', '\\', '(', ')'],
    read: (input) => [...structured(input).parameters],
  },
  {
    name: 'addresses',
    words: [
      ...words,
      '<',
      '>',
      '"',
      ',',
      ';',
      ':',
      '@',
      'a@b.example',
      'mailto:',
      '(',
      ')',
      '\\',
      'xn--80a1acny.xn--p1ai',
    ],
    read: (input) => parseAddresses([input]),
  },
  {
    name: 'charsets',
    words: [
      '\xcf\xf0\xe8\xe2\xe5\xf2',
      '\xf0\xd2\xc9\xd7\xc5\xd4',
      '\xd0\x9f',
      '\x1b$B',
      '\x1b(B',
      '~{',
      '\xff\xfe',
      '+BB8-',
    ],
    read: (input) => decodeText(bytesOf(input), labels[input.charCodeAt(0) % labels.length]),
  },
];
