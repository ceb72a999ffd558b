/** A letter that parsers have been slow on, or might be. The name says what it contains, up to the size limit of a mailbox. */
export interface HostileLetter {
  readonly name: string;
  readonly raw: Uint8Array;
}

const crlf = '\r\n';
const mebibyte = 1024 * 1024;

const times = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));

/** A letter with its own sender address, so that tests find it. Without a Date header its date is that of arrival. */
function letter(name: string, headers: readonly string[], body: string): HostileLetter {
  const own = ['From', 'Message-ID', 'Subject'].filter(
    (one) => !headers.some((header) => header.toLowerCase().startsWith(`${one.toLowerCase()}:`)),
  );
  const usual: Readonly<Record<string, string>> = {
    From: `From: <${name}@evil.example>`,
    'Message-ID': `Message-ID: <${name}@evil.example>`,
    Subject: `Subject: ${name}`,
  };
  const head = [...own.map((one) => usual[one]), 'To: sales@our.example', 'MIME-Version: 1.0', ...headers];
  return { name, raw: Buffer.from(`${head.join(crlf)}${crlf}${crlf}${body}`, 'latin1') };
}

const html = (name: string, body: string) => letter(name, ['Content-Type: text/html; charset=utf-8'], body);
const text = (name: string, body: string, more = '') =>
  letter(name, [`Content-Type: text/plain; charset=utf-8${more}`], body);
const mixed = (name: string, body: string) => letter(name, ['Content-Type: multipart/mixed; boundary=b'], body);
const packed = (name: string, encoding: string, body: string) =>
  letter(name, ['Content-Type: text/plain', `Content-Transfer-Encoding: ${encoding}`], body);
const folded = (line: string, bytes: number) => times(`${line}${crlf} `, bytes);

/** One letter of each kind. */
export const hostileLetters: readonly HostileLetter[] = [
  letter('folded-date', [`Date: x${folded(' '.repeat(70), 100_000)}x`], 'Hello'),
  letter('brackets-in-date', [`Date: ${times('( ', 60_000)}`], 'Hello'),
  letter('long-subject', [`Subject: ${folded('re : '.repeat(14), 600_000)}`], 'Hello'),
  letter('blank-subject', [`Subject: re${folded(' '.repeat(70), 600_000)}x`], 'Hello'),
  letter('words-in-subject', [`Subject: ${folded('=?utf-8?q?=20=?='.repeat(4), 600_000)}`], 'Hello'),
  letter('many-recipients', [`Cc: ${folded('"a" <b@c.example>, '.repeat(3), 900_000)}`], 'Hello'),
  letter('groups-of-recipients', [`Cc: ${folded('a:b:<c@:'.repeat(8), 900_000)}`], 'Hello'),
  letter('many-references', [`References: ${folded('<a@b> <<'.repeat(8), 900_000)}`], 'Hello'),
  letter('headers-without-end', [`X-Filler: ${folded('a'.repeat(70), 2 * mebibyte)}`], 'Hello'),
  letter('type-without-end', [`Content-Type: text/plain; ${folded('a*0*="%20"; '.repeat(5), 900_000)}`], 'Hello'),
  html('unclosed-bold', times('<b>', mebibyte)),
  html('unclosed-quotes', times('<blockquote>a', mebibyte)),
  html('closed-by-others', `${times('<b>', 1490)}${times('</i>', mebibyte)}`),
  html('quotes-in-a-row', times('<blockquote>a</blockquote>b', mebibyte)),
  html('angle-brackets', times('<', mebibyte)),
  html('half-comments', times('<!-- ', mebibyte)),
  html('half-attributes', times('<a href="', mebibyte)),
  html('many-attributes', `<p ${Array.from({ length: 90_000 }, (_, i) => `a${i}=1`).join(' ')}>`),
  html('colours', times(`<p style="color:rgb(${' '.repeat(4900)}x">`, mebibyte)),
  html('styles', times('<p style="border : none ; border-top : solid  #">', mebibyte)),
  html('tables-in-tables', times('<table><tr><td>', mebibyte)),
  html('entities', times('&', mebibyte)),
  mixed('one-byte-parts', times(`--b${crlf}${crlf}a${crlf}`, 3.5 * mebibyte)),
  mixed(
    'empty-files',
    times(`--b${crlf}Content-Disposition: attachment; filename=a${crlf}${crlf}${crlf}`, 3 * mebibyte),
  ),
  mixed(
    'parts-of-parts',
    times(`--b${crlf}Content-Type: multipart/mixed; boundary=b${crlf}${crlf}--b${crlf}${crlf}a${crlf}`, 2 * mebibyte),
  ),
  mixed('lines-like-boundaries', times(`--${crlf}`, 3 * mebibyte)),
  text('flowed-blanks', times(`a ${crlf}`, 3 * mebibyte), '; format=flowed; delsp=yes'),
  text('blanks', times(' ', 3 * mebibyte)),
  text('lines-above-quotations', times(`2024-01-01 12 x 2024 ${'<'.repeat(110)}${'@'.repeat(265)}${crlf}`, 90_000)),
  text('empty-quotations', times(`>${crlf}`, 3 * mebibyte)),
  packed('base64-noise', 'base64', times('=a', 3 * mebibyte)),
  packed('quoted-noise', 'quoted-printable', times(`=${crlf}`, 3 * mebibyte)),
  letter('utf-7-noise', ['Content-Type: text/plain; charset=utf-7'], times('+AGE-', mebibyte)),
  letter(
    'endless-report',
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
    `--b${crlf}Content-Type: message/delivery-status${crlf}${crlf}${times(`disposition:${crlf}`, mebibyte)}${crlf}--b--`,
  ),
  mixed(
    'winmail',
    `--b${crlf}Content-Type: application/ms-tnef; name=winmail.dat${crlf}${crlf}${times('\x78\x9f\x3e\x22\0\0\x02\x03\x90\x06\0', mebibyte)}${crlf}--b--`,
  ),
  // Too large to be read as a whole, so it is fetched part by part.
  mixed(
    'large-in-parts',
    `${times(`--b${crlf}Content-Type: text/plain; format=flowed${crlf}${crlf}${'a '.repeat(50)}${crlf}`, 5 * mebibyte)}--b--`,
  ),
  letter('large-headers', [`X-Filler: ${folded('a'.repeat(70), 5 * mebibyte)}`], 'Hello'),
  html('large-unclosed', times('<b>', 5 * mebibyte)),
];
