/** Encodings of exported files. Excel in Russian saves CSV as windows-1251. */
export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1251';

/**
 * Decodes bytes without knowing their encoding. A byte order mark decides. Otherwise the first chunk with non-ASCII
 * bytes does: if it is valid UTF-8 it is UTF-8, else windows-1251.
 */
export class TextStream {
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  #begun = false;

  /** Decodes the next bytes. A character split between chunks is completed by the next call. */
  decode(bytes: Uint8Array): string {
    const first = !this.#begun && bytes.length > 0;
    this.#begun ||= bytes.length > 0;
    if (this.#decoder === null) {
      const encoding = (first ? byMark(bytes) : null) ?? byContent(bytes);
      if (encoding === null) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      this.#decoder = new TextDecoder(encoding);
    }
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** Returns the rest. A truncated last character becomes a replacement character. */
  end(): string {
    return this.#decoder?.decode() ?? '';
  }
}

function byMark(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}

/** Null while there is only ASCII, which is the same in both encodings. */
function byContent(bytes: Uint8Array): Encoding | null {
  if (bytes.every((byte) => byte < 0x80)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1251';
  }
}
