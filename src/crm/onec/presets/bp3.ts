import { catalogBase, composite, flag, optional, text } from './attributes.ts';
import { contactInformation, users } from './parts/people.ts';
import type { Preset } from './preset.ts';

/** Бухгалтерия предприятия 3: a directory of clients without responsible persons, deals and interactions. */
export const bp3: Preset = {
  name: 'bp3',
  title: 'Бухгалтерия предприятия 3',
  family: 'accounting',
  objects: [
    {
      set: 'Catalog_Контрагенты',
      purpose: 'clients',
      attributes: { ...catalogBase, IsFolder: flag, ЮридическоеФизическоеЛицо: optional(text) },
      sections: contactInformation,
    },
    {
      set: 'Catalog_КонтактныеЛица',
      purpose: 'clients',
      isOptional: true,
      attributes: { ...catalogBase, Owner: composite },
      sections: contactInformation,
    },
    users,
  ],
  clients: [
    {
      role: 'counterparty',
      set: 'Catalog_Контрагенты',
      responsible: null,
      legalForm: 'ЮридическоеФизическоеЛицо',
      hasFolders: true,
      related: [{ role: 'person', set: 'Catalog_КонтактныеЛица', owner: 'Owner', composite: true }],
    },
  ],
  staff: { responsible: 'Catalog_Пользователи', employees: null, extensions: null },
};
