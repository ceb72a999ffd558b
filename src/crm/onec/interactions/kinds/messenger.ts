import { baseTime } from '../../api/times.ts';
import { existing, pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { nameOf, subjectOf, writtenText } from '../words.ts';
import { limited } from './limited.ts';

export const messengerSet = 'Document_CRM_СообщениеМессенджера';

/** A message of 1С:CRM. */
export function messengerMessage({ contact, mapping, participants, owner, timezone }: Sources): PlannedDocument {
  const set = messengerSet;
  const isDealtWith = contact.direction === 'outbound' || contact.answeredAt !== null;
  return {
    fields: {
      Date: baseTime(Date.parse(contact.startedAt), timezone),
      ВидСообщения: contact.direction === 'outbound' ? 'Исходящее' : 'Входящее',
      ...limited(
        {
          ID_Сообщения: contact.id,
          КонтактПредставление: nameOf(contact),
          ТекстСообщения: writtenText(contact),
          Тема: subjectOf(contact),
        },
        set,
        mapping,
      ),
      ...(mapping.has(set, 'Контакт') && pointing('Контакт', participants[0] ?? null)),
      ...existing({ Прочитано: isDealtWith }, set, mapping),
      ...referring('Ответственный', owner?.responsible ?? null),
    },
    records: () => [],
  };
}
