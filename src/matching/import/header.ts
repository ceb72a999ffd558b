/** The meaning of a column in a client file. */
export type ColumnRole =
  | 'id'
  | 'name'
  | 'kind'
  | 'responsible'
  | 'segment'
  | 'url'
  | 'phone'
  | 'email'
  | 'contact'
  | 'contactPhone'
  | 'contactEmail';

/**
 * Checked in this order. Names are compared in lower case, with runs of blanks, dots, dashes and underscores as one
 * blank.
 */
const roles: readonly (readonly [ColumnRole, RegExp])[] = [
  ['contactPhone', /^(contact|контакт\S*|контактн\S+ лиц\S+) ?(phones?|телефоны?)( \d+)?$/u],
  ['contactEmail', /^(contact|контакт\S*|контактн\S+ лиц\S+) ?(e ?mails?|почта)( \d+)?$/u],
  ['contact', /^(contact( name| person)?|контакт|контактное лицо|фио контакта)$/u],
  ['id', /^(id|client id|код|ид|идентификатор|код клиента|id клиента)$/u],
  ['name', /^(name|client|company|title|название|наименование|имя|клиент|контрагент|компания|фио)$/u],
  ['kind', /^(kind|type|тип|вид)$/u],
  ['responsible', /^(responsible|manager|owner|ответственный|менеджер)$/u],
  ['segment', /^(segment|сегмент|категория)$/u],
  ['url', /^(url|link|ссылка)$/u],
  ['phone', /^((mobile|work)? ?phones?|mobile|tel|тел|(мобильный|рабочий|другой)? ?телефоны?)( \d+)?$/u],
  ['email', /^(e ?mails?|mail|почта|эл(ектронная)? почта|эл(ектронный)? адрес|email адрес)( \d+)?$/u],
];

/** The role of a column by its English or Russian name, or null for columns that are not imported. */
export function columnRole(name: string): ColumnRole | null {
  const plain = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s._-]+/gu, ' ')
    .trim();
  return roles.find(([, form]) => form.test(plain))?.[0] ?? null;
}
