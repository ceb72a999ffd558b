import type { Preset } from '../metadata/description.ts';
import {
  crmBases,
  crmContactInformation,
  crmObjects,
  crmPartnerAttributes,
  softphoneAttributes,
  unverifiedCrm,
} from './parts/crm.ts';
import { interactions } from './parts/interactions.ts';
import { people } from './parts/people.ts';
import { contactPersons, counterparties, partners, sales } from './parts/trade.ts';
import { tradeContacts, tradeSubjects, unverifiedTradeObjects } from './ut11.ts';

/** 1С:CRM 3.0 as a module inside Управление торговлей 11. */
export const crm3InUt: Preset = {
  name: 'crm3-in-ut',
  title: '1С:CRM 3.0 in Управление торговлей 11.5',
  objects: [
    partners({
      attributes: crmPartnerAttributes,
      sections: { КонтактнаяИнформация: crmContactInformation },
    }),
    contactPersons,
    counterparties,
    ...sales,
    ...people,
    ...interactions({
      contacts: [...tradeContacts, 'Catalog_CRM_ПотенциальныеКлиенты'],
      subjects: [...tradeSubjects, ...crmBases],
      bases: crmBases,
      callExtras: softphoneAttributes,
    }),
    ...crmObjects,
  ],
  unverified: {
    ...unverifiedTradeObjects,
    ...unverifiedCrm,
    Catalog_Партнеры: 'no dump of the joint configuration was read: it is УТ 11 with the objects of 1С:CRM 3.0 added',
  },
};
