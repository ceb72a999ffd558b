import type { Attributes } from '../../metadata/types.ts';
import { oneOf, ref, text } from '../../metadata/types.ts';

/** The rows of the section КонтактнаяИнформация of every БСП configuration. */
export const contactInformation: Attributes = {
  Тип: oneOf('ТипыКонтактнойИнформации', [
    'Адрес',
    'Телефон',
    'АдресЭлектроннойПочты',
    'Skype',
    'ВебСтраница',
    'Факс',
    'Другое',
  ]),
  Вид: ref('Catalog_ВидыКонтактнойИнформации'),
  Представление: text(500),
  ЗначенияПолей: text(),
  Страна: text(100),
  Регион: text(50),
  Город: text(50),
  АдресЭП: text(100),
  ДоменноеИмяСервера: text(100),
  НомерТелефона: text(20),
  НомерТелефонаБезКодов: text(20),
  Значение: text(),
};

/** The same with the column by which УТ and БП show lists. */
export const listedContactInformation: Attributes = {
  ...contactInformation,
  ВидДляСписка: ref('Catalog_ВидыКонтактнойИнформации'),
};
