/** Limit of files in one text. */
const maxFiles = 50;
const begin = /^begin(?:-base64)? [0-7]{3,4} (\S.{0,254})$/;

/** A file that stands in the text itself. */
export interface EmbeddedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Decodes a uuencoded content; null if it is none. */
export function uudecoded(bytes: Uint8Array): Uint8Array | null {
  return splitUuencoded(Buffer.from(bytes).toString('latin1')).files[0]?.content ?? null;
}

/** Takes uuencoded files out of a text, as programs put them there before MIME. An unfinished file stays in the text. */
export function splitUuencoded(text: string): { readonly text: string; readonly files: readonly EmbeddedFile[] } {
  if (!/(?:^|\n)begin(?:-base64)? [0-7]{3}/.test(text)) return { text, files: [] };
  const lines = text.split('\n');
  const kept: string[] = [];
  const files: EmbeddedFile[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').trimEnd();
    const name = files.length < maxFiles ? begin.exec(line)?.[1] : undefined;
    const found = name === undefined ? null : contentAt(lines, i + 1, line.startsWith('begin-'));
    if (name === undefined || found === null) kept.push(lines[i] ?? '');
    else {
      files.push({ name, content: found.content });
      i = found.end;
    }
  }
  return { text: kept.join('\n'), files };
}

/** The content that begins at a line, and the line that ends it. Takes linear time, because a file ends at its first foreign line. */
function contentAt(lines: readonly string[], from: number, isBase64: boolean) {
  const pieces: Uint8Array[] = [];
  for (let i = from; i < lines.length; i++) {
    const line = (lines[i] ?? '').replace(/\r$/, '');
    const bare = line.trim();
    if (isBase64 ? bare === '====' : bare === 'end') return { content: Buffer.concat(pieces), end: i };
    const piece = isBase64 ? base64Bytes(bare) : lineBytes(line);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return null;
}

function base64Bytes(line: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]{0,200}={0,2}$/.test(line) ? Buffer.from(line, 'base64') : null;
}

/** The bytes of a line: its first character is their number, and each further one stands for six bits. */
function lineBytes(line: string): Uint8Array | null {
  if (line.trim() === '') return new Uint8Array(0);
  const count = sextet(line, 0);
  const needed = Math.ceil((count * 4) / 3);
  // Blanks at the end, which stand for zero, are often lost.
  if (!/^[\x20-\x60]{1,90}$/.test(line) || line.length > needed + 5) return null;
  const out = new Uint8Array(Math.ceil(count / 3) * 3);
  for (let i = 0, at = 1; i < out.length; i += 3, at += 4) {
    const bits =
      (sextet(line, at) << 18) | (sextet(line, at + 1) << 12) | (sextet(line, at + 2) << 6) | sextet(line, at + 3);
    out.set([bits >> 16, (bits >> 8) & 255, bits & 255], i);
  }
  return out.subarray(0, count);
}

function sextet(line: string, at: number): number {
  return at < line.length ? (line.charCodeAt(at) - 32) & 63 : 0;
}
