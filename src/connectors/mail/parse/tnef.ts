import type { LetterFile } from './model.ts';
import { rtfText, unpackRtf } from './rtf.ts';

/** Content of Outlook's `winmail.dat` ([MS-OXTNEF]): files, and a body for letters without another one. */
export interface Unpacked {
  readonly text: string | null;
  readonly html: string | null;
  readonly files: readonly Pick<LetterFile, 'name' | 'mime' | 'contentId' | 'content'>[];
}

const signature = 0x223e9f78;
/** Attributes by the lower half of their ids. */
const attribute = {
  codepage: 0x9007,
  properties: 0x9003,
  start: 0x9002,
  title: 0x8010,
  data: 0x800f,
  attachment: 0x9005,
};
/** MAPI properties. */
const property = {
  body: 0x1000,
  bodyRtf: 0x1009,
  bodyHtml: 0x1013,
  data: 0x3701,
  name: 0x3704,
  longName: 0x3707,
  mime: 0x370e,
  contentId: 0x3712,
};
const maxFiles = 200;
const maxProperties = 5000;

interface Draft {
  title: string | null;
  content: Uint8Array | null;
  properties: ReadonlyMap<number, Uint8Array | string>;
}

/** Unpacks a `winmail.dat` up to the first damaged part. Null if the data is not one. */
export function unpackTnef(bytes: Uint8Array): Unpacked | null {
  const reader = new Reader(bytes);
  if (bytes.length < 6 || reader.u32() !== signature) return null;
  reader.skip(2);
  const drafts: Draft[] = [];
  let codepage = 'windows-1252';
  let message: Draft['properties'] = new Map();
  while (reader.left > 9) {
    reader.skip(1);
    const id = reader.u32() & 0xffff;
    const content = reader.bytes(reader.u32());
    reader.skip(2);
    if (content === null) break;
    const draft = drafts.at(-1);
    if (id === attribute.start && drafts.length < maxFiles)
      drafts.push({ title: null, content: null, properties: new Map() });
    else if (id === attribute.codepage && content.length >= 4) codepage = charsetOf(new Reader(content).u32());
    else if (id === attribute.properties) message = propertiesOf(content, codepage);
    else if (draft === undefined) continue;
    else if (id === attribute.title) draft.title = decoded(content, codepage);
    else if (id === attribute.data) draft.content = content;
    else if (id === attribute.attachment) draft.properties = propertiesOf(content, codepage);
  }
  return {
    text: textOf(message.get(property.body), codepage) || rtfBody(message.get(property.bodyRtf)),
    html: textOf(message.get(property.bodyHtml), codepage),
    files: drafts.flatMap((draft) => fileOf(draft, codepage)),
  };
}

/** The text of a body in compressed RTF. */
function rtfBody(value: Uint8Array | string | undefined): string | null {
  const rtf = value instanceof Uint8Array ? unpackRtf(value) : null;
  return rtf === null ? null : rtfText(rtf);
}

function fileOf({ title, content, properties }: Draft, codepage: string): Unpacked['files'] {
  const object = properties.get(property.data);
  const bytes = content ?? (object instanceof Uint8Array ? object : null);
  if (bytes === null) return [];
  const text = (id: number) => textOf(properties.get(id), codepage)?.trim() || null;
  const mime = text(property.mime)?.toLowerCase() ?? '';
  return [
    {
      name: text(property.longName) ?? text(property.name) ?? (title?.trim() || 'file'),
      mime: /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream',
      contentId: text(property.contentId),
      content: bytes,
    },
  ];
}

/** The MAPI properties with texts and bytes; numbers and times are skipped. */
function propertiesOf(bytes: Uint8Array, codepage: string): ReadonlyMap<number, Uint8Array | string> {
  const found = new Map<number, Uint8Array | string>();
  const reader = new Reader(bytes);
  const count = Math.min(reader.left >= 4 ? reader.u32() : 0, maxProperties);
  for (let i = 0; i < count && reader.left >= 8; i += 1) {
    const type = reader.u16();
    const id = reader.u16();
    if (id >= 0x8000 && !skipName(reader)) break;
    const isMultiple = (type & 0x1000) !== 0;
    const kind = type & 0xefff;
    const size = fixedSize(kind);
    if (size !== null) {
      const repeats = isMultiple ? reader.u32() : 1;
      if (!reader.skip(size * repeats)) break;
      continue;
    }
    const values = valuesOf(reader);
    if (values === null) break;
    const [first] = values;
    if (first === undefined) continue;
    if (kind === 0x1f) found.set(id, upToNul(new TextDecoder('utf-16le').decode(first)));
    else if (kind === 0x1e) found.set(id, decoded(first, codepage));
    else found.set(id, kind === 0x0d ? first.subarray(16) : first);
  }
  return found;
}

/** Skips the name of a named property: its set, and its number or string. */
function skipName(reader: Reader): boolean {
  if (!reader.skip(16) || reader.left < 8) return false;
  return reader.u32() === 0 ? reader.skip(4) : reader.skip(padded(reader.u32()));
}

function valuesOf(reader: Reader): readonly Uint8Array[] | null {
  const values: Uint8Array[] = [];
  const count = reader.left >= 4 ? reader.u32() : 0;
  for (let i = 0; i < count; i += 1) {
    const length = reader.left >= 4 ? reader.u32() : -1;
    const value = length < 0 ? null : reader.bytes(length);
    if (value === null) return null;
    reader.skip(Math.min(padded(length) - length, reader.left));
    values.push(value);
  }
  return values;
}

/** Size in bytes of a value with a fixed size (padded to four); null for texts, bytes and objects. */
function fixedSize(kind: number): number | null {
  if ([0x02, 0x03, 0x04, 0x0a, 0x0b].includes(kind)) return 4;
  if ([0x05, 0x06, 0x07, 0x14, 0x40].includes(kind)) return 8;
  if (kind === 0x48) return 16;
  return kind === 0x01 ? 4 : null;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function textOf(value: Uint8Array | string | undefined, codepage: string): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : decoded(value, codepage);
}

function decoded(bytes: Uint8Array, charset: string): string {
  return upToNul(new TextDecoder(charset).decode(bytes));
}

/** Cuts a C string at its first NUL. */
function upToNul(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** The charset of a Windows code page, if TextDecoder supports it. */
function charsetOf(codepage: number): string {
  const special: Readonly<Record<number, string>> = {
    932: 'shift_jis',
    936: 'gbk',
    949: 'euc-kr',
    950: 'big5',
    20866: 'koi8-r',
    65001: 'utf-8',
  };
  const name = special[codepage] ?? `windows-${codepage}`;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return 'windows-1252';
  }
}

/** Reads little-endian numbers, never beyond the end. */
class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** 0 at the end. */
  u16(): number {
    if (this.left < 2) return 0;
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, true);
  }

  u32(): number {
    if (this.left < 4) return 0;
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** Null if fewer are left. */
  bytes(length: number): Uint8Array | null {
    if (length > this.left) return null;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Returns false if fewer bytes were left. */
  skip(length: number): boolean {
    const isEnough = length <= this.left;
    this.#at = isEnough ? this.#at + length : this.#bytes.length;
    return isEnough;
  }
}
