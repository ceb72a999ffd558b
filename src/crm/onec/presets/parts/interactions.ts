import { composite, date, flag, number, optional, reference, text, textOf } from '../attributes.ts';
import type { Attributes, UsedObject } from '../preset.ts';

const document: Attributes = { Date: date, DeletionMark: flag };
const people: Attributes = { Ответственный: reference, Автор: reference };
const words: Attributes = { Тема: text, Комментарий: text };
const recipients: Attributes = { Адрес: text, Представление: text, Контакт: composite };

/** Attributes of an incoming or outgoing letter. */
const letter: Attributes = {
  ...document,
  ...words,
  Ответственный: reference,
  ИдентификаторСообщения: textOf(100),
  ИдентификаторОснования: optional(textOf(100)),
  Текст: text,
  ТекстHTML: text,
  ТипТекста: text,
  ОтправительПредставление: text,
  СписокПолучателейПисьма: text,
  ЕстьВложения: flag,
  УчетнаяЗапись: reference,
  ВзаимодействиеОснование: composite,
};

/** The documents of the БСП subsystem «Взаимодействия». */
export const interactions: readonly UsedObject[] = [
  {
    set: 'Document_ТелефонныйЗвонок',
    purpose: 'calls',
    attributes: {
      ...document,
      ...words,
      ...people,
      Входящий: flag,
      АбонентКонтакт: composite,
      АбонентКакСвязаться: text,
      АбонентПредставление: text,
      Описание: text,
      ВзаимодействиеОснование: composite,
      // СофтФон and 1С:CRM have fields for what others find in the description.
      сфпДлительностьЗвонка: optional(number),
      сфпИдентификаторЗаписи: optional(text),
      сфпСостояниеЗвонка: optional(text),
    },
  },
  {
    set: 'InformationRegister_ПредметыПапкиВзаимодействий',
    purpose: 'calls',
    attributes: { Взаимодействие: composite, Предмет: composite, Рассмотрено: flag },
  },
  {
    set: 'Constant_ИспользоватьПризнакРассмотрено',
    purpose: 'calls',
    isOptional: true,
    attributes: { Value: flag },
  },
  {
    set: 'Document_ЭлектронноеПисьмоВходящее',
    purpose: 'letters',
    attributes: { ...letter, ДатаПолучения: date, ОтправительАдрес: text, ОтправительКонтакт: composite },
    sections: { ПолучателиПисьма: recipients },
  },
  {
    set: 'Document_ЭлектронноеПисьмоИсходящее',
    purpose: 'letters',
    attributes: { ...letter, Автор: reference, ДатаОтправления: date, СтатусПисьма: text },
    sections: { ПолучателиПисьма: recipients },
  },
  {
    set: 'Document_СообщениеSMS',
    purpose: 'messages',
    isOptional: true,
    attributes: { ...document, ...words, ...people, ТекстСообщения: text, Состояние: text },
    sections: {
      Адресаты: {
        Контакт: composite,
        ПредставлениеКонтакта: text,
        КакСвязаться: text,
        НомерДляОтправки: text,
        СостояниеСообщения: text,
      },
    },
  },
  {
    set: 'Document_Встреча',
    purpose: 'meetings',
    isOptional: true,
    attributes: { ...document, ...words, ...people, Описание: text, ДатаНачала: date, ДатаОкончания: date },
    sections: { Участники: { Контакт: composite, ПредставлениеКонтакта: text, КакСвязаться: text } },
  },
];
