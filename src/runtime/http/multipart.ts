import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';

/** A file that a form carries. */
export interface FormFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  /** Opens exactly `bytes` bytes. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** A streamed form. */
interface StreamedForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Streams a form with one attachment. */
export function multipart(
  values: Readonly<Record<string, string>>,
  field: string,
  file: WrittenAttachment,
  blobs: Blobs,
): StreamedForm {
  return multipartOf(values, field, { ...file, open: () => blobs.open(file.blob) });
}

/** Streams a form with one file (RFC 7578). The length is known in advance. */
export function multipartOf(values: Readonly<Record<string, string>>, field: string, file: FormFile): StreamedForm {
  const boundary = `patchbay-${randomBytes(16).toString('hex')}`;
  const parts = Object.entries(values).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const name = cleanText(file.name, 200).replace(/["\\]/g, '_') || 'file';
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\ncontent-type: ${file.mime}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body() {
    yield head;
    yield* await file.open();
    yield tail;
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.bytes + tail.length),
    },
    body: Readable.from(body()),
  };
}
