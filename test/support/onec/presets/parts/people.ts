import { catalog, type ObjectDescription } from '../../metadata/description.ts';
import { flag, guid, ref, text } from '../../metadata/types.ts';
import { listedContactInformation } from './contact-information.ts';

/** What every БСП configuration has for people and their contact information. */
export const people: readonly ObjectDescription[] = [
  catalog('Пользователи', {
    codeLength: 0,
    attributes: {
      Недействителен: flag,
      ФизическоеЛицо: ref('Catalog_ФизическиеЛица'),
      Комментарий: text(),
      Служебный: flag,
      Подготовлен: flag,
      ИдентификаторПользователяИБ: guid,
    },
    sections: { КонтактнаяИнформация: listedContactInformation },
  }),
  catalog('ФизическиеЛица', { codeLength: 10, sections: { КонтактнаяИнформация: listedContactInformation } }),
  catalog('ВидыКонтактнойИнформации', { codeLength: 0, hierarchy: 'folders' }),
];

/** What no source confirms of them. */
export const unverifiedPeople: Readonly<Record<string, string>> = {
  'Catalog_ФизическиеЛица.Code': 'the length of its codes was not read',
};
