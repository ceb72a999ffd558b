import { escapeHtml } from '../../../../src/domain/base/escape-html.ts';
import type { Row } from '../store/values.ts';

/** A telephone as somebody entered it. `stored`: what stands in НомерТелефона if it is not what was typed. */
export type PhoneGiven = string | { readonly typed: string; readonly stored: string };

/** A partner, a counterparty, a contact person or a lead. */
export interface PartnerGiven {
  readonly name: string;
  readonly phones?: readonly PhoneGiven[];
  readonly emails?: readonly string[];
  /** The key of the responsible manager: a user, in УНФ an employee. */
  readonly manager?: string;
  /** Other attributes, under their own names. */
  readonly fields?: Row;
}

/** The rows of КонтактнаяИнформация, as 1C stores what people type. */
export function contactRows({ phones = [], emails = [] }: PartnerGiven): readonly Row[] {
  return [...phones.map(phoneRow), ...emails.map(emailRow)];
}

/**
 * A telephone. НомерТелефона has the digits with the country code that was typed, be it 8, 7 or none; НомерТелефонаБезКодов those
 * of the local number. The parts of the number are also in Значение (JSON) and ЗначенияПолей (XML).
 */
function phoneRow(given: PhoneGiven): Row {
  const typed = typeof given === 'string' ? given : given.typed;
  const { country, area, local, extension } = partsOf(typed);
  const parts = {
    value: typed,
    comment: '',
    type: 'Телефон',
    countryCode: country,
    areaCode: area,
    number: local,
    extNumber: extension,
  };
  return {
    Тип: 'Телефон',
    Представление: typed,
    НомерТелефона: (typeof given === 'string' ? digitsOf(country + area + local) : given.stored).slice(0, 20),
    НомерТелефонаБезКодов: digitsOf(local).slice(0, 20),
    Значение: JSON.stringify(parts),
    ЗначенияПолей: `<КонтактнаяИнформация xmlns="http://www.v8.1c.ru/ssl/contactinfo" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Представление="${escapeHtml(typed)}"><Состав xsi:type="НомерТелефона" КодСтраны="${country}" КодГорода="${area}" Номер="${escapeHtml(local)}" Добавочный="${extension}"/></КонтактнаяИнформация>`,
  };
}

function emailRow(address: string): Row {
  return {
    Тип: 'АдресЭлектроннойПочты',
    Представление: address,
    АдресЭП: address.slice(0, 100),
    ДоменноеИмяСервера: (address.split('@')[1] ?? '').slice(0, 100),
    Значение: JSON.stringify({ value: address, comment: '', type: 'АдресЭлектроннойПочты' }),
    ЗначенияПолей: '',
  };
}

/** Splits a number as 1C's form does: country and area codes, the local number, the extension. */
function partsOf(typed: string): {
  readonly country: string;
  readonly area: string;
  readonly local: string;
  readonly extension: string;
} {
  const [main = '', extension = ''] = typed.split(/доб\.?|,/i);
  const digits = digitsOf(main);
  const local = digits.slice(-7);
  const codes = digits.slice(0, -7);
  const area = codes.slice(-3);
  return {
    country: codes.slice(0, -3),
    area,
    local: local.length === 7 ? `${local.slice(0, 3)}-${local.slice(3, 5)}-${local.slice(5)}` : local,
    extension: digitsOf(extension),
  };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
