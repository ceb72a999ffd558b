import { catalogBase, composite, date, flag, optional, reference, text, textOf } from './attributes.ts';
import { interactions } from './parts/interactions.ts';
import { contactInformation, users } from './parts/people.ts';
import { contactPersons, counterparties, partnerClients, partnerParts, partners } from './parts/trade.ts';
import type { Preset, UsedObject } from './preset.ts';

const objects: readonly UsedObject[] = [
  {
    set: 'Document_CRM_Интерес',
    purpose: 'clients',
    attributes: {
      DeletionMark: flag,
      Тема: text,
      Партнер: reference,
      ПотенциальныйКлиент: reference,
      СостояниеИнтереса: reference,
      Завершен: flag,
    },
  },
  {
    set: 'Catalog_CRM_ПотенциальныеКлиенты',
    purpose: 'clients',
    attributes: { ...catalogBase, Партнер: reference },
    sections: contactInformation,
  },
  {
    set: 'Document_CRM_Заявка',
    purpose: 'leads',
    isOptional: true,
    attributes: {
      Date: date,
      Наименование: text,
      Телефон: text,
      ЭлектроннаяПочта: text,
      Ответственный: reference,
      ИДСобытия: textOf(36),
      UTMМетка: text,
      Тема: text,
      Комментарий: text,
      ИсточникПолучения: optional(reference),
    },
  },
  {
    set: 'Document_CRM_СообщениеМессенджера',
    purpose: 'messages',
    isOptional: true,
    attributes: {
      Date: date,
      ВидСообщения: text,
      ID_Сообщения: textOf(36),
      КонтактПредставление: text,
      ТекстСообщения: text,
      Тема: text,
      Ответственный: reference,
      Контакт: optional(composite),
      Прочитано: optional(flag),
    },
  },
];

/** 1С:CRM 3, stand-alone or within Управление торговлей. */
export const crm3: Preset = {
  name: 'crm3',
  title: '1С:CRM 3',
  family: 'crm',
  // By itself it has no Контрагенты.
  objects: [partners, contactPersons, { ...counterparties, isOptional: true }, ...objects, users, ...interactions],
  clients: [
    {
      ...partnerClients,
      related: [
        ...partnerParts,
        {
          role: 'deal',
          set: 'Document_CRM_Интерес',
          owner: 'Партнер',
          only: 'Завершен eq false',
          name: 'Тема',
          stage: 'СостояниеИнтереса',
        },
      ],
    },
    {
      role: 'lead',
      set: 'Catalog_CRM_ПотенциальныеКлиенты',
      responsible: null,
      legalForm: null,
      hasFolders: false,
      // One that has become a partner is found there.
      only: "Партнер_Key eq guid'00000000-0000-0000-0000-000000000000'",
      related: [
        {
          role: 'deal',
          set: 'Document_CRM_Интерес',
          owner: 'ПотенциальныйКлиент',
          only: 'Завершен eq false',
          name: 'Тема',
          stage: 'СостояниеИнтереса',
        },
      ],
    },
  ],
  staff: { responsible: 'Catalog_Пользователи', employees: null, extensions: null },
};
