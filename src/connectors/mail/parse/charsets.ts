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
 * Guesses the charset of 8-bit bytes. The two Cyrillic charsets have lower-case and capital letters in swapped places, so the
 * right one is that in which lower-case letters outnumber capitals.
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
  // A few accented letters in a Latin text are not Cyrillic.
  if (high * 8 < bytes.length && high < 4) return 'windows-1252';
  return upperHalf > lowerHalf ? 'koi8-r' : 'windows-1251';
}

/**
 * Repairs the charsets of a letter. Raw 8-bit headers that are not UTF-8 are converted to UTF-8. A single text part with a missing or
 * unknown charset gets the most likely one. A correct letter is returned unchanged.
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
  const isUtf7 = /^utf-?7$/i.test(charsetOf(declared) ?? '');
  const isCorrect = isUtf7 ? false : isUtf8(body) ? !mislabelled(declared, body) : hasCharset(declared);
  if (!isText || encoded || isCorrect) return isUtf8(head) ? raw : Buffer.concat([Buffer.from(headText, 'utf8'), body]);
  const text = isUtf7 ? Buffer.from(fromUtf7(Buffer.from(body).toString('latin1')), 'utf8') : body;
  const type = /^content-type:\s*([\w.+-]+\/[\w.+-]+)/i.exec(declared ?? '')?.[1] ?? 'text/plain';
  const others = declared === null ? headText : headText.replace(declared, `X-${declared}`);
  return Buffer.concat([
    Buffer.from(`Content-Type: ${type}; charset=${guessCharset(text)}\r\n${others}`, 'utf8'),
    text,
  ]);
}

/** Whether UTF-8 is labelled as a single-byte charset. Non-ASCII text in such a charset is practically never valid UTF-8. */
function mislabelled(contentType: string | null, body: Uint8Array): boolean {
  const named = charsetOf(contentType) ?? '';
  const single = /^(us-ascii|ascii|unknown.*|x-unknown|default|[78]bit|(iso-?8859|windows|cp|koi8|latin|x-mac)\S*)$/i;
  return single.test(named) && body.some((byte) => byte >= 0x80);
}

/** Decodes UTF-7 (RFC 2152), which the platform no longer supports. */
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

/** The lines with 8-bit bytes. In the whole text, their share would be too small for a guess. */
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

/** Where the body begins: after the first empty line, or at the end of a letter without one. */
export function headersEnd(raw: Uint8Array): number {
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== lf) continue;
    const next = raw[i + 1];
    if (next === lf) return i + 2;
    if (next === cr && raw[i + 2] === lf) return i + 3;
  }
  return raw.length;
}
