import { catalogBase, flag, optional, reference, text } from '../attributes.ts';
import type { ClientSet, Preset, RelatedSet, UsedObject } from '../preset.ts';
import { interactions } from './interactions.ts';
import { contactInformation, users } from './people.ts';

/** Partners, as УТ, КА, ERP and 1С:CRM have them. */
export const partners: UsedObject = {
  set: 'Catalog_Партнеры',
  purpose: 'clients',
  attributes: { ...catalogBase, ОсновнойМенеджер: reference, ЮрФизЛицо: optional(text) },
  sections: contactInformation,
};

/** Contact persons of partners. */
export const contactPersons: UsedObject = {
  set: 'Catalog_КонтактныеЛицаПартнеров',
  purpose: 'clients',
  attributes: { ...catalogBase, Owner: reference },
  sections: contactInformation,
};

/** The companies behind partners. */
export const counterparties: UsedObject = {
  set: 'Catalog_Контрагенты',
  purpose: 'clients',
  attributes: { ...catalogBase, Партнер: reference },
  sections: contactInformation,
};

const deals: UsedObject = {
  set: 'Catalog_СделкиСКлиентами',
  purpose: 'clients',
  attributes: { ...catalogBase, Партнер: reference, Статус: text, Закрыта: flag },
};

/** Contact persons and companies of a partner. */
export const partnerParts: readonly RelatedSet[] = [
  { role: 'counterparty', set: 'Catalog_Контрагенты', owner: 'Партнер' },
  { role: 'person', set: 'Catalog_КонтактныеЛицаПартнеров', owner: 'Owner' },
];

/** Partners as clients; what is missing in `deals` differs. */
export const partnerClients: Omit<ClientSet, 'related'> = {
  role: 'partner',
  set: 'Catalog_Партнеры',
  responsible: 'ОсновнойМенеджер',
  legalForm: 'ЮрФизЛицо',
  hasFolders: false,
};

/** What УТ 11, КА 2 and ERP 2 share. */
export const trade: Omit<Preset, 'name' | 'title'> = {
  family: 'trade',
  objects: [partners, contactPersons, counterparties, deals, users, ...interactions],
  clients: [
    {
      ...partnerClients,
      related: [
        ...partnerParts,
        {
          role: 'deal',
          set: 'Catalog_СделкиСКлиентами',
          owner: 'Партнер',
          only: 'Закрыта eq false',
          stage: 'Статус',
        },
      ],
    },
  ],
  staff: { responsible: 'Catalog_Пользователи', employees: null, extensions: null },
};
