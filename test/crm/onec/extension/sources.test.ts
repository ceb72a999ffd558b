import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkExtension } from '../../../../scripts/check-1c/check.ts';

const sources = fileURLToPath(new URL('../../../../integrations/1c/src', import.meta.url));
const clients = 'CommonModules/пб_КлиентыСервер/Ext/Module.bsl';
const calls = 'CommonModules/пб_ЗвонкиКлиент/Ext/Module.bsl';
const form = 'CommonForms/пб_ВходящийЗвонок/Ext';

/** What is reported once a text in a file is replaced. */
function planted(file: string, from: string, to: string): readonly string[] {
  const read = (name: string) => readFileSync(join(sources, name), 'utf8');
  const text = read(file);
  expect(text).toContain(from);
  return checkExtension(sources, (name) => (name === file ? text.replace(from, to) : read(name)));
}

describe('the check of the sources for 1C', () => {
  it('finds nothing in them', () => {
    expect(checkExtension(sources)).toEqual([]);
  });

  it.each([
    ['an open block', clients, 'КонецЕсли;', '', 'is not closed'],
    ['a wrong end', clients, 'КонецЦикла;', 'КонецЕсли;', 'closes цикл'],
    ['an open region', clients, '#КонецОбласти', '', '#Область has no #КонецОбласти'],
    ['what is no BSL', clients, 'Цифры = "";', 'Цифры = ``;', 'expected BSL'],
    ['an unknown method', clients, 'ЧислоИз(Части[1])', 'ЧислоИс(Части[1])', 'there is no ЧислоИс()'],
    [
      'a wrong number of parameters',
      clients,
      'ЧислоИз(Части[1])',
      'ЧислоИз(Части[1], 1)',
      'takes 1 to 1 parameters, got 2',
    ],
    [
      'an unknown method of a module',
      clients,
      'пб_СоставСервер.НаборыКлиентов()',
      'пб_СоставСервер.Наборы()',
      'there is no пб_СоставСервер.Наборы',
    ],
    [
      'a private method of a module',
      clients,
      'пб_СоставСервер.Ключ(',
      'пб_СоставСервер.МенеджерПоИмени(',
      'is not exported',
    ],
    ['a variable that is never assigned', clients, 'Возврат Цифры;', 'Возврат Цыфры;', 'Цыфры is never assigned'],
    ['a function without a value', clients, 'Возврат Цифры;', 'Возврат;', 'a function returns a value'],
    ['an unknown type', clients, 'Новый ТаблицаЗначений', 'Новый Таблица', 'unknown type Таблица'],
    [
      'a call of the server from the client',
      calls,
      'пб_ВызовСервера.Телефоны(',
      'пб_КлиентыСервер.Телефоны(',
      'not to be called from the client',
    ],
    [
      'a module that external connections lack',
      'CommonModules/пб_ПользователиСервер.xml',
      '<ExternalConnection>true<',
      '<ExternalConnection>false<',
      'пб_ПользователиСервер is missing in external connections',
    ],
    [
      'a register in a query',
      'CommonModules/пб_ИзмененияСервер/Ext/Module.bsl',
      'РегистрСведений.пб_Изменения КАК',
      'РегистрСведений.пб_Изменение КАК',
      'there is no РегистрСведений.пб_Изменение',
    ],
    ['a method without a directive', `${form}/Form/Module.bsl`, '&НаКлиенте\n', '', 'has no directive'],
    [
      'a handler of a form',
      `${form}/Form.xml`,
      '<Action>Перезвонить<',
      '<Action>Позвонить<',
      'there is no handler Позвонить',
    ],
    [
      'an attribute of a form',
      `${form}/Form.xml`,
      '<DataPath>Имя<',
      '<DataPath>Фамилия<',
      'there is no attribute Фамилия',
    ],
    [
      'a handler of the service',
      'HTTPServices/пб_commgw.xml',
      '>ПроверкаGET<',
      '>ПингGET<',
      'there is no handler ПингGET',
    ],
    [
      'a handler of a subscription',
      'EventSubscriptions/пб_ДокументПриЗаписи.xml',
      'Сервер.ДокументПриЗаписи<',
      'Сервер.Запись<',
      'there is no handler Запись',
    ],
    [
      'a role of something that is not there',
      'Roles/пб_Шлюз/Ext/Rights.xml',
      'InformationRegister.пб_Изменения',
      'InformationRegister.пб_Лишний',
      'there is no InformationRegister.пб_Лишний',
    ],
    ['XML that is not well-formed', 'Roles/пб_Шлюз.xml', '</Properties>', '', 'closes <Properties>'],
    ['an object without a file', 'Configuration.xml', '<Role>пб_Шлюз<', '<Role>пб_Шлюз2<', 'пб_Шлюз2.xml: ENOENT'],
    ['a file that is not listed', 'Configuration.xml', '<Role>пб_Шлюз</Role>', '', 'does not list Role.пб_Шлюз'],
  ])('reports %s', (_, file, from, to, fault) => {
    expect(planted(file, from, to).join('\n')).toContain(fault);
  });
});
