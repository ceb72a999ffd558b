import { timeText } from '../base/time-text.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { WrittenContact } from './written-contact.ts';

/** Maximum age in milliseconds of a conversation that is found by its subject. */
const subjectWindow = 30 * 86_400_000;
/** Maximum milliseconds by which the clock of a sender may be behind. */
const maxClockLag = 3_600_000;
/** Maximum number of a participant's latest letters that are searched. */
export const maxParticipantLetters = 50;

/** Prefixes of replies and forwards, with their counters (`Re[2]:`, `RE(3):`). */
const marks =
  /^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|ha|отв|ответ|на|пер|пересл)(?:\s*[[(^]\s*\d+(?:\s*[\])])?)?\s*[:：]\s*)+/iu;

/** Subjects too common to connect two letters. */
const generic: ReadonlySet<string> = new Set(
  `акт,без темы,вопрос,вопросы,добрый день,доброе утро,добрый вечер,договор,документ,документы,заказ,заявка,здравствуйте,запрос,информация,
  коммерческое предложение,новое сообщение,оплата,письмо,поставка,предложение,привет,прайс,прайс лист,приветствую,реквизиты,сообщение,срочно,
  счет,счет на оплату,счета,тест,уточнение,файл,файлы,фото,цена,цены,contract,document,documents,good day,hello,info,information,invoice,
  message,new message,no subject,offer,order,payment,photo,price,price list,question,quote,request,scan,test,urgent`
    .split(',')
    .map((one) => one.trim()),
);
/** Minimum letters and digits of a meaningful subject. */
const minLetters = 5;

/** The bare subject of a reply or forward; null if it is not one, or its subject is not meaningful. */
export function answeredSubject(subject: string | null): string | null {
  return subject === null || !marks.test(subject) ? null : bareSubject(subject);
}

/** A subject without prefixes, normalised for comparison; null if it is not meaningful. */
export function bareSubject(subject: string | null): string | null {
  const words = (subject ?? '').replace(marks, '').normalize('NFC').toLowerCase().replaceAll('ё', 'е');
  const bare = words.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return bare.replaceAll(' ', '').length < minLetters || generic.has(bare) ? null : bare;
}

/**
 * The subject for finding a letter's conversation if none of its references is known: some mail programs send no references, and some
 * services change the Message-ID of our letters. Null if the subject must not be used.
 */
export function subjectOf({ channel, automatic, subject, direction }: WrittenContact): string | null {
  return channel !== 'email' || automatic !== null || direction === 'internal' ? null : answeredSubject(subject);
}

/** The time span of letters that a letter may answer, RFC 3339. Its date has whole seconds, and its clock may be behind. */
export function answeredSpan({
  at,
  arrivedAt = at,
}: Pick<WrittenContact, 'at' | 'arrivedAt'>): readonly [string, string] {
  const latest = Math.max(at + 999, Math.min(arrivedAt, at + maxClockLag));
  return [timeText(at - subjectWindow), timeText(latest)];
}

/** The latest of a participant's earlier letters whose conversation has this subject, or null. */
export function lastUnder(subject: string, letters: readonly Interaction[]): Interaction | null {
  const found = letters.find(
    (one) =>
      one.channel === 'email' &&
      one.automatic === null &&
      one.mergedInto === null &&
      bareSubject(one.subject) === subject,
  );
  return found ?? null;
}
