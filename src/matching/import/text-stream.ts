/** Encodings an export may come in; windows-1251 is what Russian Excel saves as "CSV". */
export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1251';

/**
 * Turns bytes into text without being told the encoding. A byte order mark decides; else the first piece with
 * anything but ASCII does: it is UTF-8 when it is valid UTF-8, and windows-1251 otherwise.
 */
export class TextStream {
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  #begun = false;

  /** The text of the next bytes; a character cut in two is kept for the next call. */
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

  /** What is left at the end: a replacement character where the last one was cut. */
  end(): string {
    return this.#decoder?.decode() ?? '';
  }
}

function byMark(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}

/** Null while there is only ASCII, which is the same in both. */
function byContent(bytes: Uint8Array): Encoding | null {
  if (bytes.every((byte) => byte < 0x80)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1251';
  }
}
