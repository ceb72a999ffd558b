import { baseTime } from '../../api/times.ts';
import { pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { addressOf, markOf, nameOf, subjectOf, writtenText } from '../words.ts';
import { limited, rowsOf } from './limited.ts';

export const textMessageSet = 'Document_СообщениеSMS';

/**
 * A message that we sent to a telephone number: the document has no direction. Both it and its rows get a final state,
 * since 1C's jobs send what is outgoing and ask the provider about what is under way.
 */
export function textMessage({ contact, mapping, participants, owner, timezone }: Sources): PlannedDocument {
  const state = contact.state === 'failed' ? 'НеДоставлено' : 'Доставлено';
  const row = {
    ...pointing('Контакт', participants[0] ?? null),
    ПредставлениеКонтакта: nameOf(contact),
    КакСвязаться: addressOf(contact),
    НомерДляОтправки: contact.party.phone ?? '',
    СостояниеСообщения: state,
  };
  return {
    fields: {
      Date: baseTime(Date.parse(contact.startedAt), timezone),
      ...limited(
        { Тема: subjectOf(contact), ТекстСообщения: writtenText(contact), Комментарий: markOf(contact) },
        textMessageSet,
        mapping,
      ),
      Состояние: state,
      ...referring('Ответственный', owner?.responsible ?? null),
      ...referring('Автор', owner?.user ?? null),
      Адресаты: rowsOf([row], 'Адресаты', textMessageSet, mapping),
    },
    records: () => [],
  };
}
