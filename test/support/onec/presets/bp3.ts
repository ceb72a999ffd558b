import { catalog, type Preset } from '../metadata/description.ts';
import { oneOf, ref, text } from '../metadata/types.ts';
import { listedContactInformation } from './parts/contact-information.ts';
import { people, unverifiedPeople } from './parts/people.ts';

/** 1С:Бухгалтерия предприятия 3.0: a directory without sales, calls or letters. */
export const bp3: Preset = {
  name: 'bp3',
  title: 'Бухгалтерия предприятия 3.0',
  objects: [
    catalog('Контрагенты', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: {
        НаименованиеПолное: text(),
        ИНН: text(12),
        КПП: text(9),
        ЮридическоеФизическоеЛицо: oneOf('ЮридическоеФизическоеЛицо'),
        ОсновноеКонтактноеЛицо: ref('Catalog_КонтактныеЛица'),
        Комментарий: text(),
      },
      sections: { КонтактнаяИнформация: listedContactInformation },
    }),
    catalog('КонтактныеЛица', {
      codeLength: 9,
      owners: ['Catalog_Контрагенты', 'Catalog_ФизическиеЛица'],
      attributes: { Должность: text(100), Комментарий: text() },
      sections: { КонтактнаяИнформация: listedContactInformation },
    }),
    ...people,
  ],
  unverified: {
    ...unverifiedPeople,
    Catalog_Контрагенты: 'no dump was read; the БСП base is assumed',
    Catalog_КонтактныеЛица: 'no dump was read: owners, lengths and the section are assumed',
  },
};
