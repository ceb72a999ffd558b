import { baseTime } from '../../api/times.ts';
import { pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { addressOf, markOf, nameOf, subjectOf, writtenText } from '../words.ts';
import { limited, rowsOf } from './limited.ts';

export const meetingSet = 'Document_Встреча';

/** A meeting. */
export function meeting({ contact, mapping, participants, owner, timezone }: Sources): PlannedDocument {
  const at = (time: string) => baseTime(Date.parse(time), timezone);
  const row = {
    ...pointing('Контакт', participants[0] ?? null),
    ПредставлениеКонтакта: nameOf(contact),
    КакСвязаться: addressOf(contact),
  };
  return {
    fields: {
      Date: at(contact.startedAt),
      ДатаНачала: at(contact.startedAt),
      ДатаОкончания: at(contact.endedAt ?? contact.startedAt),
      ...limited(
        { Тема: subjectOf(contact), Описание: writtenText(contact), Комментарий: markOf(contact) },
        meetingSet,
        mapping,
      ),
      ...referring('Ответственный', owner?.responsible ?? null),
      ...referring('Автор', owner?.user ?? null),
      Участники: rowsOf([row], 'Участники', meetingSet, mapping),
    },
    records: () => [],
  };
}
