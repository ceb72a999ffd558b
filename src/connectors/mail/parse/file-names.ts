import { beginning } from '../../../domain/base/clean-text.ts';
import { entryOf } from '../../../domain/base/entry-of.ts';
import { headersEnd, headersOf } from './mime/headers.ts';
import { decodeWords } from './mime/words.ts';

const maxSubject = 200;

/** Makes a file name safe to save: it can't contain a path. */
export function fileName(name: string): string {
  return name
    .trim()
    .replace(/[\\/]/g, '_')
    .replace(/\p{Cc}/gu, '');
}

/** The name of a file that has none: an attached letter is named after its subject. */
export function nameOfFile(mime: string, content: Uint8Array): string {
  return letterName(mime, content) || defaultFileName(mime);
}

function letterName(mime: string, content: Uint8Array): string {
  if (mime !== 'message/rfc822') return '';
  const head = content.subarray(0, 64 * 1024);
  const subject = headersOf(head.subarray(0, headersEnd(head))).find(({ name }) => name === 'subject')?.value ?? '';
  const name = fileName(beginning(decodeWords(subject), maxSubject));
  return name === '' ? '' : `${name}.eml`;
}

/** The name for a file without one. */
export function defaultFileName(mime: string): string {
  const endings: Readonly<Record<string, string>> = {
    'message/rfc822': 'message.eml',
    'text/calendar': 'invite.ics',
    'text/html': 'text.html',
    'text/plain': 'text.txt',
    'image/png': 'image.png',
    'image/jpeg': 'image.jpg',
    'image/gif': 'image.gif',
    'message/delivery-status': 'delivery-status.txt',
  };
  return entryOf(endings, mime) ?? 'file';
}
