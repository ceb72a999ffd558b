import { createHash } from 'node:crypto';
import { type EventKey, eventKey } from '../../../domain/base/ids.ts';
import type { Letter, LetterHead } from './model.ts';

/**
 * What a letter is known by, whichever mailbox it lies in. A Message-ID alone does not tell letters apart (programs exist that give all
 * of theirs the same one, or none), so that the exact name carries what people would compare as well: who, when, about
 * what, the words, the files. Mail servers change the wrapping of these, not the letters and digits.
 */
export function letterKey(letter: LetterHead, words: string, files: readonly string[]): EventKey {
  const { from, dateText, subject, to, messageId } = letter;
  const known = [from?.address ?? '', compact(dateText), compact(subject ?? ''), words, ...files];
  const parts = messageId === null ? [...known, ...to.map(({ address }) => address)] : known;
  return eventKey('mail', `${messageId ?? ''}#${digest(parts)}`);
}

/** The letters and digits of a letter's text, as {@link letterKey} compares them. */
export function wordsOf({ text }: Pick<Letter, 'text'>): string {
  return compact(text);
}

/** What answers and reports call a letter by. */
export function sharedName(messageId: string): EventKey {
  return eventKey('mail', messageId);
}

/** A conversation's name: the same for its first letter and for all that name it as theirs. */
export function threadName(letter: LetterHead, key: EventKey): string {
  return `mail:${digest([letter.root ?? letter.messageId ?? key])}`;
}

function compact(text: string): string {
  return text.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
