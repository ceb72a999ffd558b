import type { ObjectDescription, Preset } from '../metadata/description.ts';
import { unverifiedFiles } from './parts/files.ts';
import { interactions } from './parts/interactions.ts';
import { people, unverifiedPeople } from './parts/people.ts';
import { contactPersons, counterparties, partners, sales, unverifiedTrade } from './parts/trade.ts';

/** Who may take part in an interaction of УТ, КА and ERP, besides users and text contacts. Never Контрагенты. */
export const tradeContacts = ['Catalog_Партнеры', 'Catalog_КонтактныеЛицаПартнеров', 'Catalog_ФизическиеЛица'];

/** What an interaction of УТ, КА and ERP may be about. */
export const tradeSubjects = [
  'Catalog_МаркетинговыеМероприятия',
  'Catalog_Претензии',
  'Catalog_СделкиСКлиентами',
  'Catalog_Проекты',
];

/** The objects that УТ 11, КА 2 and ERP 2 share. */
export const tradeObjects: readonly ObjectDescription[] = [
  partners(),
  contactPersons,
  counterparties,
  ...sales,
  ...people,
  ...interactions({ contacts: tradeContacts, subjects: tradeSubjects }),
];

/** What no source confirms of them. */
export const unverifiedTradeObjects = { ...unverifiedTrade, ...unverifiedFiles, ...unverifiedPeople };

/** 1С:Управление торговлей 11.5. */
export const ut11: Preset = {
  name: 'ut11',
  title: 'Управление торговлей 11.5 (as read in ERP 2.5.17.219 and БСП 3.1.9)',
  objects: tradeObjects,
  unverified: {
    ...unverifiedTradeObjects,
    Catalog_Партнеры: 'read in ERP 2.5.17, which shares the sales base with УТ 11.5',
  },
};
