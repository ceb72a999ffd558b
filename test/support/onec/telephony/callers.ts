import type { Infobase } from '../infobase.ts';
import { type Row, rowsIn, textIn, typeNameOf } from '../store/values.ts';

/** A client, contact person or lead that a number belongs to. */
export interface Caller {
  readonly set: string;
  readonly key: string;
  readonly name: string;
}

const searched = [
  ['Catalog_Контрагенты', 'Catalog_КонтактныеЛица'],
  ['Catalog_Лиды', 'Catalog_КонтактыЛидов'],
] as const;

/** Who a number belongs to, as УНФ looks it up: the first whose НомерТелефона begins with it, 7 and 8 being the same. */
export function callerOf(base: Infobase, phone: string): Caller | null {
  const digits = phone.replaceAll('+', '');
  const begins = (stored: string) =>
    /^[78]/.test(digits)
      ? /^[78]/.test(stored) && stored.slice(1).startsWith(digits.slice(1))
      : stored.startsWith(digits);
  for (const sets of searched) {
    for (const set of sets) {
      for (const row of base.store(set).rows()) {
        const rows = rowsIn(row, 'КонтактнаяИнформация');
        if (!rows.some((one) => one.Тип === 'Телефон' && begins(textIn(one, 'НомерТелефона')))) continue;
        // The person of a lead stands for the lead.
        return set === 'Catalog_КонтактыЛидов'
          ? namedCaller(base, 'Catalog_Лиды', textIn(row, 'Owner_Key'))
          : namedCaller(base, set, textIn(row, 'Ref_Key'));
      }
    }
  }
  return null;
}

function namedCaller(base: Infobase, set: string, key: string): Caller {
  return { set, key, name: base.presentation(set, key) };
}

/** A caller as a composite attribute holds it. */
export function callerFields(caller: Caller | null, attribute: string): Row {
  return caller === null ? {} : { [attribute]: caller.key, [`${attribute}_Type`]: typeNameOf(caller.set) };
}

/** The extension of who is responsible for a caller; empty if there is none. */
export function responsibleExtension(base: Infobase, { set, key }: Caller): string {
  const employee = textIn(base.find(set, key), 'Ответственный_Key');
  const link = find(base, 'InformationRegister_СотрудникиПользователя', 'Сотрудник_Key', employee);
  return extensionOf(base, textIn(link, 'Пользователь_Key'));
}

/** The extension of a user; empty if there is none. */
export function extensionOf(base: Infobase, user: string): string {
  return textIn(
    find(base, 'InformationRegister_НастройкиПользователейТелефонии', 'Пользователь_Key', user),
    'ВнутреннийНомер',
  );
}

/** The user of an extension, and the employee; null if nobody has it. */
export function userOfExtension(
  base: Infobase,
  extension: string,
): { readonly user: string; readonly employee: string } | null {
  if (extension === '') return null;
  const settings = find(base, 'InformationRegister_НастройкиПользователейТелефонии', 'ВнутреннийНомер', extension);
  if (settings === null) return null;
  const user = textIn(settings, 'Пользователь_Key');
  const link = find(base, 'InformationRegister_СотрудникиПользователя', 'Пользователь_Key', user);
  return { user, employee: textIn(link, 'Сотрудник_Key') };
}

function find(base: Infobase, set: string, attribute: string, value: string): Row | null {
  for (const row of base.store(set).rows()) if (row[attribute] === value) return row;
  return null;
}
