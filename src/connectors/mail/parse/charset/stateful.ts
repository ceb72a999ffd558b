const esc = 0x1b;
const shiftOut = 0x0e;
const shiftIn = 0x0f;
const lf = 10;
const tilde = 0x7e;

/** Decodes 7-bit charsets that the platform refuses, because they can hide markup from a filter. Here nothing filters before decoding. */
export function decodeStateful(bytes: Uint8Array, label: string): string {
  if (label === 'utf-7') return fromUtf7(Buffer.from(bytes).toString('latin1'));
  if (label === 'iso-2022-kr') return new TextDecoder('euc-kr').decode(fromKorean(bytes));
  return new TextDecoder('gb18030').decode(fromHz(bytes));
}

/** UTF-7 (RFC 2152). */
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

/** ISO-2022-KR (RFC 1557) as EUC-KR: Korean stands between SO and SI. */
function fromKorean(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let korean = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === esc && bytes[i + 1] === 0x24 && bytes[i + 2] === 0x29) i += 3;
    else if (byte === shiftOut || byte === shiftIn) korean = byte === shiftOut;
    else {
      if (byte === lf) korean = false;
      out[length++] = korean && byte > 0x20 ? byte | 0x80 : byte;
    }
  }
  return out.subarray(0, length);
}

/** HZ (RFC 1843) as GB 2312: Chinese stands between `~{` and `~}`. */
function fromHz(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let chinese = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    const next = bytes[i + 1];
    if (byte === tilde && (next === 0x7b || next === 0x7d)) {
      chinese = next === 0x7b;
      i += 1;
    } else if (byte === tilde && !chinese && (next === tilde || next === lf)) {
      if (next === tilde) out[length++] = tilde;
      i += 1;
    } else {
      if (byte === lf) chinese = false;
      out[length++] = chinese && byte > 0x20 ? byte | 0x80 : byte;
    }
  }
  return out.subarray(0, length);
}
