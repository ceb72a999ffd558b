import { catalog, document, type ObjectDescription, register } from '../../metadata/description.ts';
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
  сфпИдентификаторЗвонка: text(256),
  сфпСостояниеЗвонка: oneOf('сфпСостоянияЗвонков', ['Отвеченный', 'Пропущенный']),
  сфпCoMagicID: text(50),
  CRM_СкрытьВАРМ: flag,
};

/** What else an interaction of 1С:CRM may be based on. */
export const crmBases = ['Document_CRM_Интерес', 'Document_CRM_Телемаркетинг'];

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
      Офис: required(ref('Catalog_CRM_Офисы')),
      ТипУслуги: required(ref('Catalog_CRM_ТипыУслуг')),
      СостояниеИнтереса: required(ref('Catalog_CRM_СостоянияИнтересов')),
      ВероятностьСделки: short,
      ОжидаемаяВыручка: decimal,
      ДатаСледующегоДействия: date,
      ДатаЗакрытия: date,
      Завершен: flag,
      ПричинаОтказа: text(),
      Описание: text(),
      Организация: ref('Catalog_Организации'),
      Избранный: flag,
      ДокументОснование: anyOf([
        ...interactionDocuments,
        'Document_CRM_СообщениеМессенджера',
        'Document_CRM_Телемаркетинг',
      ]),
    },
    { CRM_Теги: { Тег: text(100) } },
  ),
  document('CRM_Взаимодействие', {
    ВидВзаимодействия: required(ref('Catalog_CRM_ВидыВзаимодействий')),
    Содержание: required(text()),
    Результат: text(),
    Ответственный: required(user),
    Подразделение: department,
    ...party,
    ПлановаяДата: date,
    СтатусВзаимодействия: oneOf('CRM_СостоянияСобытий'),
    СостояниеИнтереса: ref('Catalog_CRM_СостоянияИнтересов'),
    ИсточникИнформации: ref('Catalog_CRM_ИсточникиПолученияЛидов'),
    ДокументОснование: anyOf(crmBases),
  }),
  document('CRM_Заявка', {
    Наименование: text(150),
    Телефон: text(50),
    ЭлектроннаяПочта: text(50),
    Ответственный: user,
    ИсточникПолучения: ref('Catalog_CRM_ИсточникиПолученияЛидов'),
    КаналПервичногоИнтереса: text(150),
    ИсточникПервичногоИнтереса: text(150),
    ИДСобытия: text(36),
    UTMМетка: text(150),
    Тема: text(),
    Организация: text(150),
    Комментарий: text(),
    Контакт: anyOf(['Catalog_Партнеры', 'Catalog_КонтактныеЛицаПартнеров', 'Catalog_CRM_ПотенциальныеКлиенты']),
  }),
  document('CRM_СообщениеМессенджера', {
    ВидСообщения: oneOf('CRM_ВидыСообщений', ['Входящее', 'Исходящее']),
    ID_Пользователя: text(36),
    ID_Сообщения: text(50),
    Группа: text(36),
    Контакт: anyOf(['Catalog_Партнеры', 'Catalog_КонтактныеЛицаПартнеров', 'Catalog_CRM_ПотенциальныеКлиенты']),
    КонтактПредставление: text(100),
    ТекстСообщения: text(),
    Тема: text(100),
    Ответственный: user,
    УчетнаяЗапись: ref('Catalog_CRM_УчетныеЗаписиМессенджеров'),
    ДокументОснование: anyOf(crmBases),
    Прочитано: flag,
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
    attributes: { Партнер: partner },
    sections: { КонтактнаяИнформация: crmContactInformation },
  }),
  catalog('CRM_ИсточникиПолученияЛидов', {
    attributes: { ИдентификаторИсточника: text(36), ОтветственныйМенеджер: user },
  }),
  catalog('CRM_УчетныеЗаписиМессенджеров', {
    attributes: {
      Токен: text(),
      ТипМессенджера: oneOf('CRM_ТипыМессенджеров', ['ВКонтакте']),
      IDГруппы: text(36),
      CRM_ИсточникЛидов: ref('Catalog_CRM_ИсточникиПолученияЛидов'),
    },
  }),
  ...['СтруктураПредприятия', 'CRM_Офисы', 'CRM_ТипыУслуг', 'CRM_СостоянияИнтересов', 'CRM_ВидыВзаимодействий'].map(
    (name) => catalog(name),
  ),
  register(
    'CRM_СостоянияЛидов',
    { Лид: anyOf(['Document_ЭлектронноеПисьмоВходящее', 'Document_CRM_Заявка', 'Document_CRM_СообщениеМессенджера']) },
    { Состояние: oneOf('CRM_СостоянияЛидов'), Комментарий: text(), ПричинаОтклонения: text() },
  ),
  register(
    'CRM_ДокументыВзаимодействия',
    { Взаимодействие: ref('Document_CRM_Взаимодействие') },
    { Документ: anyOf([...interactionDocuments, 'Document_CRM_СообщениеМессенджера']) },
  ),
];

/** What no source confirms of them. */
export const unverifiedCrm: Readonly<Record<string, string>> = {
  'Document_ТелефонныйЗвонок.сфпИдентификаторЗвонка': 'its length was not read',
  'Document_ТелефонныйЗвонок.сфпСостояниеЗвонка': 'the name of its enumeration was not read',
  'Document_ТелефонныйЗвонок.сфпCoMagicID': 'its length was not read',
  'Document_CRM_Интерес.ПричинаОтказа': 'its type was not read',
  'Document_CRM_Интерес.ДокументОснование': 'has more types than are listed here',
  'Document_CRM_Заявка.КаналПервичногоИнтереса': 'its type was not read',
  'Document_CRM_Заявка.ИсточникПервичногоИнтереса': 'its type was not read',
  'Document_CRM_Заявка.Контакт': 'its types were not read',
  'Document_CRM_СообщениеМессенджера.ДокументОснование': 'its types were not read',
  'Document_CRM_Телемаркетинг.Сценарий': 'its type was not read',
  Catalog_СтруктураПредприятия: 'the name of the catalog of departments was not read',
  Catalog_CRM_Офисы: 'the name of the catalog was not read',
  Catalog_CRM_ТипыУслуг: 'the name of the catalog was not read',
  InformationRegister_CRM_СостоянияЛидов: 'dimensions are known, the types of its resources are not',
  InformationRegister_CRM_ДокументыВзаимодействия: 'which side is the dimension was not read',
};
