import type { Channel } from '../../../../domain/interaction/interaction.ts';
import type { Fields } from '../../../../runtime/http/fields.ts';
import { bestRecording } from '../../../shared/best-recording.ts';
import { guid, quoted } from '../../api/literals.ts';
import { baseTime } from '../../api/times.ts';
import { fitting, pointing, referring, wording } from '../attributes.ts';
import type { PlannedDocument, PlannedRecord, Sources } from '../planned.ts';
import { addressOf, callText, markOf, nameOf, subjectOf, writtenText } from '../words.ts';
import { rowsOf } from './limited.ts';

export const eventSet = 'Document_Событие';
const callData = 'InformationRegister_ДанныеЗвонков';

const types: Readonly<Record<Channel, string>> = {
  call: 'ТелефонныйЗвонок',
  email: 'ЭлектронноеПисьмо',
  message: 'Прочее',
  form: 'Прочее',
  meeting: 'ЛичнаяВстреча',
};

/** An event of УНФ, which is what it has for every kind of contact. It has no comment, so our mark ends its text. */
export function event(sources: Sources): PlannedDocument {
  const { contact, mapping, owner, timezone, eventState } = sources;
  const at = (time: string) => baseTime(Date.parse(time), timezone);
  const text = contact.channel === 'call' ? callText(contact) : writtenText(contact);
  return {
    fields: {
      Date: at(contact.startedAt),
      ТипСобытия: types[contact.channel],
      ВходящееИсходящееСобытие: contact.direction === 'inbound' ? 'Входящее' : 'Исходящее',
      НачалоСобытия: at(contact.startedAt),
      ОкончаниеСобытия: at(contact.endedAt ?? contact.startedAt),
      ...wording('Тема', fitting(subjectOf(contact), eventSet, 'Тема', mapping)),
      Содержание: fitting(`${text}\n\n${markOf(contact)}`, eventSet, 'Содержание', mapping),
      ...referring('Ответственный', owner?.responsible ?? null),
      ...referring('Автор', owner?.user ?? null),
      ...(eventState !== null && referring('Состояние', eventState)),
      Участники: participantRows(sources),
    },
    records: (key) => (contact.channel === 'call' && mapping.hasSet(callData) ? [callRecord(key, sources)] : []),
  };
}

function participantRows({ contact, mapping, participants }: Sources): readonly Fields[] {
  const given = participants.map((one) => pointing('Контакт', one));
  const rows = given.length > 0 ? given : [wording('Контакт', nameOf(contact))];
  return rowsOf(
    rows.map((row) => ({ ...row, КакСвязаться: addressOf(contact) })),
    'Участники',
    eventSet,
    mapping,
  );
}

/** The record by which УНФ knows a call's length and recording. */
function callRecord(key: string, { contact, mapping }: Sources): PlannedRecord {
  const recording = bestRecording(contact, null);
  return {
    name: 'data',
    set: callData,
    key: { Событие_Key: guid(key), ИдентификаторЗвонкаВАТС: quoted(contact.id) },
    dimensions: { ...referring('Событие', key), ИдентификаторЗвонкаВАТС: contact.id },
    fields: {
      ДлительностьРазговора: String(contact.talkSeconds ?? 0),
      Неотвеченный: contact.state !== 'answered',
      СсылкаНаЗаписьРазговора: fitting(recording?.url ?? '', callData, 'СсылкаНаЗаписьРазговора', mapping),
    },
  };
}
