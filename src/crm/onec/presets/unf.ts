import { catalogBase, composite, date, flag, number, optional, reference, text, textOf } from './attributes.ts';
import { contactInformation, employees, users } from './parts/people.ts';
import type { LinkRegister, Preset, UsedObject } from './preset.ts';

const card = { ...catalogBase, IsFolder: flag, Ответственный: reference };

const clients: readonly UsedObject[] = [
  {
    set: 'Catalog_Контрагенты',
    purpose: 'clients',
    attributes: { ...card, ЮридическоеФизическоеЛицо: optional(text) },
    sections: contactInformation,
  },
  { set: 'Catalog_КонтактныеЛица', purpose: 'clients', attributes: card, sections: contactInformation },
  {
    set: 'Catalog_Лиды',
    purpose: 'clients',
    isOptional: true,
    attributes: { ...card, ДатаЗавершенияРаботы: date },
    sections: contactInformation,
  },
  {
    set: 'Catalog_КонтактыЛидов',
    purpose: 'clients',
    isOptional: true,
    attributes: { ...catalogBase, Owner: reference },
    sections: contactInformation,
  },
  {
    set: 'InformationRegister_СвязиКонтрагентКонтакт',
    purpose: 'clients',
    attributes: { Period: date, Контрагент: reference, Контакт: reference, СвязьНедействительна: flag },
  },
];

const leads: UsedObject = {
  set: 'Catalog_ИсточникиПривлеченияПокупателей',
  purpose: 'leads',
  isOptional: true,
  attributes: catalogBase,
};

const events: readonly UsedObject[] = [
  {
    set: 'Document_Событие',
    purpose: 'events',
    attributes: {
      Date: date,
      DeletionMark: flag,
      ТипСобытия: text,
      ВходящееИсходящееСобытие: text,
      НачалоСобытия: date,
      ОкончаниеСобытия: date,
      Состояние: reference,
      Ответственный: reference,
      Автор: reference,
      Тема: composite,
      Содержание: text,
      ДокументОснование: optional(composite),
    },
    sections: { Участники: { Контакт: composite, КакСвязаться: text } },
  },
  { set: 'Catalog_СостоянияСобытий', purpose: 'events', attributes: catalogBase },
  {
    set: 'InformationRegister_ДанныеЗвонков',
    purpose: 'events',
    isOptional: true,
    attributes: {
      Событие: reference,
      ИдентификаторЗвонкаВАТС: textOf(64),
      ДлительностьРазговора: number,
      Неотвеченный: flag,
      СсылкаНаЗаписьРазговора: text,
    },
  },
];

const links: LinkRegister = {
  set: 'InformationRegister_СвязиКонтрагентКонтакт',
  client: 'Контрагент',
  person: 'Контакт',
  invalid: 'СвязьНедействительна',
  persons: 'Catalog_КонтактныеЛица',
};

/** Управление нашей фирмой 3. */
export const unf: Preset = {
  name: 'unf',
  title: 'Управление нашей фирмой 3',
  family: 'unf',
  objects: [...clients, users, ...employees, ...events, leads],
  clients: [
    {
      role: 'counterparty',
      set: 'Catalog_Контрагенты',
      responsible: 'Ответственный',
      legalForm: 'ЮридическоеФизическоеЛицо',
      hasFolders: true,
      related: [],
      links,
    },
    {
      role: 'person',
      set: 'Catalog_КонтактныеЛица',
      responsible: 'Ответственный',
      legalForm: null,
      hasFolders: true,
      related: [],
      unlinked: links,
    },
    {
      role: 'lead',
      set: 'Catalog_Лиды',
      responsible: 'Ответственный',
      legalForm: null,
      hasFolders: true,
      // Leads that nobody works on any more are over.
      only: "ДатаЗавершенияРаботы eq datetime'0001-01-01T00:00:00'",
      related: [{ role: 'leadPerson', set: 'Catalog_КонтактыЛидов', owner: 'Owner' }],
    },
  ],
  staff: {
    responsible: 'Catalog_Сотрудники',
    employees: 'InformationRegister_СотрудникиПользователя',
    extensions: 'InformationRegister_НастройкиПользователейТелефонии',
  },
};
