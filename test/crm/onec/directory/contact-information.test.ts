import { describe, expect, it } from 'vitest';
import { identifiersOf, internalNumberOf } from '../../../../src/crm/onec/directory/contact-information.ts';
import { normaliseIdentifiers } from '../../../../src/domain/directory/identifiers.ts';
import { contactRows } from '../../../support/onec/staff/contacts.ts';

const rowsOf = (phones: Parameters<typeof contactRows>[0]['phones'], emails: readonly string[] = []) =>
  contactRows({ name: '', phones: phones ?? [], emails }).map((row) => ({ ...row }));

/** What the store makes of a row. */
function stored(rows: ReturnType<typeof rowsOf>): readonly string[] {
  const found = identifiersOf(rows).flatMap((one) => normaliseIdentifiers(one, 'RU').map(({ value }) => value));
  return [...new Set(found)];
}

describe('telephones as 1C stores them', () => {
  it.each<readonly [string, ReturnType<typeof rowsOf>, readonly string[]]>([
    ['with 8', rowsOf(['8 (916) 123-45-67']), ['+79161234567']],
    ['with +7', rowsOf(['+7 (916) 123-45-67']), ['+79161234567']],
    ['without a country code', rowsOf(['(916) 123-45-67']), ['+79161234567']],
    ['with an extension', rowsOf(['8 (495) 123-45-67 доб. 12']), ['+74951234567']],
    ['of another country', rowsOf(['+375 29 123-45-67']), ['+375291234567']],
    ['only in the presentation', rowsOf([{ typed: '8 916 123-45-67', stored: '' }]), ['+79161234567']],
    [
      'several in one presentation',
      [{ Тип: 'Телефон', Представление: '8 916 123-45-67, 8 495 765-43-21 доб. 5', НомерТелефона: '' }],
      ['+79161234567', '+74957654321'],
    ],
    [
      'only in the JSON of the value',
      [
        {
          Тип: 'Телефон',
          Представление: '',
          НомерТелефона: '',
          Значение: '{"countryCode":"7","areaCode":"916","number":"123-45-67"}',
        },
      ],
      ['+79161234567'],
    ],
    [
      'only in the XML of an old base',
      [
        {
          Тип: 'Телефон',
          Представление: '',
          НомерТелефона: '',
          Значение: '',
          ЗначенияПолей:
            '<КонтактнаяИнформация><Состав xsi:type="НомерТелефона" КодСтраны="7" КодГорода="916" Номер="123-45-67" Добавочный=""/></КонтактнаяИнформация>',
        },
      ],
      ['+79161234567'],
    ],
    [
      'a foreign one without +',
      [
        {
          Тип: 'Телефон',
          НомерТелефона: '375291234567',
          Представление: '375 29 1234567',
          Значение: '{"countryCode":"375","areaCode":"29","number":"1234567"}',
        },
      ],
      ['+375291234567'],
    ],
    ['a fax', [{ Тип: 'Факс', Представление: '8 916 123-45-67', НомерТелефона: '89161234567' }], []],
    ['nonsense', [{ Тип: 'Телефон', Представление: 'спросить Машу', НомерТелефона: '' }], []],
  ])('%s', (_name, rows, expected) => {
    expect(stored(rows)).toEqual(expected);
  });

  it('and addresses, also several in one presentation', () => {
    expect(stored(rowsOf([], ['Ivan@Rose.ru']))).toEqual(['ivan@rose.ru']);
    const row = { Тип: 'АдресЭлектроннойПочты', АдресЭП: '', Представление: 'Иван <a@rose.ru>; b@rose.ru' };
    expect(stored([row])).toEqual(['a@rose.ru', 'b@rose.ru']);
  });

  it('internal numbers of users', () => {
    expect(internalNumberOf(rowsOf(['8 (495) 123-45-67 доб. 101']))).toBe('101');
    expect(internalNumberOf(rowsOf(['+7 916 123-45-67', '102']))).toBe('102');
    expect(internalNumberOf(rowsOf(['+7 916 123-45-67']))).toBeNull();
  });
});
