import { catalog, type Preset } from '../metadata/description.ts';
import { ref, text } from '../metadata/types.ts';
import {
  crmBases,
  crmContactInformation,
  crmObjects,
  crmPartnerAttributes,
  crmSubjects,
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
      codeLength: 0,
      owners: ['Catalog_Партнеры'],
      attributes: { Комментарий: text(), сфпПользовательДляПереключенияЗвонков: ref('Catalog_Пользователи') },
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
      subjects: crmSubjects,
      bases: crmBases,
      messageId: 200,
      smsId: 20,
      callExtras: softphoneAttributes,
    }),
    ...crmObjects,
    catalog('МаркетинговыеМероприятия', { attributes: { CRM_UTMМетка: text(150) } }),
    ...['ГруппыДоступаПартнеров', 'БизнесРегионы', 'Организации', 'Проекты'].map((name) => catalog(name)),
  ],
  unverified: {
    ...unverifiedCrm,
    ...unverifiedFiles,
    ...unverifiedPeople,
    'Catalog_МаркетинговыеМероприятия.CRM_UTMМетка': 'its length was not read',
    Catalog_Партнеры: 'the dump that was read had been altered by its owner; required attributes may be his',
    'Catalog_Партнеры.ЮрФизЛицо': 'its enumeration is КомпанияЧастноеЛицо, whose values were not read',
    'Catalog_Партнеры.ГруппаДоступа': 'the dump has none; it is kept so that partners are alike in all presets',
    'Catalog_КонтактныеЛицаПартнеров.Owner': 'the dump has no owner, which looks like a change of its owner',
  },
};
