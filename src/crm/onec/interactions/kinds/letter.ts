import type { Fields } from '../../../../runtime/http/fields.ts';
import { baseTime } from '../../api/times.ts';
import { pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { addressOf, markOf, nameOf, subjectOf, writtenText } from '../words.ts';
import { limited, rowsOf } from './limited.ts';

export const incoming = 'Document_ЭлектронноеПисьмоВходящее';
export const outgoing = 'Document_ЭлектронноеПисьмоИсходящее';
const recipients = 'ПолучателиПисьма';

/** A letter, form or message that we received. */
export function incomingLetter(sources: Sources): PlannedDocument {
  const { contact, mapping, participants, timezone } = sources;
  const { line } = contact;
  const ours = line === null ? [] : [{ Адрес: line.address, Представление: line.label, ...pointing('Контакт', null) }];
  return {
    fields: {
      ...common(incoming, sources),
      ДатаПолучения: baseTime(Date.parse(contact.startedAt), timezone),
      ...limited(
        {
          ОтправительАдрес: addressOf(contact),
          ОтправительПредставление: nameOf(contact),
          СписокПолучателейПисьма: line?.address ?? '',
        },
        incoming,
        mapping,
      ),
      ...pointing('ОтправительКонтакт', participants[0] ?? null),
      [recipients]: rowsOf(ours, recipients, incoming, mapping),
    },
    records: () => [],
  };
}

/** A letter or message that we sent. 1C's own job would send it again if it stood in any other state. */
export function outgoingLetter(sources: Sources): PlannedDocument {
  const { contact, mapping, owner, participants, timezone } = sources;
  const others = contact.participants.map(({ email, name }) => ({
    Адрес: email,
    Представление: name ?? email,
    ...pointing('Контакт', null),
  }));
  const first = {
    Адрес: addressOf(contact),
    Представление: nameOf(contact),
    ...pointing('Контакт', participants[0] ?? null),
  };
  return {
    fields: {
      ...common(outgoing, sources),
      СтатусПисьма: 'Отправлено',
      ДатаОтправления: baseTime(Date.parse(contact.startedAt), timezone),
      ...limited(
        {
          ОтправительПредставление: contact.handledBy?.name ?? contact.line?.label ?? '',
          СписокПолучателейПисьма: [first, ...others].map((one) => one.Адрес).join('; '),
        },
        outgoing,
        mapping,
      ),
      ...referring('Автор', owner?.user ?? null),
      [recipients]: rowsOf([first, ...others], recipients, outgoing, mapping),
    },
    records: () => [],
  };
}

function common(set: string, { contact, mapping, owner, timezone }: Sources): Fields {
  return {
    Date: baseTime(Date.parse(contact.startedAt), timezone),
    ...limited({ Тема: subjectOf(contact), Текст: writtenText(contact), Комментарий: markOf(contact) }, set, mapping),
    ТипТекста: 'ПростойТекст',
    // Files are named in the text, with links.
    ЕстьВложения: false,
    ...referring('Ответственный', owner?.responsible ?? null),
  };
}
