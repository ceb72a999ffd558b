/** Bytes that a letter should not have had without saying in which charset they are; the rest of it is ASCII. */
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
  if (!isText || encoded || hasCharset(declared) || isUtf8(body)) {
    return isUtf8(head) ? raw : Buffer.concat([Buffer.from(headText, 'utf8'), body]);
  }
  const charset = guessCharset(body);
  const type = /^content-type:\s*([\w.+-]+\/[\w.+-]+)/i.exec(declared ?? '')?.[1] ?? 'text/plain';
  const others = declared === null ? headText : headText.replace(declared, `X-${declared}`);
  return Buffer.concat([Buffer.from(`Content-Type: ${type}; charset=${charset}\r\n${others}`, 'utf8'), body]);
}

function hasCharset(contentType: string | null): boolean {
  const named = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  if (named === undefined || /^(us-ascii|ascii|unknown.*|x-unknown|default|8bit|7bit)$/i.test(named)) return false;
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
