import { createHash } from 'node:crypto';
import { type EventKey, eventKey } from '../../../domain/base/ids.ts';
import type { Letter, LetterHead } from './model.ts';

/**
 * The key of a letter, which is the same in all mailboxes. A Message-ID is not enough: some programs give the same one to all their
 * letters, or none. The key therefore also contains what people would compare: sender, date, subject, text and files. Only letters
 * and digits are compared, because mail servers may change the wrapping.
 */
export function letterKey(letter: LetterHead, words: string, files: readonly string[]): EventKey {
  const { from, dateText, subject, to, messageId } = letter;
  const known = [from?.address ?? '', compact(dateText), compact(subject ?? ''), words, ...files];
  const parts = messageId === null ? [...known, ...to.map(({ address }) => address)] : known;
  return eventKey('mail', `${messageId ?? ''}#${digest(parts)}`);
}

/** The letters and digits of a text, as compared by {@link letterKey}. */
export function wordsOf({ text }: Pick<Letter, 'text'>): string {
  return compact(text);
}

/** The name by which replies and reports refer to a letter. */
export function sharedName(messageId: string): EventKey {
  return eventKey('mail', messageId);
}

/** The name of a conversation, which is the same for its first letter and all letters that refer to it. */
export function threadName(letter: LetterHead, key: EventKey): string {
  return `mail:${digest([letter.root ?? letter.messageId ?? key])}`;
}

function compact(text: string): string {
  return text.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
