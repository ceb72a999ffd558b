import type { Automatic } from '../../../domain/interaction/interaction.ts';
import type { LetterHead } from './model.ts';

/** Beginnings of subjects of automatic replies, for mail programs that do not mark them otherwise. */
const autoReplySubject =
  /^(автоответ|автоматический ответ|automatic reply|auto(?:matic)?[ -]?reply|auto[ -]?response|out of (?:the )?office|вне офиса|abwesenheit\S*|réponse automatique)\s*[:-]/i;

/** The kind of an automatic letter: RFC 3834 (replies), RFC 3464 (bounces), RFC 2919 (lists). Null if a human wrote it. */
export function automaticOf(letter: LetterHead): Automatic | null {
  const header = (name: string) => letter.headers.get(name)?.[0]?.trim().toLowerCase() ?? '';
  const has = (name: string) => letter.headers.has(name);
  if (isBounce(letter)) return 'bounce';
  if (/^yes\b/.test(header('x-spam-flag')) || /^yes\b/.test(header('x-spam'))) return 'spam';
  const submitted = header('auto-submitted');
  if (submitted !== '' && !submitted.startsWith('no')) return 'auto_reply';
  const precedence = header('precedence');
  if (precedence === 'auto_reply' || has('x-autoreply') || has('x-autorespond') || has('x-autoresponse'))
    return 'auto_reply';
  if (autoReplySubject.test(letter.subject?.trim() ?? '')) return 'auto_reply';
  if (has('list-id') || has('list-post') || has('list-unsubscribe')) return 'list';
  if (precedence === 'list' || precedence === 'bulk' || precedence === 'junk') return 'list';
  return null;
}

/** Whether a mail system reports on a letter of ours: by its content type, or because it has no sender. */
export function isBounce(letter: LetterHead): boolean {
  const type = letter.headers.get('content-type')?.[0]?.toLowerCase() ?? '';
  if (/multipart\/report/.test(type)) return !/disposition-notification/.test(type);
  if (letter.headers.has('x-failed-recipients')) return true;
  const sender = letter.from?.address ?? '';
  const returnPath = letter.headers.get('return-path')?.[0]?.trim();
  return (
    /^(mailer-daemon|postmaster)@/.test(sender) &&
    (returnPath === '<>' || /undeliver|failure|returned|delay/i.test(letter.subject ?? ''))
  );
}

/** Whether a letter is a receipt that one of ours was opened (RFC 8098). */
export function isReceipt(letter: LetterHead): boolean {
  const type = letter.headers.get('content-type')?.[0]?.toLowerCase() ?? '';
  return /multipart\/report/.test(type) && /disposition-notification/.test(type);
}
