const cr = 13;
const lf = 10;

/** Whether bytes are valid UTF-8 (plain ASCII is). */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * The charset that 8-bit bytes without one are most likely in. Among Cyrillic ones by the letters that Russian has most of: small
 * letters outnumber capitals, and the two charsets have them in swapped places.
 */
export function guessCharset(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return 'utf-8';
  let upperHalf = 0;
  let lowerHalf = 0;
  let high = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) high += 1;
    if (byte >= 0xc0 && byte <= 0xdf) upperHalf += 1;
    if (byte >= 0xe0) lowerHalf += 1;
  }
  // A lone accented letter in a Latin text is no Cyrillic.
  if (high * 8 < bytes.length && high < 4) return 'windows-1252';
  return upperHalf > lowerHalf ? 'koi8-r' : 'windows-1251';
}

/**
 * A letter whose headers hold raw 8-bit bytes that are no UTF-8, with them made UTF-8; and a single text part that names no
 * charset, or none there is, with the one it is likely in. What is as it should be comes back as it is.
 */
export function withCharsets(raw: Uint8Array): Uint8Array {
  const end = headersEnd(raw);
  const head = raw.subarray(0, end);
  const body = raw.subarray(end);
  const headText = isUtf8(head)
    ? Buffer.from(head).toString('utf8')
    : new TextDecoder(guessCharset(eightBitLines(head))).decode(head);
  const declared = /^content-type:\s*(?:[^\r\n]|\r?\n[ \t])*/im.exec(headText)?.[0] ?? null;
  const isText = declared === null || /^content-type:\s*text\//i.test(declared);
  const encoded = /^content-transfer-encoding:\s*(base64|quoted-printable)/im.test(headText);
  const seven = /^utf-?7$/i.test(charsetOf(declared) ?? '');
  const fits = seven ? false : isUtf8(body) ? !mislabelled(declared, body) : hasCharset(declared);
  if (!isText || encoded || fits) return isUtf8(head) ? raw : Buffer.concat([Buffer.from(headText, 'utf8'), body]);
  const text = seven ? Buffer.from(fromUtf7(Buffer.from(body).toString('latin1')), 'utf8') : body;
  const type = /^content-type:\s*([\w.+-]+\/[\w.+-]+)/i.exec(declared ?? '')?.[1] ?? 'text/plain';
  const others = declared === null ? headText : headText.replace(declared, `X-${declared}`);
  return Buffer.concat([
    Buffer.from(`Content-Type: ${type}; charset=${guessCharset(text)}\r\n${others}`, 'utf8'),
    text,
  ]);
}

/** Whether UTF-8 goes by another name: text in a charset of single bytes is never by chance valid UTF-8 that is not ASCII. */
function mislabelled(contentType: string | null, body: Uint8Array): boolean {
  const named = charsetOf(contentType) ?? '';
  const single = /^(us-ascii|ascii|unknown.*|x-unknown|default|[78]bit|(iso-?8859|windows|cp|koi8|latin|x-mac)\S*)$/i;
  return single.test(named) && body.some((byte) => byte >= 0x80);
}

/** The text of UTF-7 (RFC 2152), which no decoder of the platform knows any more. */
function fromUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, base64: string) => {
    if (base64 === '') return '+';
    const bytes = Buffer.from(base64, 'base64');
    return bytes
      .subarray(0, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  });
}

function charsetOf(contentType: string | null): string | null {
  return /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

function hasCharset(contentType: string | null): boolean {
  const named = charsetOf(contentType);
  if (named === null || /^(us-ascii|ascii|unknown.*|x-unknown|default|8bit|7bit)$/i.test(named)) return false;
  try {
    new TextDecoder(named);
    return true;
  } catch {
    return false;
  }
}

/** Only the lines that have 8-bit bytes: the ASCII of the others would hide them. */
function eightBitLines(head: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let i = 0; i <= head.length; i++) {
    if (i < head.length && head[i] !== lf) continue;
    const line = head.subarray(from, i);
    if (line.some((byte) => byte >= 0x80)) lines.push(line);
    from = i + 1;
  }
  return Buffer.concat(lines);
}

/** Where the body begins: behind the first empty line, or at the end of a letter that has none. */
export function headersEnd(raw: Uint8Array): number {
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== lf) continue;
    const next = raw[i + 1];
    if (next === lf) return i + 2;
    if (next === cr && raw[i + 2] === lf) return i + 3;
  }
  return raw.length;
}
