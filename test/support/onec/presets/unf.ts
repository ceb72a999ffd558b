import { catalog, document, type Preset, register } from '../metadata/description.ts';
import { anyOf, date, flag, long, oneOf, ref, required, short, text } from '../metadata/types.ts';
import { contactInformation } from './parts/contact-information.ts';
import { people, unverifiedPeople } from './parts/people.ts';

const employee = ref('Catalog_Сотрудники');
const user = ref('Catalog_Пользователи');
const source = ref('Catalog_ИсточникиПривлеченияПокупателей');
const direction = oneOf('ВходящееИсходящееСобытие', ['Входящее', 'Исходящее']);
const callers = anyOf(['Catalog_Лиды', 'Catalog_КонтактныеЛица', 'Catalog_Контрагенты']);
const searchable = { АдресЭПДляПоиска: text(100), НомерТелефонаДляПоиска: text(100) };

/** 1С:Управление нашей фирмой 3.0. */
export const unf: Preset = {
  name: 'unf',
  title: 'Управление нашей фирмой 3.0.5.199',
  objects: [
    catalog('Контрагенты', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: {
        НаименованиеПолное: text(),
        ВидКонтрагента: required(oneOf('ВидыКонтрагентов')),
        ГруппаДоступа: required(ref('Catalog_ГруппыДоступаКонтрагентов')),
        ДатаСоздания: date,
        ...searchable,
        ИсточникПривлеченияПокупателя: source,
        ИНН: text(12),
        КПП: text(9),
        Комментарий: text(),
        КонтактноеЛицо: ref('Catalog_КонтактныеЛица'),
        Недействителен: flag,
        ОсновныеСведения: text(1024),
        Ответственный: employee,
        Покупатель: flag,
        Поставщик: flag,
        ПрочиеОтношения: flag,
        ЮридическоеФизическоеЛицо: required(oneOf('ЮридическоеФизическоеЛицо')),
      },
      sections: {
        КонтактнаяИнформация: { ...contactInformation, ДействуетС: date, ОбратныйНомерТелефона: text(10) },
      },
    }),
    catalog('КонтактныеЛица', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: {
        ...searchable,
        ГруппаДоступа: required(ref('Catalog_ГруппыДоступаКонтрагентов')),
        ДатаСоздания: date,
        ИсточникПривлечения: source,
        Комментарий: text(),
        Недействителен: flag,
        ОсновныеСведения: text(1024),
        Ответственный: employee,
        СписокРолей: text(1024),
      },
      sections: { КонтактнаяИнформация: contactInformation },
    }),
    catalog('Лиды', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: {
        ...searchable,
        ГруппаДоступа: required(ref('Catalog_ГруппыДоступаЛидов')),
        ДатаСоздания: date,
        ДатаЗавершенияРаботы: date,
        ИсточникПривлечения: source,
        Комментарий: text(),
        НаименованиеКомпании: text(),
        ОсновныеСведения: text(1024),
        Ответственный: employee,
        СостояниеЛида: required(ref('Catalog_СостоянияЛидов')),
      },
      sections: { КонтактнаяИнформация: contactInformation },
    }),
    catalog('КонтактыЛидов', {
      codeLength: 9,
      owners: ['Catalog_Лиды'],
      sections: { КонтактнаяИнформация: contactInformation },
    }),
    catalog('Сотрудники', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: { Недействителен: flag, ФизическоеЛицо: ref('Catalog_ФизическиеЛица') },
    }),
    catalog('СостоянияСобытий', { codeLength: 9, nameLength: 50, attributes: { Описание: text() } }),
    catalog('СостоянияЛидов', { codeLength: 9, nameLength: 25 }),
    catalog('ИсточникиПривлеченияПокупателей', {
      codeLength: 9,
      hierarchy: 'folders',
      attributes: { Недействителен: flag },
    }),
    ...['ГруппыДоступаКонтрагентов', 'ГруппыДоступаЛидов', 'ТемыСобытий', 'АдресатыПисем', 'Проекты'].map((name) =>
      catalog(name),
    ),
    ...people,
    document(
      'Событие',
      {
        Автор: user,
        ВходящееИсходящееСобытие: direction,
        ДокументОснование: anyOf(['Document_Событие']),
        ИсточникПривлечения: source,
        НачалоСобытия: date,
        ОкончаниеСобытия: date,
        Ответственный: employee,
        Проект: ref('Catalog_Проекты'),
        Содержание: text(),
        СодержаниеHTML: text(),
        Состояние: required(ref('Catalog_СостоянияСобытий')),
        СписокУчастников: text(),
        Тема: anyOf(['Catalog_ТемыСобытий'], { text: true }),
        ТипСобытия: required(
          oneOf('ТипыСобытий', [
            'ТелефонныйЗвонок',
            'ЛичнаяВстреча',
            'ЭлектронноеПисьмо',
            'СообщениеSMS',
            'Запись',
            'Прочее',
          ]),
        ),
      },
      {
        Участники: {
          КакСвязаться: text(100),
          НомерДляОтправки: text(30),
          ИдентификаторСообщения: text(20),
          Контакт: required(
            anyOf(
              [
                'Catalog_Лиды',
                'Catalog_КонтактыЛидов',
                'Catalog_КонтактныеЛица',
                'Catalog_АдресатыПисем',
                'Catalog_Контрагенты',
              ],
              { text: true },
            ),
          ),
        },
      },
    ),
    register(
      'ДанныеЗвонков',
      { Событие: ref('Document_Событие'), ИдентификаторЗвонкаВАТС: text(128) },
      {
        ВходящееИсходящее: direction,
        ДатаСобытия: date,
        НачалоРазговора: date,
        ДлительностьРазговора: long,
        Контрагент: callers,
        Неотвеченный: flag,
        НомерКому: text(50),
        НомерОтКого: text(50),
        НомерОрганизации: text(50),
        СсылкаНаЗаписьРазговора: text(),
        ВызовЗавершен: flag,
        Сотрудник: employee,
        ТребуетсяЗапроситьЗаписьРазговора: flag,
        ДатаСозданияЗаписи: date,
      },
    ),
    register(
      'ТекущиеВходящиеЗвонки',
      { ПользовательКому: user },
      {
        АбонентОтКого: callers,
        ДатаЗвонка: date,
        НомерТелефонаАбонента: text(50),
        Событие: ref('Document_Событие'),
        ВходящееИсходящее: direction,
        ИдентификаторЗвонкаВАТС: text(128),
      },
    ),
    register(
      'НастройкиПользователейТелефонии',
      { Пользователь: user },
      { ВнутреннийНомер: text(100), ИсходящийНомер: text(50), ВнутреннийИдентификаторВАТС: text(255) },
    ),
    register(
      'КонтактЦентрВходящее',
      { Источник: anyOf(['Document_Событие']), Ответственный: employee },
      { ЭтоОбсуждениеМессенджера: flag, Описание: text(), ОтКого: text(), ТипВнешнейСистемы: text(30) },
    ),
    register('СотрудникиПользователя', { Сотрудник: employee, Пользователь: user }, {}),
    register(
      'СвязиКонтрагентКонтакт',
      { Period: date, Контрагент: ref('Catalog_Контрагенты'), Контакт: ref('Catalog_КонтактныеЛица') },
      { Должность: text(150), СвязьНедействительна: flag, Порядок: short, Автор: user },
    ),
    register('СвязиКонтрагентЛид', { Контрагент: ref('Catalog_Контрагенты'), Лид: ref('Catalog_Лиды') }, {}),
    register('НеобрабатываемыеТелефонныеНомера', { НомерТелефонаАбонента: text(50) }, {}),
  ],
  unverified: {
    ...unverifiedPeople,
    'Catalog_Контрагенты.ВидКонтрагента': 'the values of its enumeration were not read',
    'Catalog_Контрагенты.ЮридическоеФизическоеЛицо': 'the values of its enumeration were not read',
    'Document_Событие.ДокументОснование': 'its other types are documents that are left out here',
    'InformationRegister_КонтактЦентрВходящее.Источник': 'its other types were not read',
  },
};
