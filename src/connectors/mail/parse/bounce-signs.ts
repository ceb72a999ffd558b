import { bounceSentences, bounceSubjects, mailWords } from './bounce-words.ts';
import type { LetterHead } from './model.ts';

/** Senders that are programs of mail servers, and never people. */
const daemon =
  /^(?:[\w.-]*mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|maildeliverysubsystem|mail[-_.]delivery[-_.](?:sub)?system)$/;
/** Senders that are such programs if they speak of delivery at all. */
const postmaster = /^(?:post_?master|bounces?|mailer|mail(?:admin|system)|[\w.+-]*-bounces?)$/;
/** Senders that are any kind of program. */
const program =
  /^(?:root|system|administrator|daemon|exchange|notes|admin|mail|no-?reply|[\w.+-]*-admin|imss|inetgw\d*)$|smtp|antivirus/;
/** Names that only programs have. */
const daemonName =
  /mailer[-_ ]?daemon|mail delivery (?:sub)?system|mail delivery service|internet mail delivery|mail system error|delivery (?:status )?notification|returned mail|undeliverable|system administrator|системный администратор|служба доставки почты|почтовая служба|microsoft exchange|mail server at \S/i;
/** A bounce says so at its beginning; further below a human may quote one. */
const maxRead = 3000;
const maxSubject = 200;

/**
 * Whether a mail system reports that a letter could not be delivered: by its content type, or by its sender together with its words,
 * because many servers have words only. Without `text` only the headers decide.
 */
export function isBounce(letter: LetterHead, text = ''): boolean {
  const header = (name: string) => letter.headers.get(name)?.[0]?.trim() ?? '';
  const type = header('content-type').toLowerCase();
  if (/multipart\/report/.test(type)) return !/disposition-notification/.test(type);
  if (letter.headers.has('x-failed-recipients')) return true;
  if (/^complaint about message from [\d.]+$/.test(letter.subject ?? '')) return true;
  const sender = senderOf(letter);
  if (daemon.test(sender.local)) return true;
  const subject = letter.subject?.trim() ?? '';
  const bySubject = saysOneOf(bounceSubjects, subject.slice(0, maxSubject));
  const byText = saysOneOf(bounceSentences, text.slice(0, maxRead));
  const isNullSender = header('return-path') === '<>' || (letter.replyTo === null && /<\s*>\s*$/.test(header('from')));
  if (postmaster.test(sender.local) || daemonName.test(sender.name)) return isNullSender || bySubject || byText;
  // A human may answer a bounce, or send it on. In the words of trade, goods are not delivered either.
  const isProgram = isNullSender || program.test(sender.local) || /^auto-/i.test(header('auto-submitted'));
  if (!isProgram || /^(?:re|fw|fwd|отв|ответ|пер|aw|wg|tr)[^:]{0,5}:/i.test(subject)) return false;
  return bySubject && byText && saysOneOf(mailWords, text.slice(0, maxRead));
}

function saysOneOf(patterns: readonly RegExp[], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** The sender as it stands in the header: some servers leave out their domain. */
function senderOf({ from, headers }: LetterHead): { readonly local: string; readonly name: string } {
  const header = headers.get('from')?.[0]?.slice(0, 500) ?? '';
  const bare = (/<([^<>]{1,100})>/.exec(header)?.[1] ?? header.split('(', 1)[0] ?? '').trim();
  const address = from?.address ?? bare;
  return { local: (address.split('@')[0] ?? '').toLowerCase(), name: from?.name ?? header };
}
