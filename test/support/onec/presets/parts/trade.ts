import { catalog, type ObjectDescription } from '../../metadata/description.ts';
import { anyOf, date, decimal, flag, oneOf, ref, required, short, text } from '../../metadata/types.ts';
import { listedContactInformation } from './contact-information.ts';

const user = ref('Catalog_Пользователи');
const partner = ref('Catalog_Партнеры');
const legalForm = oneOf('ЮрФизЛицо');
const partnersAndPeople = { Партнер: partner, КонтактноеЛицо: ref('Catalog_КонтактныеЛицаПартнеров') };

/** Partners and contact persons of УТ 11, КА 2 and ERP 2, and of 1С:CRM. */
export function partners(extras: Parameters<typeof catalog>[1] = {}): ObjectDescription {
  return catalog('Партнеры', {
    hierarchy: 'items',
    attributes: {
      БизнесРегион: ref('Catalog_БизнесРегионы'),
      ГруппаДоступа: required(ref('Catalog_ГруппыДоступаПартнеров')),
      ДатаРегистрации: date,
      Клиент: flag,
      Комментарий: text(),
      Конкурент: flag,
      НаименованиеПолное: required(text()),
      ОсновнойМенеджер: user,
      Поставщик: flag,
      ПрочиеОтношения: flag,
      ЮрФизЛицо: required(legalForm),
      ...extras.attributes,
    },
    sections: { КонтактнаяИнформация: listedContactInformation, ...extras.sections },
  });
}

/** Contact persons of partners. */
export const contactPersons = catalog('КонтактныеЛицаПартнеров', {
  owners: ['Catalog_Партнеры'],
  attributes: { ДолжностьПоВизитке: text(100), Комментарий: text() },
  sections: { КонтактнаяИнформация: listedContactInformation },
});

/** The companies behind partners; phones are often only here. */
export const counterparties = catalog('Контрагенты', {
  attributes: {
    Партнер: partner,
    ИНН: text(12),
    КПП: text(9),
    НаименованиеПолное: text(),
    ЮрФизЛицо: legalForm,
  },
  sections: { КонтактнаяИнформация: listedContactInformation },
});

/** What sales consist of in УТ 11, КА 2 and ERP 2. */
export const sales: readonly ObjectDescription[] = [
  catalog('СделкиСКлиентами', {
    attributes: {
      Партнер: partner,
      Ответственный: user,
      Статус: required(oneOf('СтатусыСделок', ['ВРаботе', 'Выиграна', 'Проиграна'])),
      Закрыта: flag,
      ВидСделки: required(ref('Catalog_ВидыСделокСКлиентами')),
      ВалютаПервичногоСпроса: required(ref('Catalog_Валюты')),
      ДатаНачала: date,
      ДатаОкончания: date,
      ПотенциальнаяСуммаПродажи: decimal,
      ВероятностьУспешногоЗавершения: short,
      ПричинаПроигрышаСделки: required(ref('Catalog_ПричиныПроигрышаСделок')),
      СоглашениеСКлиентом: ref('Catalog_СоглашенияСКлиентами'),
      Комментарий: text(),
    },
    sections: { ПартнерыИКонтактныеЛица: partnersAndPeople },
  }),
  catalog('Претензии', {
    attributes: {
      Партнер: required(partner),
      Статус: required(oneOf('СтатусыПретензийКлиентов')),
      ДатаРегистрации: required(date),
      ОписаниеПретензии: required(text()),
      ПричинаВозникновения: required(ref('Catalog_ПричиныВозникновенияПретензий')),
      РезультатыОтработки: required(text()),
      Организация: required(ref('Catalog_Организации')),
      Контрагент: required(ref('Catalog_Контрагенты')),
      Валюта: required(ref('Catalog_Валюты')),
      Основание: anyOf(['Document_ТелефонныйЗвонок', 'Document_ЭлектронноеПисьмоВходящее']),
    },
    sections: { ПартнерыИКонтактныеЛица: partnersAndPeople },
  }),
  catalog('МаркетинговыеМероприятия', { attributes: { ДатаНачала: date, ДатаОкончания: date } }),
  catalog('Проекты', { attributes: { Ответственный: user } }),
  ...[
    'ГруппыДоступаПартнеров',
    'БизнесРегионы',
    'ВидыСделокСКлиентами',
    'Валюты',
    'ПричиныПроигрышаСделок',
    'СоглашенияСКлиентами',
    'ПричиныВозникновенияПретензий',
    'Организации',
  ].map((name) => catalog(name)),
];

/** What no source confirms of them. */
export const unverifiedTrade: Readonly<Record<string, string>> = {
  'Catalog_Партнеры.ЮрФизЛицо': 'the name and values of its enumeration were not read',
  'Catalog_КонтактныеЛицаПартнеров.ДолжностьПоВизитке': 'its length was not read',
  'Catalog_СделкиСКлиентами.Статус': 'the name of its enumeration was not read',
  'Catalog_Претензии.Статус': 'the name and values of its enumeration were not read',
  'Catalog_Претензии.Основание': 'its types were not read; there are more than two',
  'Catalog_СделкиСКлиентами.СоглашениеСКлиентом': 'its type was not read',
  Catalog_ПричиныПроигрышаСделок: 'the name of the catalog was not read',
  Catalog_ПричиныВозникновенияПретензий: 'the name of the catalog was not read',
  Catalog_МаркетинговыеМероприятия: 'only its name is known',
  Catalog_Проекты: 'only its name is known',
};
