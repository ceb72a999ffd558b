import { uudecoded } from './uuencode.ts';

const lf = 10;
const cr = 13;
const equals = 0x3d;

/** Decodes the content of a part from its transfer encoding; an unknown one is left as it is. */
export function decodeTransfer(bytes: Uint8Array, encoding: string): Uint8Array {
  switch (encoding) {
    case 'base64':
      return fromBase64(bytes);
    case 'quoted-printable':
      return fromQuotedPrintable(bytes);
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
    case 'uue':
      return uudecoded(bytes) ?? bytes;
    default:
      return withUnixLines(bytes);
  }
}

/** Text that is not encoded, with line breaks of one kind and one at the end: servers may change them, and a file's name is its hash. */
function withUnixLines(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  const out = new Uint8Array(bytes.length + 1);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte !== cr || bytes[i + 1] !== lf) out[length++] = byte;
  }
  if (out[length - 1] !== lf) out[length++] = lf;
  return out.subarray(0, length);
}

/** Base64 as mail programs write it: broken lines, foreign characters, and several padded pieces one after the other. */
export function fromBase64(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const pieces = text.replace(/[^A-Za-z0-9+/=]+/g, '').split(/=+/);
  return pieces.length === 1
    ? Buffer.from(pieces[0] ?? '', 'base64')
    : Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}

/** Quoted-printable. What is no valid escape is kept. */
export function fromQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte !== equals) {
      out[length++] = byte;
      continue;
    }
    const high = nibble(bytes[i + 1]);
    const low = nibble(bytes[i + 2]);
    const end = softBreak(bytes, i + 1);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      i += 2;
    } else if (end !== null) i = end;
    else out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Where a line break behind `=` ends; null if none follows. Some servers add blanks before it. */
function softBreak(bytes: Uint8Array, from: number): number | null {
  let at = from;
  while (at - from < 100 && (bytes[at] === 32 || bytes[at] === 9)) at += 1;
  if (at >= bytes.length) return at;
  if (bytes[at] === cr && bytes[at + 1] === lf) return at + 1;
  return bytes[at] === lf ? at : null;
}

/** The value of a hexadecimal digit; -1 if it is none. */
function nibble(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
