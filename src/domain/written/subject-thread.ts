import { timeText } from '../call/call-facts.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { WrittenContact } from './written-contact.ts';

/** How long a conversation is found by its subject, and how far behind the clock of who answers may be, in milliseconds. */
const subjectWindow = 30 * 86_400_000;
const slowestClock = 3_600_000;
/** Letters of one participant that are looked at, the newest. */
export const mostOfParticipant = 50;

/** What mail programs put before the subject of what is answered or passed on, with how often (`Re[2]:`, `RE(3):`). */
const marks =
  /^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|ha|отв|ответ|на|пер|пересл)(?:\s*[[(^]\s*\d+(?:\s*[\])])?)?\s*[:：]\s*)+/iu;

/** Subjects that everybody writes: two letters that have one of them have nothing in common by that. */
const generic: ReadonlySet<string> = new Set(
  `акт,без темы,вопрос,вопросы,добрый день,доброе утро,добрый вечер,договор,документ,документы,заказ,заявка,здравствуйте,запрос,информация,
  коммерческое предложение,новое сообщение,оплата,письмо,поставка,предложение,привет,прайс,прайс лист,приветствую,реквизиты,сообщение,срочно,
  счет,счет на оплату,счета,тест,уточнение,файл,файлы,фото,цена,цены,contract,document,documents,good day,hello,info,information,invoice,
  message,new message,no subject,offer,order,payment,photo,price,price list,question,quote,request,scan,test,urgent`
    .split(',')
    .map((one) => one.trim()),
);
/** Letters and digits that a subject needs to tell anything. */
const fewest = 5;

/** The subject as conversations are found by it, of a letter that says it answers or passes on; null where it tells nothing. */
export function answeredSubject(subject: string | null): string | null {
  return subject === null || !marks.test(subject) ? null : bareSubject(subject);
}

/** A subject without its marks, as it is compared; null where it tells nothing. */
export function bareSubject(subject: string | null): string | null {
  const words = (subject ?? '').replace(marks, '').normalize('NFC').toLowerCase().replaceAll('ё', 'е');
  const bare = words.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return bare.replaceAll(' ', '').length < fewest || generic.has(bare) ? null : bare;
}

/**
 * The subject by which a letter's conversation may be looked for, since nothing that it names as answered is known: some mail
 * programs name nothing, some services give our letters other names. Null where it must not be.
 */
export function subjectOf({ channel, automatic, subject, direction }: WrittenContact): string | null {
  return channel !== 'email' || automatic !== null || direction === 'internal' ? null : answeredSubject(subject);
}

/** From when to when what a letter answers was written, RFC 3339: its own date is whole seconds of a clock that may be behind. */
export function answeredSpan({
  at,
  arrivedAt = at,
}: Pick<WrittenContact, 'at' | 'arrivedAt'>): readonly [string, string] {
  const latest = Math.max(at + 999, Math.min(arrivedAt, at + slowestClock));
  return [timeText(at - subjectWindow), timeText(latest)];
}

/** Of earlier letters to or from a participant, newest first, the one whose conversation has this subject; or null. */
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
