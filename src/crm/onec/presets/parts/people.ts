import { catalogBase, flag, optional, reference, text } from '../attributes.ts';
import type { Attributes, UsedObject } from '../preset.ts';

/** The section of telephones and addresses of every БСП configuration. */
export const contactInformation: Readonly<Record<string, Attributes>> = {
  КонтактнаяИнформация: {
    Тип: text,
    Представление: text,
    НомерТелефона: text,
    АдресЭП: text,
    Значение: optional(text),
    ЗначенияПолей: optional(text),
  },
};

/** The users of the base. */
export const users: UsedObject = {
  set: 'Catalog_Пользователи',
  purpose: 'users',
  attributes: { ...catalogBase, Недействителен: flag, Служебный: optional(flag) },
  sections: contactInformation,
};

/** The employees of УНФ, with their users and extensions. */
export const employees: readonly UsedObject[] = [
  { set: 'Catalog_Сотрудники', purpose: 'users', attributes: { ...catalogBase, Недействителен: optional(flag) } },
  {
    set: 'InformationRegister_СотрудникиПользователя',
    purpose: 'users',
    attributes: { Сотрудник: reference, Пользователь: reference },
  },
  {
    set: 'InformationRegister_НастройкиПользователейТелефонии',
    purpose: 'users',
    isOptional: true,
    attributes: { Пользователь: reference, ВнутреннийНомер: text },
  },
];
