import { cleanText, normaliseEmail } from '../../../domain/directory/identifiers.ts';
import type { SendOutcome } from '../../../domain/outbound/outbound.ts';
import { problem } from '../../../domain/outbound/problem-words.ts';
import type { SmtpError } from './session.ts';

/** Whose letter it was, for the words. */
export interface Concerned {
  readonly from: string;
  readonly to: string;
  readonly user: string;
  /** Whether a token was shown, not a password. */
  readonly byToken: boolean;
}

/** After a refused login the server is left alone for this long, lest it lock us out; in milliseconds. */
const afterRefusedLogin = 5 * 60_000;
/** Of a server's own words. */
const longestAnswer = 300;

/** Whether the server took neither password nor token; when it asks to try later (4xx), nothing is said of them. */
export function isRefusedLogin({ code, answer }: Pick<SmtpError, 'code' | 'answer'>): boolean {
  const [basic] = codesOf(answer);
  if (basic === 530) return true;
  return (code === 'EAUTH' || code === 'ENOAUTH') && (basic === null || basic >= 500);
}

/** How an attempt ended that met trouble: what can pass is tried again, what was said for good is told in words. */
export function outcomeOf(error: SmtpError, { from, to, user, byToken }: Concerned): SendOutcome {
  const { code, command, answer } = error;
  if (error.reached === 'handed') return { kind: 'uncertain', error: problem('cut') };
  const said = cleanText(answer ?? error.message, longestAnswer);
  const [basic, enhanced] = codesOf(answer);
  if (isRefusedLogin(error)) {
    const words = byToken ? 'tokenRefused' : 'loginRefused';
    return { kind: 'retry', error: problem(words, { user, answer: said }), after: afterRefusedLogin };
  }
  if (code === 'ETLS' || certificate.test(error.message))
    return { kind: 'retry', error: problem('insecure', { reason: said }), after: null };
  // The letter is larger than the server said it would take, before anything was sent.
  if (code === 'EMESSAGE' && answer === null) return { kind: 'failed', error: problem('tooLarge', { answer: said }) };
  if (basic === null) return { kind: 'retry', error: problem('unreachable', { reason: said }), after: null };
  // 503: the session went wrong, not the letter.
  if (basic < 500 || basic === 503) {
    const full = command === 'RCPT TO' && (/^4\.2\.2/.test(enhanced) || basic === 452);
    const error = full ? problem('mailboxFull', { address: to, answer: said }) : problem('busy', { answer: said });
    return { kind: 'retry', error, after: null };
  }
  const refused = refusal(basic, enhanced, command, said, { from, to });
  // The server's own verdict on the recipient is as good as a bounce; with MAIL FROM it speaks of the sender.
  const speaksOfRecipient = command !== 'MAIL FROM' && isNoMailbox(basic, enhanced, command);
  const email = speaksOfRecipient ? normaliseEmail(to) : null;
  const dead = email === null ? {} : { undeliverable: { email, status: enhanced || '5.0.0', why: said } };
  return { kind: 'failed', error: refused, ...dead };
}

/** Whether the server says that there is no such mailbox. */
function isNoMailbox(basic: number, enhanced: string, command: string | null): boolean {
  if (enhanced !== '') return /^5\.1\.[0123]$/.test(enhanced);
  return command === 'RCPT TO' && (basic === 550 || basic === 551 || basic === 553);
}

const certificate = /certificate|self.signed|altnames/i;

/** What a 5xx means, by the enhanced code (RFC 3463) first, then by where it was said. */
function refusal(
  basic: number,
  enhanced: string,
  command: string | null,
  answer: string,
  { from, to }: Pick<Concerned, 'from' | 'to'>,
): string {
  if (isNoMailbox(basic, enhanced, command)) return problem('noMailbox', { address: to, answer });
  if (/^5\.2\.2$/.test(enhanced)) return problem('mailboxFull', { address: to, answer });
  if (/^5\.(2|3)\.(3|4)$/.test(enhanced)) return problem('tooLarge', { answer });
  if (/^5\.1\.[78]$/.test(enhanced) || command === 'MAIL FROM') {
    // The size of a letter is told with its sender.
    return basic === 552 ? problem('tooLarge', { answer }) : problem('senderRefused', { address: from, answer });
  }
  if (command === 'RCPT TO') {
    if (basic === 552) return problem('mailboxFull', { address: to, answer });
    return problem('recipientRefused', { address: to, answer });
  }
  if (basic === 552) return problem('tooLarge', { answer });
  return problem('refused', { answer });
}

/** `550 5.1.1 …` as [550, '5.1.1']. */
function codesOf(answer: string | null): readonly [number | null, string] {
  const found = /^(\d{3})[ -](\d\.\d{1,3}\.\d{1,3})?/.exec(answer ?? '');
  return found === null ? [null, ''] : [Number(found[1]), found[2] ?? ''];
}
