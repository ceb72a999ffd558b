import type { Automatic } from '../../../domain/interaction/interaction.ts';
import { isBounce } from './bounce-signs.ts';
import type { LetterHead } from './model.ts';

/** Beginnings of subjects of automatic replies, for mail programs that do not mark them otherwise. */
const autoReplySubject =
  /^(?:автоответ(?:чик)?|автоматический ответ|автоматична відповідь|автоматты жауап|automatic reply|auto(?:matic)?[ -]?reply|auto[ -]?response|out of (?:the )?office(?: auto-?reply)?|ooo|вне офиса|нет на месте|自动答复|自动回复|自動回覆|自動応答|자동 회신|abwesenheit\S*|automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática|odpowiedź automatyczna|automatyczna odpowiedź|otomatik yanıt|автовідповідь|automatisch antwoord|automatická odpověď|automatikus válasz|răspuns automat|autosvar|away from my mail)\s*(?:[:-]|$)/i;
/** How Lotus Notes begins the subject of an absence notice. */
const absenceSubject = /^auto: .{1,200}\b(?:out of (?:the )?office|away|absent|abwesend)\b/i;

/** What is known of a letter beyond its headers. */
export interface KnownOfLetter {
  /** Whether it answers a letter of ours. */
  readonly answersOurs: boolean;
  /** Whether it came through a group of ours, such as a shared address that hands letters on as a list does. */
  readonly ourGroup: boolean;
}

/** The kind of an automatic letter: RFC 3834 (replies), RFC 3464 (bounces), RFC 2919 (lists). Null if a human wrote it. */
export function automaticOf(
  letter: LetterHead,
  { answersOurs, ourGroup }: KnownOfLetter = { answersOurs: false, ourGroup: false },
): Automatic | null {
  const header = (name: string) => letter.headers.get(name)?.[0]?.trim().toLowerCase() ?? '';
  const has = (name: string) => letter.headers.has(name);
  if (isBounce(letter)) return 'bounce';
  if (/^yes\b/.test(header('x-spam-flag')) || /^yes\b/.test(header('x-spam'))) return 'spam';
  if (isReceipt(letter)) return 'auto_reply';
  const submitted = header('auto-submitted');
  if (submitted !== '' && !submitted.startsWith('no')) return 'auto_reply';
  const precedence = header('precedence');
  const says = (name: string) => has(name) && !/^(?:no|false|0)\b/.test(header(name));
  if (precedence === 'auto_reply' || says('x-autoreply') || says('x-autorespond') || says('x-autoresponse'))
    return 'auto_reply';
  const subject = letter.subject?.trim() ?? '';
  if (autoReplySubject.test(subject) || absenceSubject.test(subject)) return 'auto_reply';
  // Some services mark every letter that passes them, also what people write.
  if (answersOurs || ourGroup || groupWriter(letter) !== null) return null;
  if (has('list-id') || has('list-post')) return 'list';
  if (has('list-unsubscribe') && letter.answers.length === 0) return 'list';
  return precedence === 'list' || precedence === 'bulk' || precedence === 'junk' ? 'list' : null;
}

/**
 * The header that says who wrote a letter to a group, such as one of Google: in From the group may have put its own address. Null if
 * it is no letter to a group, or if the group itself wrote it.
 */
export function groupWriter({ headers }: LetterHead): 'x-original-from' | 'x-original-sender' | null {
  const group = /mailto:([^\s<>?]+)/i.exec(headers.get('list-post')?.[0] ?? '')?.[1]?.toLowerCase();
  if (!headers.has('list-id') && group === undefined) return null;
  for (const name of ['x-original-from', 'x-original-sender'] as const) {
    const writer = headers.get(name)?.[0]?.toLowerCase() ?? '';
    const isProgram = /(?:^|[\s<"])(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster)@/.test(writer);
    if (writer.includes('@') && !isProgram && (group === undefined || !writer.includes(group))) return name;
  }
  return null;
}

/** Whether a letter is a receipt that one of ours was opened (RFC 8098). */
export function isReceipt(letter: LetterHead): boolean {
  const type = letter.headers.get('content-type')?.[0]?.toLowerCase() ?? '';
  return /multipart\/report/.test(type) && /disposition-notification/.test(type);
}
