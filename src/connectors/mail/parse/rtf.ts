import { entryOf } from '../../../domain/base/entry-of.ts';

/*
 * Reads the text of bodies that Outlook sends as compressed RTF only, as specified in [MS-OXRTFCP]. Formatting is discarded.
 */

/** Initial content of the decompression window ([MS-OXRTFCP] 2.1.2.1). */
const initialWindow =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const windowSize = 4096;
const headerSize = 16;
const packed = 0x75465a4c;
const unpackedKind = 0x414c454d;
/** Limit of RTF in bytes. */
const maxRtfBytes = 4_000_000;
/** Limit of nested groups. */
const maxDepth = 200;
/** Groups whose content is not text for people. */
const hiddenGroups = new Set([
  'fonttbl',
  'colortbl',
  'stylesheet',
  'info',
  'pict',
  'object',
  'header',
  'footer',
  'listtable',
]);
const characters: Readonly<Record<string, string>> = {
  ...{ par: '\n', line: '\n', row: '\n', page: '\n', tab: '\t', cell: '\t' },
  ...{ emdash: '—', endash: '–', bullet: '•', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”' },
};

/** Decompresses RTF up to the first damaged byte. Null if the data is not compressed RTF. */
export function unpackRtf(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < headerSize) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Math.min(view.getUint32(4, true), maxRtfBytes);
  const kind = view.getUint32(8, true);
  if (kind === unpackedKind) return bytes.subarray(headerSize, headerSize + size);
  return kind === packed ? inflate(bytes, size) : null;
}

function inflate(bytes: Uint8Array, size: number): Uint8Array {
  const window = new Uint8Array(windowSize);
  window.set(Buffer.from(initialWindow, 'latin1'));
  let place = initialWindow.length;
  // Two bytes yield at most 17, so a larger declared size is wrong.
  const out = new Uint8Array(Math.min(size, bytes.length * 9));
  let written = 0;
  const put = (byte: number) => {
    window[place] = byte;
    place = (place + 1) % windowSize;
    out[written++] = byte;
  };
  for (let at = headerSize; at < bytes.length && written < out.length; ) {
    const flags = bytes[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < bytes.length && written < out.length; bit += 1) {
      if ((flags & (1 << bit)) === 0) {
        put(bytes[at++] ?? 0);
        continue;
      }
      const reference = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      const from = reference >> 4;
      // A reference to the current write position marks the end.
      if (from === place) return out.subarray(0, written);
      for (let i = 0; i < (reference & 15) + 2 && written < out.length; i += 1)
        put(window[(from + i) % windowSize] ?? 0);
    }
  }
  return out.subarray(0, written);
}

interface Group {
  /** Whether its text is hidden. */
  readonly hidden: boolean;
  /** Number of characters after `\u` that replace it for readers without Unicode. */
  readonly replacements: number;
}

/** Converts RTF to text, using its declared code page. */
export function rtfText(rtf: Uint8Array): string {
  const source = Buffer.from(rtf).toString('latin1');
  const codepage = decoderOf(/\\ansicpg(\d+)/.exec(source.slice(0, 1000))?.[1]);
  const groups: Group[] = [];
  let group: Group = { hidden: false, replacements: 1 };
  let text = '';
  let bytes: number[] = [];
  let skip = 0;
  const flush = () => {
    if (bytes.length > 0) text += codepage.decode(Uint8Array.from(bytes));
    bytes = [];
  };
  const show = (shown: string) => {
    flush();
    if (!group.hidden) text += shown;
  };
  const byte = (code: number) => {
    if (skip > 0) skip -= 1;
    else if (!group.hidden) bytes.push(code);
  };
  const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n])/gi;
  for (const [, word, parameter, hex, symbol, brace, character] of source.matchAll(token)) {
    if (hex !== undefined) byte(Number.parseInt(hex, 16));
    else if (character !== undefined) byte(character.charCodeAt(0));
    else if (brace === '{' && groups.length < maxDepth) groups.push(group);
    else if (brace === '}') {
      flush();
      group = groups.pop() ?? group;
    } else if (symbol === '*') group = { ...group, hidden: true };
    else if (symbol === '~') show('\u00a0');
    else if (symbol === '\\' || symbol === '{' || symbol === '}') byte(symbol.charCodeAt(0));
    else if (word === 'u' && parameter !== undefined) {
      show(String.fromCharCode(Number(parameter) & 0xffff));
      skip = group.replacements;
    } else if (word === 'uc') group = { ...group, replacements: Math.min(Number(parameter ?? '1'), 10) };
    else if (word !== undefined && hiddenGroups.has(word)) group = { ...group, hidden: true };
    else if (word !== undefined) show(entryOf(characters, word) ?? '');
  }
  flush();
  return text.trim();
}

function decoderOf(codepage: string | undefined) {
  try {
    return new TextDecoder(codepage === '65001' ? 'utf-8' : `windows-${codepage ?? '1252'}`);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
