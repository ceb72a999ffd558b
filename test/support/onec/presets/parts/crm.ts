import {
  catalog,
  characteristicTypes,
  document,
  type ObjectDescription,
  register,
} from '../../metadata/description.ts';
import {
  type Attributes,
  anyOf,
  date,
  decimal,
  flag,
  long,
  oneOf,
  ref,
  required,
  short,
  text,
} from '../../metadata/types.ts';
import { listedContactInformation } from './contact-information.ts';
import { interactionDocuments } from './interactions.ts';

const user = ref('Catalog_Пользователи');
const partner = ref('Catalog_Партнеры');
const person = ref('Catalog_КонтактныеЛицаПартнеров');
const prospect = ref('Catalog_CRM_ПотенциальныеКлиенты');
const contact = anyOf([
  'Catalog_Партнеры',
  'Catalog_КонтактныеЛицаПартнеров',
  'Catalog_ФизическиеЛица',
  'Catalog_СтроковыеКонтактыВзаимодействий',
  'Catalog_Пользователи',
  'Catalog_CRM_ПотенциальныеКлиенты',
]);
const reason = ref('Catalog_CRM_ПричиныОтказаПоИнтересам');
const channel = ref('ChartOfCharacteristicTypes_КаналыРекламныхВоздействий');
const department = required(ref('Catalog_СтруктураПредприятия'));
const party: Attributes = { Партнер: partner, КонтактноеЛицо: person, ПотенциальныйКлиент: prospect };

/** Contact rows of 1С:CRM. */
export const crmContactInformation: Attributes = { ...listedContactInformation, CRM_ОсновнойДляСвязи: flag };

/** What 1С:CRM adds to Партнеры. */
export const crmPartnerAttributes: Attributes = {
  CRM_ИНН: text(12),
  CRM_КПП: text(9),
  сфпПользовательДляПереключенияЗвонков: user,
};

/** What СофтФон and 1С:CRM add to ТелефонныйЗвонок. */
export const softphoneAttributes: Attributes = {
  сфпДлительностьЗвонка: long,
  сфпИдентификаторЗаписи: text(256),
  сфпИдентификаторЗвонка: long,
  сфпСостояниеЗвонка: oneOf('сфпСостоянияЗвонков', ['Отвеченный', 'Пропущенный']),
  сфпCoMagicID: text(12),
  CRM_СкрытьВАРМ: flag,
};

/** What else an interaction of 1С:CRM may be based on. */
export const crmBases = ['Document_CRM_Интерес', 'Document_CRM_Телемаркетинг'];

/** What an interaction of 1С:CRM may be about, besides other interactions. */
export const crmSubjects = [...crmBases, 'Catalog_МаркетинговыеМероприятия', 'Catalog_Проекты'];

/** The documents, catalogs and registers of 1С:CRM itself. */
export const crmObjects: readonly ObjectDescription[] = [
  document(
    'CRM_Интерес',
    {
      Тема: required(text(200)),
      ...party,
      Ответственный: required(user),
      Автор: user,
      Подразделение: department,
      Офис: required(ref('Catalog_CRM_ОфисыКомпании')),
      ТипУслуги: required(ref('Catalog_CRM_ТипУслуги')),
      СостояниеИнтереса: required(ref('Catalog_CRM_СостоянияИнтересов')),
      ВероятностьСделки: short,
      ОжидаемаяВыручка: decimal,
      ДатаСледующегоДействия: date,
      ДатаЗакрытия: date,
      Завершен: flag,
      ПричинаОтказа: reason,
      Описание: text(),
      Организация: ref('Catalog_Организации'),
      Избранный: flag,
      ДокументОснование: anyOf([
        ...interactionDocuments,
        'Document_CRM_СообщениеМессенджера',
        'Document_CRM_Телемаркетинг',
      ]),
    },
    { CRM_Теги: { Тег: ref('Catalog_CRM_Теги') } },
  ),
  document('CRM_Взаимодействие', {
    ВидВзаимодействия: required(ref('Catalog_CRM_ВидыВзаимодействий')),
    Содержание: required(text()),
    Результат: text(),
    Ответственный: required(user),
    Подразделение: department,
    ...party,
    ПлановаяДата: date,
    СтатусВзаимодействия: ref('Catalog_CRM_СостоянияСобытий'),
    СостояниеИнтереса: ref('Catalog_CRM_СостоянияИнтересов'),
    ИсточникИнформации: channel,
    Задача: ref('Task_ЗадачаИсполнителя'),
    ДокументОснование: anyOf([...crmBases, 'Task_ЗадачаИсполнителя']),
  }),
  document('CRM_Заявка', {
    Наименование: text(150),
    Телефон: text(50),
    ЭлектроннаяПочта: text(50),
    Ответственный: user,
    ИсточникПолучения: ref('Catalog_CRM_ИсточникиПолученияЛидов'),
    КаналПервичногоИнтереса: channel,
    ИсточникПервичногоИнтереса: anyOf(['Catalog_МаркетинговыеМероприятия', 'Catalog_Партнеры']),
    ИДСобытия: text(36),
    UTMМетка: text(150),
    CRM_СкрытьВАРМ: flag,
    Тема: text(),
    Организация: text(150),
    Комментарий: text(),
    Контакт: contact,
  }),
  document('CRM_СообщениеМессенджера', {
    ВидСообщения: oneOf('CRM_ВидыСообщенияМессенджера', ['Входящее', 'Исходящее']),
    ID_Пользователя: text(36),
    ID_Сообщения: text(50),
    Группа: text(36),
    Контакт: contact,
    КонтактПредставление: text(100),
    ТекстСообщения: text(),
    Тема: text(100),
    Ответственный: user,
    УчетнаяЗапись: ref('Catalog_CRM_УчетныеЗаписиМессенджеров'),
    ДокументОснование: ref('Document_CRM_СообщениеМессенджера'),
    Прочитано: flag,
    CRM_СкрытьВАРМ: flag,
  }),
  document(
    'CRM_Телемаркетинг',
    {
      Тема: required(text(200)),
      ВидВзаимодействия: required(ref('Catalog_CRM_ВидыВзаимодействий')),
      Ответственный: user,
      ДатаНачала: date,
      ДатаОкончания: date,
      Сценарий: text(),
      Завершен: flag,
    },
    {
      Участники: {
        Партнер: anyOf(['Catalog_Партнеры', 'Catalog_CRM_ПотенциальныеКлиенты']),
        КонтактноеЛицо: person,
        Телефон: text(50),
        Обработан: flag,
        НеДозвонились: flag,
        Интерес: ref('Document_CRM_Интерес'),
        Звонок: ref('Document_ТелефонныйЗвонок'),
        Примечание: text(60),
        ПартнерСтрокой: text(150),
      },
    },
  ),
  catalog('CRM_ПотенциальныеКлиенты', {
    nameLength: 150,
    attributes: { Партнер: partner },
    sections: { КонтактнаяИнформация: crmContactInformation },
  }),
  catalog('CRM_ИсточникиПолученияЛидов', {
    codeLength: 0,
    nameLength: 50,
    attributes: {
      ИдентификаторИсточника: required(text(36)),
      ОтветственныйМенеджер: required(user),
      КаналПервичногоИнтереса: channel,
      НаименованиеОбязательно: flag,
      ТелефонОбязательно: flag,
      ПочтаОбязательно: flag,
    },
  }),
  catalog('CRM_УчетныеЗаписиМессенджеров', {
    codeLength: 9,
    nameLength: 25,
    attributes: {
      Токен: text(),
      ТипМессенджера: oneOf('CRM_ТипыМессенджеров', ['ВКонтакте']),
      IDГруппы: text(36),
      CRM_ИсточникЛидов: flag,
      Ответственный: user,
    },
  }),
  characteristicTypes('КаналыРекламныхВоздействий'),
  ...[
    'СтруктураПредприятия',
    'CRM_ОфисыКомпании',
    'CRM_ТипУслуги',
    'CRM_СостоянияИнтересов',
    'CRM_СостоянияСобытий',
    'CRM_СостоянияЛидов',
    'CRM_ВидыВзаимодействий',
    'CRM_ПричиныОтказаПоИнтересам',
    'CRM_Теги',
  ].map((name) => catalog(name)),
  register(
    'CRM_СостоянияЛидов',
    { Лид: anyOf(['Document_ЭлектронноеПисьмоВходящее', 'Document_CRM_Заявка', 'Document_CRM_СообщениеМессенджера']) },
    { Состояние: ref('Catalog_CRM_СостоянияЛидов'), Комментарий: text(), ПричинаОтклонения: reason },
  ),
  register(
    'CRM_ДокументыВзаимодействия',
    {
      Взаимодействие: ref('Document_CRM_Взаимодействие'),
      Документ: anyOf([...interactionDocuments, 'Document_CRM_СообщениеМессенджера']),
    },
    {},
  ),
];

/** What no source confirms of them. */
export const unverifiedCrm: Readonly<Record<string, string>> = {
  'Document_CRM_Интерес.ДокументОснование': 'has more types than are listed here',
  'Document_CRM_Заявка.ИсточникПервичногоИнтереса': 'takes any reference; two kinds are listed here',
  'Document_CRM_Заявка.Контакт': 'its types depend on the configuration',
  Catalog_CRM_ОфисыКомпании: 'only its name was read',
  Catalog_CRM_ТипУслуги: 'only its name was read',
  Catalog_CRM_СостоянияСобытий: 'only its name was read',
};
