import { catalog, type Preset } from '../metadata/description.ts';
import { text } from '../metadata/types.ts';
import {
  crmBases,
  crmContactInformation,
  crmObjects,
  crmPartnerAttributes,
  softphoneAttributes,
  unverifiedCrm,
} from './parts/crm.ts';
import { unverifiedFiles } from './parts/files.ts';
import { interactions } from './parts/interactions.ts';
import { people, unverifiedPeople } from './parts/people.ts';
import { partners } from './parts/trade.ts';

/** 1С:CRM 3.0 by itself. It has no Контрагенты. */
export const crm3: Preset = {
  name: 'crm3',
  title: '1С:CRM 3.0.7.1, stand-alone',
  objects: [
    partners({
      attributes: crmPartnerAttributes,
      sections: { КонтактнаяИнформация: crmContactInformation },
    }),
    catalog('КонтактныеЛицаПартнеров', {
      attributes: { ДолжностьПоВизитке: text(100), Комментарий: text() },
      sections: { КонтактнаяИнформация: crmContactInformation },
    }),
    ...people,
    ...interactions({
      contacts: [
        'Catalog_Партнеры',
        'Catalog_КонтактныеЛицаПартнеров',
        'Catalog_ФизическиеЛица',
        'Catalog_CRM_ПотенциальныеКлиенты',
      ],
      subjects: ['Document_CRM_Интерес'],
      bases: crmBases,
      messageId: 200,
      smsId: 20,
      callExtras: softphoneAttributes,
    }),
    ...crmObjects,
    ...['ГруппыДоступаПартнеров', 'БизнесРегионы', 'Организации'].map((name) => catalog(name)),
  ],
  unverified: {
    ...unverifiedCrm,
    ...unverifiedFiles,
    ...unverifiedPeople,
    Catalog_Партнеры: 'the dump that was read had been altered by its owner; required attributes may be his',
    'Catalog_КонтактныеЛицаПартнеров.ДолжностьПоВизитке': 'its length was not read',
    'InformationRegister_ПредметыПапкиВзаимодействий.Предмет': 'the subject types of 1С:CRM were not read',
  },
};
