import { safeHtml } from '../../src/api/letters/safe-html.ts';
import { parseEnvironment } from '../../src/connectors/asterisk/agi/request.ts';
import { AmiError } from '../../src/connectors/asterisk/ami/errors.ts';
import { AmiParser } from '../../src/connectors/asterisk/ami/parser.ts';
import { parseCdrLine } from '../../src/connectors/asterisk/record/csv.ts';
import { readTranscript } from '../../src/connectors/asterisk/transcripts/read.ts';
import { UnboundedLetterError } from '../../src/connectors/mail/parse/bounds.ts';
import { htmlText } from '../../src/connectors/mail/parse/html-text.ts';
import { ownTextOf } from '../../src/connectors/mail/parse/own-text.ts';
import { readLetter } from '../../src/connectors/mail/parse/read.ts';
import { rtfText } from '../../src/connectors/mail/parse/rtf.ts';
import { unpackTnef } from '../../src/connectors/mail/parse/tnef.ts';
import { readHistoryCsv } from '../../src/connectors/vats/history/csv.ts';
import { readForm as readEventForm } from '../../src/crm/bitrix24/events/read-form.ts';
import { searchWords } from '../../src/domain/directory/search-words.ts';
import { indexWords } from '../../src/domain/search/index-words.ts';
import { conditionsOf } from '../../src/domain/search/question.ts';
import { hitsIn } from '../../src/domain/search/snippet.ts';
import { defaultFormSettings } from '../../src/domain/written/form-settings.ts';
import { foldQuoted, ownWords } from '../../src/domain/written/quoted/fold.ts';
import { answeredSubject } from '../../src/domain/written/subject-thread.ts';
import { identifiersIn } from '../../src/domain/written/suggestions.ts';
import { FormTooLargeError, fieldsOfJson, fieldsOfPairs } from '../../src/forms/reading/fields.ts';
import { readSubmission } from '../../src/forms/reading/submission.ts';
import { CsvReader } from '../../src/matching/import/csv-reader.ts';
import { NdjsonReader } from '../../src/matching/import/ndjson-reader.ts';
import { ImportFormatError, type RowOutcome } from '../../src/matching/import/outcome.ts';
import { parseJson } from '../../src/runtime/http/fields.ts';
import { casesOf } from './cases.ts';
import { mailTargets } from './mail.ts';
import { messageTargets } from './messages.ts';

/** A parser of outside text. */
export interface FuzzTarget {
  readonly name: string;
  /** Fragments of its language. */
  readonly words: readonly string[];
  /** Parses an input; returns the result. */
  readonly read: (input: string) => unknown;
  /** Genuine inputs, which are damaged at random. The thread of the trials, which is a bundle without files beside it, does not read them. */
  readonly cases?: () => readonly string[];
  /** Whether this error is a legitimate rejection of an input. */
  readonly refuses?: (error: unknown) => boolean;
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const crlf = '\r\n';
const tags = [
  '<b>',
  '</b>',
  '<p ',
  '<div class="gmail_quote">',
  '<blockquote>',
  '</blockquote>',
  '<br>',
  '<a href="',
  '<img src=',
  '<!--',
  '-->',
  '<table>',
  '<tr>',
  '<td',
  '<style>',
  'style="color:rgb(',
  '<svg>',
  '&amp;',
  '&#x',
  '<script>',
  '</',
  '<?',
  '<![CDATA[',
  '<blockquote type="cite">',
  '<div id="appendonsend">',
  '<div class="moz-cite-prefix">',
  '<td bgcolor="#0000ff">',
  '<pre>',
];
const quotes = [
  'On Tue, Ivan wrote:',
  '2024-01-31 12:00 ',
  '<a@b.example>:',
  '-----Original Message-----',
  'From: a',
  'Sent: b',
  'To: c',
  'Ivan пишет:',
  '________________________________',
  '-- ',
  '> ',
  ':',
  'вт, 15 сент. 2026 г. в 14:41, ',
  'Am 15.09.2026 um 14:41 schrieb ',
  'From: a <a@b.example>',
  '---------- Forwarded message ---------',
  'Ответ на письмо от 15.09.2026',
  'ответы ниже',
  '\n',
];
const phones = ['+7', '8 (916) ', '123-45-67', 'тел.', 'доб. 12', 'a@b.ru', 'https://', 'wa.me/', 'www.', '@', 'ИНН '];
const headers = [
  'Date: ',
  'Subject: ',
  'From: ',
  'To: ',
  'Cc: ',
  'References: ',
  'Content-Type: ',
  'multipart/mixed; boundary=x',
  'text/html',
  'text/plain; charset=',
  'utf-8',
  'koi8-r',
  'utf-7',
  '; format=flowed',
  'message/rfc822',
  'message/delivery-status',
  'application/ms-tnef',
  'Content-Transfer-Encoding: base64',
  'quoted-printable',
  'Content-Disposition: attachment; filename*0=',
  '--x',
  '--x--',
  '=?utf-8?B?',
  '=?utf-8?q?',
  '?=',
  '<a@b.example>',
  'Re: ',
  '=20',
  '=\r\n',
];
const fields = [
  'name',
  'phone',
  'email',
  '=',
  '&',
  '%D0',
  'utm_source',
  'a[b][0]',
  '"',
  '{',
  '"a":',
  '[',
  'page=https://',
  '_pb_',
  'payment',
  '[products][]',
  '[value]',
  '[title]',
  '[]',
  'rawRequest',
  '"form_response":',
  '"answers":',
  '"q":',
  '"value":',
  'No Label ',
  'Powered by=Elementor',
  'extra',
  'utm.source',
];

const readForm = (found: ReturnType<typeof fieldsOfJson>) =>
  found === null ? null : readSubmission(found, defaultFormSettings, { country: 'RU', referer: null, now: 0 });

/** Every parser tried by `npm run fuzz`. */
export const targets: readonly FuzzTarget[] = [
  {
    name: 'letter',
    words: [...headers, crlf, `${crlf}${crlf}`, ...tags, ...quotes],
    cases: () => casesOf('letters'),
    read: (input) => readLetter.run(bytesOf(input)),
    refuses: (error) =>
      error instanceof UnboundedLetterError ||
      /^Maximum (MIME nesting depth|header size)/.test(String((error as Error).message)),
  },
  { name: 'safe HTML', words: tags, read: (input) => safeHtml(input, { inline: new Map(), remote: true }) },
  { name: 'HTML as text', words: tags, read: htmlText },
  { name: 'quotations', words: quotes, cases: () => casesOf('quoted'), read: foldQuoted },
  { name: 'own words', words: quotes, cases: () => casesOf('quoted'), read: ownWords },
  {
    name: 'quotations in HTML',
    words: [...tags, ...quotes],
    cases: () => casesOf('quoted'),
    read: (html) => ownTextOf({ text: '', html, answers: ['1@b.example'], subject: null }),
  },
  {
    name: 'identifiers',
    words: [...phones, ...quotes],
    cases: () => casesOf('quoted'),
    read: (input) => identifiersIn(input, 'RU'),
  },
  { name: 'subjects', words: ['re', 'fw', ':', '[2]', 'отв'], read: (input) => answeredSubject(input) },
  { name: 'search words', words: phones, read: searchWords },
  {
    name: 'words of texts',
    words: [...phones, ...quotes],
    cases: () => casesOf('quoted'),
    read: (input) => indexWords([input]),
  },
  { name: 'search question', words: phones, cases: () => casesOf('quoted'), read: conditionsOf },
  {
    name: 'snippet',
    words: [...phones, ...quotes],
    cases: () => casesOf('quoted'),
    read: (input) => hitsIn(input, conditionsOf(input.slice(0, 300))),
  },
  {
    name: 'form pairs',
    words: [...fields, ...phones],
    cases: () => casesOf('forms'),
    read: (input) => readForm(fieldsOfPairs(new URLSearchParams(input))),
    refuses: (error) => error instanceof FormTooLargeError,
  },
  {
    name: 'form JSON',
    words: [...fields, ...phones],
    cases: () => casesOf('forms'),
    read: (input) =>
      readForm(fieldsOfJson(parseJson(input) ?? { payment: input, rawRequest: input, [input.slice(0, 100)]: input })),
    refuses: (error) => error instanceof FormTooLargeError,
  },
  {
    name: "form of a portal's event",
    words: ['event=ONAPPINSTALL', '&data', '[FIELDS]', '[0]', '[]', '[', ']', '=', '&', '%5B', '%5D', '__proto__', 'a'],
    read: (input) => readEventForm(Buffer.from(input)),
  },
  {
    name: 'subtitles',
    words: [
      'WEBVTT',
      '1',
      '00:00:01.000 --> 00:00:02,500',
      ' --> ',
      '<v Client>',
      '<v.loud ',
      '<00:01.5>',
      '<',
      '>',
      '&amp;',
      '\n',
      '\n\n',
    ],
    read: (input) => readTranscript.run({ kind: 'vtt', text: input }),
  },
  {
    name: 'transcript in JSON',
    words: [
      '{"segments":[',
      '{"transcription":[',
      '"start":1.5',
      '"offsets":{"from":1',
      '"text":"',
      '\\',
      '"',
      '}',
      ']',
      ',',
      '12345678901234567',
    ],
    read: (input) => readTranscript.run({ kind: 'json', text: input }),
  },
  {
    name: 'AMI',
    words: [
      'Event: Hangup',
      'Response: Follows',
      '--END COMMAND--',
      'ActionID: 1',
      'Uniqueid: ',
      crlf,
      `${crlf}${crlf}`,
      'Variable: a=b',
    ],
    read: (input) => {
      const found: unknown[] = [];
      const parser = new AmiParser({ onMessage: (message) => found.push(message) });
      parser.push(`Asterisk Call Manager/9.0.0${crlf}`);
      const bytes = Buffer.from(input);
      for (let at = 0; at < bytes.length; at += 1000) parser.push(bytes.subarray(at, at + 1000));
      return found;
    },
    refuses: (error) => error instanceof AmiError,
  },
  {
    name: 'AGI question',
    words: ['agi_network_script: a?b=c', 'agi_callerid: ', 'agi_uniqueid: 1', '\n', '&', '%20'],
    read: parseEnvironment,
  },
  {
    name: 'call record line',
    words: ['"', '""', ',', '2026-11-24 09:00:00', 'ANSWERED', 'PJSIP/101-1'],
    read: (input) => parseCdrLine(input, Date.parse),
  },
  {
    name: 'CSV import',
    words: ['id;name;phone', '"', '""', ';', ',', '\t', '\n', ...phones],
    read: (input) => {
      const reader = new CsvReader('RU');
      return accepted([...reader.push(Buffer.from(`id;name;phone;email\n${input}`)), ...reader.end()]);
    },
    refuses: (error) => error instanceof ImportFormatError,
  },
  {
    name: 'list of ended calls',
    words: [
      'UID,type,client,account,via,start,wait,duration,record',
      'a1,in,79161234567,anna,',
      ',',
      '"',
      '""',
      '\r\n',
      '\n',
      ...phones,
    ],
    read: readHistoryCsv,
  },
  {
    name: 'NDJSON import',
    words: ['{"id":"', '"}', '"name":', '"identifiers":[', '\n', '{', '[', ...phones],
    read: (input) => {
      const reader = new NdjsonReader('RU');
      return accepted([...reader.push(Buffer.from(input)), ...reader.end()]);
    },
    refuses: (error) => error instanceof ImportFormatError,
  },
  {
    name: 'RTF',
    words: ['{\\rtf1', '\\par', "\\'e0", '\\u1234', '\\uc', '{', '}', '\\*', '\\ansicpg1251'],
    read: (input) => rtfText(bytesOf(input)),
  },
  {
    name: 'TNEF',
    words: [
      '\x78\x9f\x3e\x22',
      '\x02\x03\x90\x06\0',
      '\x01\x05\x90\x06\0',
      '\x0f\x80',
      '\xff\xff\xff\x7f',
      '\x1e\0\x01\x37',
      '\x04\0\0\0',
    ],
    read: (input) => unpackTnef(bytesOf(`\x78\x9f\x3e\x22\0\0${input}`)),
  },
  ...mailTargets,
  ...messageTargets,
];

/** An import keeps only the first refused rows and counts the others, so their descriptions are not part of its result. */
function accepted(rows: readonly RowOutcome[]): readonly RowOutcome[] {
  return rows.filter(({ ok }) => ok);
}
