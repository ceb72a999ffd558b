import type { Identifier } from '../../../domain/interaction/interaction.ts';
import { type Fields, fields, parseJson, word } from '../../../runtime/http/fields.ts';

/** Longest values that are looked at; 1C's own limit of a presentation is 500. */
const maxLength = 500;
/** The shortest digits of a number that is not internal. */
const leastDigits = 5;

/**
 * Telephones and addresses of rows of the section КонтактнаяИнформация. What one row says of the same number in several
 * ways is given several times; the store keeps one of each.
 */
export function identifiersOf(rows: readonly Fields[]): readonly Identifier[] {
  return rows.flatMap((row): readonly Identifier[] => {
    switch (row.Тип) {
      case 'Телефон':
        return phonesOf(row).map((value) => ({ kind: 'phone', value }));
      case 'АдресЭлектроннойПочты':
        return emailsOf(row).map((value) => ({ kind: 'email', value }));
      default:
        return [];
    }
  });
}

/** The first e-mail address, or null. */
export function emailOf(rows: readonly Fields[]): string | null {
  return identifiersOf(rows).find(({ kind }) => kind === 'email')?.value ?? null;
}

/** The internal number of a user: a short telephone, else the extension of a long one; or null. */
export function internalNumberOf(rows: readonly Fields[]): string | null {
  const phones = rows.filter(({ Тип }) => Тип === 'Телефон');
  for (const row of phones) {
    const digits = digitsOf(row.НомерТелефона) || digitsOf(row.Представление);
    if (digits !== '' && digits.length < leastDigits) return digits;
  }
  return phones.map((row) => partsOf(row)?.extension ?? '').find((extension) => extension !== '') ?? null;
}

/**
 * The numbers of a row. НомерТелефона holds the digits of one number, maybe with 8 or without a country code, or
 * nothing; Представление what a person typed, maybe several numbers with extensions. The parts of a number (Значение,
 * in old bases ЗначенияПолей) tell the country of a foreign one.
 */
function phonesOf(row: Fields): readonly string[] {
  const typed = word(row.Представление, maxLength);
  const stored = digitsOf(row.НомерТелефона);
  const parts = partsOf(row);
  const values = [
    ...(parts === null || parts.digits.length < leastDigits ? [] : [parts.international ?? parts.digits]),
    ...(stored.length < leastDigits || parts?.international?.slice(1) === stored ? [] : [stored]),
    ...(typed === null || digitsOf(typed).length < leastDigits ? [] : [typed]),
  ];
  return [...new Set(values)];
}

function emailsOf(row: Fields): readonly string[] {
  const values = [word(row.АдресЭП, maxLength), word(row.Представление, maxLength)];
  return [...new Set(values.flatMap((value) => (value ?? '').split(/[\s,;<>]+/)).filter((one) => one.includes('@')))];
}

interface NumberParts {
  /** With area code, and the country code as it was entered. */
  readonly digits: string;
  /** With `+` and the country code; null if that is missing or the 8 of long-distance calls. */
  readonly international: string | null;
  readonly extension: string;
}

/** The parts of a number, in JSON or in old bases XML; null if there are none. */
function partsOf(row: Fields): NumberParts | null {
  const json = fields(parseJson(typeof row.Значение === 'string' ? row.Значение : ''));
  const old = typeof row.ЗначенияПолей === 'string' ? row.ЗначенияПолей : '';
  const [country, area, number, extension] = [
    digitsOf(json.countryCode ?? attributeOf(old, 'КодСтраны')),
    digitsOf(json.areaCode ?? attributeOf(old, 'КодГорода')),
    digitsOf(json.number ?? attributeOf(old, 'Номер')),
    digitsOf(json.extNumber ?? attributeOf(old, 'Добавочный')),
  ];
  if (number === '') return null;
  const digits = country + area + number;
  return { digits, international: country === '' || country === '8' ? null : `+${digits}`, extension };
}

/** An attribute of the XML in which old bases keep the parts of a number. */
function attributeOf(xml: string, name: string): string {
  const begin = xml.indexOf(` ${name}="`);
  if (begin < 0) return '';
  const from = begin + name.length + 3;
  const end = xml.indexOf('"', from);
  return end < 0 ? '' : xml.slice(from, end);
}

function digitsOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxLength).replace(/\D/g, '') : '';
}
