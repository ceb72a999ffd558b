import { baseTime } from '../../api/times.ts';
import { existing, pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { addressOf, callText, markOf, nameOf, subjectOf } from '../words.ts';
import { limited } from './limited.ts';

export const callSet = 'Document_ТелефонныйЗвонок';

/** A call, with the date of its true beginning. 1C has no field for its length, except for СофтФон's. */
export function phoneCall({ contact, mapping, participants, owner, timezone }: Sources): PlannedDocument {
  return {
    fields: {
      Date: baseTime(Date.parse(contact.startedAt), timezone),
      Входящий: contact.direction === 'inbound',
      ...pointing('АбонентКонтакт', participants[0] ?? null),
      ...limited(
        {
          АбонентКакСвязаться: addressOf(contact),
          АбонентПредставление: nameOf(contact),
          Тема: subjectOf(contact),
          Описание: callText(contact),
          Комментарий: markOf(contact),
        },
        callSet,
        mapping,
      ),
      ...referring('Ответственный', owner?.responsible ?? null),
      ...referring('Автор', owner?.user ?? null),
      ...existing(
        {
          сфпДлительностьЗвонка: contact.talkSeconds ?? 0,
          сфпСостояниеЗвонка: contact.state === 'answered' ? 'Отвеченный' : 'Пропущенный',
        },
        callSet,
        mapping,
      ),
    },
    records: () => [],
  };
}
