import type { Reason } from '../../../domain/base/reason.ts';
import { normaliseEmail } from '../../../domain/directory/email-address.ts';
import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { SendOutcome } from '../../../domain/outbound/outbound.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { SmtpError } from './session.ts';

/** The addresses and user of a letter, for the reason. */
export interface LetterContext {
  readonly from: string;
  readonly to: string;
  readonly user: string;
  /** Whether the login used a token instead of a password. */
  readonly byToken: boolean;
}

/** Milliseconds to wait after a refused login, so that the server does not lock us out. */
const afterRefusedLogin = 5 * 60_000;
/** Maximum length of a quoted answer of the server. */
const maxAnswerLength = 300;

/** Whether the server refused the password or token. A temporary error (4xx) does not mean that. */
export function isRefusedLogin({ code, answer }: Pick<SmtpError, 'code' | 'answer'>): boolean {
  const [basic] = codesOf(answer);
  if (basic === 530) return true;
  return (code === 'EAUTH' || code === 'ENOAUTH') && (basic === null || basic >= 500);
}

/** The outcome of a failed attempt. Temporary errors are retried, permanent ones are not. */
export function outcomeOf(error: SmtpError, { from, to, user, byToken }: LetterContext): SendOutcome {
  const { code, command, answer } = error;
  if (error.reached === 'handed') return { kind: 'uncertain', reason: reason('smtpCut') };
  const said = cleanText(answer ?? error.message, maxAnswerLength);
  const [basic, enhanced] = codesOf(answer);
  if (isRefusedLogin(error)) {
    const refused = reason(byToken ? 'tokenRefused' : 'loginRefused', { user, said });
    return { kind: 'retry', reason: refused, after: afterRefusedLogin };
  }
  if (code === 'ETLS' || certificate.test(error.message))
    return { kind: 'retry', reason: reason('smtpInsecure', { said }), after: null };
  // The letter is larger than the server's limit, so nothing was sent.
  if (code === 'EMESSAGE' && answer === null) return { kind: 'failed', reason: reason('letterTooLarge', { said }) };
  if (basic === null) return { kind: 'retry', reason: reason('smtpUnreachable', { said }), after: null };
  // 503 means that the session failed, not the letter.
  if (basic < 500 || basic === 503) {
    const full = command === 'RCPT TO' && (/^4\.2\.2/.test(enhanced) || basic === 452);
    const why = full ? reason('mailboxFull', { address: to, said }) : reason('mailServerBusy', { said });
    return { kind: 'retry', reason: why, after: null };
  }
  const refused = refusal(basic, enhanced, command, said, { from, to });
  // A refusal of the recipient is as good as a bounce. After MAIL FROM, it concerns the sender instead.
  const concernsRecipient = command !== 'MAIL FROM' && isNoMailbox(basic, enhanced, command);
  const email = concernsRecipient ? normaliseEmail(to) : null;
  const dead = email === null ? {} : { undeliverable: { email, status: enhanced || '5.0.0', why: said } };
  return { kind: 'failed', reason: refused, ...dead };
}

/** Whether the server says that the mailbox does not exist. */
function isNoMailbox(basic: number, enhanced: string, command: string | null): boolean {
  if (enhanced !== '') return /^5\.1\.[0123]$/.test(enhanced);
  return command === 'RCPT TO' && (basic === 550 || basic === 551 || basic === 553);
}

const certificate = /certificate|self.signed|altnames/i;

/** The reason for a 5xx answer, by the enhanced code (RFC 3463), otherwise by the refused command. */
function refusal(
  basic: number,
  enhanced: string,
  command: string | null,
  said: string,
  { from, to }: Pick<LetterContext, 'from' | 'to'>,
): Reason {
  if (isNoMailbox(basic, enhanced, command)) return reason('noMailbox', { address: to, said });
  if (/^5\.2\.2$/.test(enhanced)) return reason('mailboxFull', { address: to, said });
  if (/^5\.(2|3)\.(3|4)$/.test(enhanced)) return reason('letterTooLarge', { said });
  if (/^5\.1\.[78]$/.test(enhanced) || command === 'MAIL FROM') {
    // MAIL FROM also announces the size of the letter.
    return basic === 552 ? reason('letterTooLarge', { said }) : reason('senderRefused', { address: from, said });
  }
  if (command === 'RCPT TO') {
    if (basic === 552) return reason('mailboxFull', { address: to, said });
    return reason('recipientRefused', { address: to, said });
  }
  if (basic === 552) return reason('letterTooLarge', { said });
  return reason('letterRefused', { said });
}

/** Parses `550 5.1.1 …` into [550, '5.1.1']. */
function codesOf(answer: string | null): readonly [number | null, string] {
  const found = /^(\d{3})[ -](\d\.\d{1,3}\.\d{1,3})?/.exec(answer ?? '');
  return found === null ? [null, ''] : [Number(found[1]), found[2] ?? ''];
}
