import {
  type Charset,
  charsets,
  decodeAs,
  guessCharset,
  plausibility,
} from '../../../../runtime/charsets/single-byte.ts';

/** Bytes that are looked at. A charset shows in far fewer. */
const maxSample = 20_000;
/** East Asian charsets, with the signs that are frequent in what they are used for. */
const eastAsian: readonly (readonly [label: string, frequent: RegExp])[] = [
  ['shift_jis', /[\u3041-\u3093\u30a1-\u30f6]/g],
  ['euc-jp', /[\u3041-\u3093\u30a1-\u30f6]/g],
  ['euc-kr', /[\uac00-\ud7a3]/g],
  ['gb18030', /[的一是不了在人有我他这中大来上个国到们为子和你地出道也时年得就那要下以生会您好请谢货单价电话公司需]/g],
  ['big5', /[的一是不了在人有我他這中大來上個國到們為子和你地出道也時年得就那要下以生會您好請謝貨單價電話公司需]/g],
];
/** Share of frequent signs among all beyond ASCII, above which a text is taken for East Asian. */
const minShare = 0.12;

/** Whether bytes are valid UTF-8 (plain ASCII is). */
export function isUtf8(bytes: Uint8Array): boolean {
  return decodedStrictly(bytes, 'utf-8') !== null;
}

/** How many characters of a text are beyond ASCII. */
export function countBeyondAscii(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) count += 1;
  return count;
}

/** Guesses the charset of a text with 8-bit bytes that names none: UTF-8, Russian, East Asian, else Western European. */
export function guessLabel(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return 'utf-8';
  const sample = sampleOf(bytes);
  const single = guessCharset(sample, charsets);
  if (single !== 'windows-1252' && plausibility(decodeAs(sample, single)) > 0) return single;
  return eastAsianLabel(sample) ?? 'windows-1252';
}

/** A charset in which the text is Russian, if it is none in the charset `label`; else null. Programs mix these up. */
export function betterCyrillic(bytes: Uint8Array, label: string): Charset | null {
  const sample = sampleOf(bytes);
  const labelled = charsets.find((one) => one === (label === 'koi8-u' ? 'koi8-r' : label)) ?? 'windows-1252';
  if (plausibility(decodeAs(sample, labelled)) > 0) return null;
  const found = guessCharset(sample, [labelled, ...charsets]);
  return found !== labelled && plausibility(decodeAs(sample, found)) > minimumFor(sample) ? found : null;
}

/** Decodes; null if a byte does not fit. */
export function decodedStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** How Russian a text must look to overrule its label: a word, or most of its 8-bit bytes. */
function minimumFor(sample: Uint8Array): number {
  return Math.min(
    10,
    sample.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0),
  );
}

function eastAsianLabel(sample: Uint8Array): string | null {
  let best: string | null = null;
  let most = minShare;
  for (const [label, frequent] of eastAsian) {
    const text = decodedStrictly(sample, label) ?? '';
    const beyond = countBeyondAscii(text);
    const share = beyond === 0 ? 0 : (text.match(frequent)?.length ?? 0) / beyond;
    if (share > most) {
      best = label;
      most = share;
    }
  }
  return best;
}

/** The beginning, cut behind a line so that no character is split. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= maxSample) return bytes;
  const sample = bytes.subarray(0, maxSample);
  const line = sample.lastIndexOf(10);
  return line > 0 ? sample.subarray(0, line) : sample;
}
