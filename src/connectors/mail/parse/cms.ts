import { inflateSync } from 'node:zlib';

/** Limits of nested elements, and of the elements that are looked at. */
const maxDepth = 40;
const maxElements = 20_000;
/** Limit of decompressed content in bytes. */
const maxInflated = 25 * 1024 * 1024;

const sequence = 0x30;
const objectIdentifier = 0x06;
const octetString = 0x04;
const constructedOctets = 0x24;
const tagged = 0xa0;
/** Types of content (RFC 5652, RFC 3274), as the hexadecimal bytes of their identifiers. */
const types: Readonly<Record<string, CmsKind>> = {
  '2a864886f70d010702': 'signed',
  '2a864886f70d010703': 'encrypted',
  '2a864886f70d0109100117': 'encrypted',
  '2a864886f70d0109100109': 'compressed',
};

type CmsKind = 'signed' | 'encrypted' | 'compressed';

/** What an S/MIME letter holds. `content` is null if it can't be read without a key. */
export interface CmsMessage {
  readonly kind: CmsKind;
  readonly content: Uint8Array | null;
}

interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
  /** Where the next element begins. */
  readonly next: number;
}

/**
 * Opens a message of S/MIME (RFC 8551) as far as possible without a key: what is only signed or compressed is readable. Signatures
 * are not verified. Null if it is no such message.
 */
export function openCms(bytes: Uint8Array): CmsMessage | null {
  const reader = new DerReader(bytes);
  try {
    const outer = reader.at(0, bytes.length);
    if (outer?.tag !== sequence) return null;
    const [type, wrapped] = reader.children(outer);
    if (type?.tag !== objectIdentifier) return null;
    const kind = types[Buffer.from(bytes.subarray(type.from, type.to)).toString('hex')];
    if (kind === undefined) return null;
    return { kind, content: kind === 'encrypted' || wrapped === undefined ? null : contentOf(reader, wrapped, kind) };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The content within SignedData (RFC 5652, 5.1) or CompressedData: the third field, of which the second is the content. */
function contentOf(reader: DerReader, wrapped: Element, kind: CmsKind): Uint8Array | null {
  const [data] = reader.children(wrapped);
  if (data?.tag !== sequence) return null;
  const encapsulated = reader.children(data).find(({ tag }, i) => i >= 2 && tag === sequence);
  if (encapsulated === undefined) return null;
  const explicit = reader.children(encapsulated).find(({ tag }) => tag === tagged);
  if (explicit === undefined) return null;
  const content = Buffer.concat(reader.children(explicit).flatMap((one) => reader.octets(one)));
  if (kind !== 'compressed') return content;
  try {
    return inflateSync(content, { maxOutputLength: maxInflated });
  } catch {
    return null;
  }
}

/** The bytes are not what DER or BER allows, or exceed a limit. */
class DerError extends Error {}

/** Reads elements of DER and BER. Takes linear time: each level looks at its elements only once. */
class DerReader {
  readonly #bytes: Uint8Array;
  #left = maxElements;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The element that begins at a place; null at an end-of-contents mark or the end. */
  at(from: number, limit: number, depth = 0): Element | null {
    if (--this.#left < 0 || depth > maxDepth) throw new DerError('expected fewer elements');
    const tag = this.#bytes[from];
    const first = this.#bytes[from + 1];
    if (from >= limit || tag === undefined || first === undefined || (tag === 0 && first === 0)) return null;
    if ((tag & 0x1f) === 0x1f) throw new DerError('expected a short tag');
    if (first === 0x80) return this.#indefinite(tag, from + 2, limit, depth);
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (count > 4) throw new DerError('expected a shorter length');
    let length = count === 0 ? first : 0;
    for (let i = 0; i < count; i++) length = length * 256 + (this.#bytes[from + 2 + i] ?? 0);
    const begin = from + 2 + count;
    // A cut message is read as far as it goes.
    const to = Math.min(begin + length, limit);
    return { tag, from: begin, to, next: to };
  }

  /** The elements within an element. */
  children({ from, to }: Pick<Element, 'from' | 'to'>): readonly Element[] {
    const found: Element[] = [];
    for (let at = from; ; ) {
      const one = this.at(at, to);
      if (one === null) return found;
      found.push(one);
      at = one.next;
    }
  }

  /** The pieces of an octet string, which may be divided. */
  octets(element: Element): readonly Uint8Array[] {
    if (element.tag === octetString) return [this.#bytes.subarray(element.from, element.to)];
    if (element.tag !== constructedOctets) return [];
    return this.children(element).flatMap((one) =>
      one.tag === octetString ? [this.#bytes.subarray(one.from, one.to)] : [],
    );
  }

  /** An element without a length ends at the mark for that. */
  #indefinite(tag: number, from: number, limit: number, depth: number): Element {
    let at = from;
    for (let one = this.at(at, limit, depth + 1); one !== null; one = this.at(at, limit, depth + 1)) at = one.next;
    return { tag, from, to: at, next: Math.min(at + 2, limit) };
  }
}
