import { catalog, constant, document, type ObjectDescription, register } from '../../metadata/description.ts';
import {
  type Attribute,
  type Attributes,
  anyOf,
  date,
  flag,
  long,
  oneOf,
  ref,
  required,
  short,
  text,
} from '../../metadata/types.ts';
import { fileStores } from './files.ts';

/** The documents of the БСП subsystem «Взаимодействия». */
export const interactionDocuments = [
  'Document_ТелефонныйЗвонок',
  'Document_Встреча',
  'Document_ЗапланированноеВзаимодействие',
  'Document_СообщениеSMS',
  'Document_ЭлектронноеПисьмоВходящее',
  'Document_ЭлектронноеПисьмоИсходящее',
] as const;

/** What differs between configurations. */
interface InteractionsGiven {
  /** КонтактВзаимодействия: who may take part. */
  readonly contacts: readonly string[];
  /** ПредметВзаимодействия, besides other interactions. */
  readonly subjects: readonly string[];
  /** What else ВзаимодействиеОснование takes. */
  readonly bases?: readonly string[];
  /** The length of message ids. Default: 255. */
  readonly messageId?: number;
  /** The length of ids of text messages. Default: 50. */
  readonly smsId?: number;
  /** What the softphone adds to a call. */
  readonly callExtras?: Attributes;
}

const importance = oneOf('ВариантыВажностиВзаимодействия', ['Низкая', 'Обычная', 'Высокая']);
const user = ref('Catalog_Пользователи');
const userRequired = required(user);

/** All that the subsystem consists of. */
export function interactions(given: InteractionsGiven): readonly ObjectDescription[] {
  const contact = anyOf(['Catalog_СтроковыеКонтактыВзаимодействий', 'Catalog_Пользователи', ...given.contacts]);
  const interaction = anyOf(interactionDocuments);
  const subject = anyOf([...interactionDocuments, ...given.subjects]);
  const basis = anyOf([...interactionDocuments, ...(given.bases ?? [])]);
  const participants: Attributes = {
    Контакт: contact,
    ПредставлениеКонтакта: required(text(100)),
    КакСвязаться: text(100),
  };
  return [
    document('ТелефонныйЗвонок', {
      АбонентКакСвязаться: required(text(100)),
      АбонентКонтакт: contact,
      АбонентПредставление: required(text(1024)),
      Автор: user,
      Важность: importance,
      Входящий: flag,
      Описание: required(text()),
      Ответственный: user,
      ВзаимодействиеОснование: basis,
      Тема: required(text(1024)),
      Комментарий: text(),
      ...given.callExtras,
    }),
    document(
      'Встреча',
      {
        Автор: user,
        Важность: importance,
        ДатаНачала: required(date),
        ДатаОкончания: date,
        МестоПроведенияВстречи: text(100),
        Описание: required(text()),
        Ответственный: userRequired,
        СписокУчастников: text(1024),
        ВзаимодействиеОснование: basis,
        Тема: required(text(1024)),
        Комментарий: text(),
      },
      { Участники: participants },
    ),
    document(
      'ЗапланированноеВзаимодействие',
      {
        Автор: user,
        Важность: importance,
        Описание: required(text()),
        Ответственный: user,
        СписокУчастников: text(1024),
        ВзаимодействиеОснование: basis,
        Тема: required(text(1024)),
        Комментарий: text(),
      },
      { Участники: participants },
    ),
    shortMessage(given, participants, basis),
    ...letters(given, contact, basis),
    catalog('СтроковыеКонтактыВзаимодействий', { codeLength: 0 }),
    catalog('УчетныеЗаписиЭлектроннойПочты', {
      codeLength: 0,
      nameLength: 50,
      attributes: {
        АдресЭлектроннойПочты: required(text(255)),
        ИмяПользователя: text(100),
        ИспользоватьДляОтправки: flag,
        ИспользоватьДляПолучения: flag,
        ВладелецУчетнойЗаписи: user,
      },
    }),
    catalog('ПапкиЭлектронныхПисем', {
      codeLength: 9,
      nameLength: 25,
      hierarchy: 'items',
      owners: ['Catalog_УчетныеЗаписиЭлектроннойПочты'],
      attributes: { ПредопределеннаяПапка: flag },
    }),
    register('КонтактыВзаимодействий', { Взаимодействие: interaction, Контакт: contact }, {}),
    register(
      'ПредметыПапкиВзаимодействий',
      { Взаимодействие: interaction },
      {
        Предмет: subject,
        ПапкаЭлектронногоПисьма: ref('Catalog_ПапкиЭлектронныхПисем'),
        Рассмотрено: flag,
        РассмотретьПосле: date,
      },
    ),
    register(
      'СостоянияПредметовВзаимодействий',
      { Предмет: subject },
      { КоличествоНеРассмотрено: long, ДатаПоследнегоВзаимодействия: date, Активен: flag },
    ),
    constant('ИспользоватьПризнакРассмотрено', flag),
    ...fileStores(['Document_ТелефонныйЗвонок']),
  ];
}

function shortMessage(given: InteractionsGiven, participants: Attributes, basis: Attribute): ObjectDescription {
  return document(
    'СообщениеSMS',
    {
      Автор: user,
      Важность: importance,
      Ответственный: userRequired,
      СписокУчастников: text(1024),
      ВзаимодействиеОснование: basis,
      Тема: text(1024),
      Комментарий: text(),
      ОтправлятьВТранслите: flag,
      ТекстСообщения: required(text()),
      Состояние: oneOf('СостоянияДокументаСообщениеSMS', [
        'Черновик',
        'Исходящее',
        'Доставляется',
        'Доставлено',
        'ЧастичноДоставлено',
        'НеДоставлено',
      ]),
      ДатаКогдаОтправить: date,
      ДатаАктуальностиОтправки: date,
    },
    {
      Адресаты: {
        ...participants,
        НомерДляОтправки: text(30),
        ИдентификаторСообщения: text(given.smsId ?? 50),
        ТекстОшибки: text(500),
        СостояниеСообщения: oneOf('СостоянияСообщенияSMS', [
          'Черновик',
          'Исходящее',
          'НеУдалосьПередатьПровайдеру',
          'НеОтправленоПровайдером',
          'ОтправляетсяПровайдером',
          'ОтправленоПровайдером',
          'Доставлено',
          'НеДоставлено',
          'НеОпознаноПровайдером',
          'ОшибкаПолученияСтатусаУПровайдера',
        ]),
      },
    },
  );
}

function letters(given: InteractionsGiven, contact: Attribute, basis: Attribute): readonly ObjectDescription[] {
  const messageId = text(given.messageId ?? 255);
  const recipients: Attributes = { Адрес: text(100), Представление: text(100), Контакт: contact };
  const common: Attributes = {
    Важность: importance,
    ВнутреннийЗаголовок: text(),
    ЕстьВложения: flag,
    ИдентификаторНаСервере: text(255),
    ИдентификаторОснования: messageId,
    ИдентификаторСообщения: messageId,
    ИдентификаторыОснований: text(),
    Кодировка: text(25),
    Ответственный: user,
    ОтправительПредставление: text(1024),
    Размер: long,
    СписокПолучателейКопий: text(1024),
    СписокПолучателейПисьма: text(1024),
    Текст: text(),
    ТекстHTML: text(),
    Тема: text(1024),
    ТипТекста: oneOf('ТипыТекстовЭлектронныхПисем', ['HTML', 'ПростойТекст', 'РазмеченныйТекст', 'HTMLСКартинками']),
    УчетнаяЗапись: ref('Catalog_УчетныеЗаписиЭлектроннойПочты'),
    УведомитьОДоставке: flag,
    УведомитьОПрочтении: flag,
    Комментарий: text(),
    ХешСумма: text(32),
  };
  const sections = { ПолучателиПисьма: recipients, ПолучателиКопий: recipients, ПолучателиОтвета: recipients };
  return [
    document(
      'ЭлектронноеПисьмоВходящее',
      {
        ...common,
        ДатаПолучения: date,
        ОтправительАдрес: text(100),
        ОтправительКонтакт: contact,
        ВзаимодействиеОснование: anyOf(['Document_ЭлектронноеПисьмоИсходящее', 'Document_ЭлектронноеПисьмоВходящее']),
      },
      sections,
    ),
    document(
      'ЭлектронноеПисьмоИсходящее',
      {
        ...common,
        Автор: user,
        ДатаОтправления: date,
        ИдентификаторСообщенияОтправкаIMAP: messageId,
        СписокПолучателейСкрытыхКопий: text(1024),
        СтатусПисьма: oneOf('СтатусыИсходящегоЭлектронногоПисьма', ['Черновик', 'Отправлено', 'Исходящее']),
        ВзаимодействиеОснование: basis,
        ОтображатьТелоИсходногоПисьма: flag,
        ВключатьТелоИсходногоПисьма: flag,
        УдалятьПослеОтправки: flag,
        ДатаКогдаОтправить: date,
        ДатаАктуальностиОтправки: date,
      },
      {
        ...sections,
        ПолучателиСкрытыхКопий: recipients,
        ПисьмаВложения: {
          Письмо: anyOf(['Document_ЭлектронноеПисьмоИсходящее', 'Document_ЭлектронноеПисьмоВходящее']),
          ПорядковыйНомерВоВложениях: short,
        },
      },
    ),
  ];
}
