import { baseTime } from '../../api/times.ts';
import { existing, fitting, pointing, referring } from '../attributes.ts';
import type { PlannedDocument, Sources } from '../planned.ts';
import { addressOf, callText, markOf, nameOf, subjectOf } from '../words.ts';

const set = 'Document_ТелефонныйЗвонок';

/** A call, with the date of its true beginning. 1C has no field for its length, except for СофтФон's. */
export function phoneCall({ contact, mapping, participants, owner, timezone }: Sources): PlannedDocument {
  const limited = (attribute: string, text: string) => ({ [attribute]: fitting(text, set, attribute, mapping) });
  const isAnswered = contact.state === 'answered';
  return {
    set,
    markedIn: 'Комментарий',
    fields: {
      Date: baseTime(Date.parse(contact.startedAt), timezone),
      Входящий: contact.direction === 'inbound',
      ...pointing('АбонентКонтакт', participants[0] ?? null),
      ...limited('АбонентКакСвязаться', addressOf(contact)),
      ...limited('АбонентПредставление', nameOf(contact)),
      ...limited('Тема', subjectOf(contact)),
      ...limited('Описание', callText(contact)),
      ...limited('Комментарий', markOf(contact)),
      ...referring('Ответственный', owner?.responsible ?? null),
      ...referring('Автор', owner?.user ?? null),
      ...existing(
        {
          сфпДлительностьЗвонка: contact.talkSeconds ?? 0,
          сфпСостояниеЗвонка: isAnswered ? 'Отвеченный' : 'Пропущенный',
        },
        set,
        mapping,
      ),
    },
    records: () => [],
  };
}
