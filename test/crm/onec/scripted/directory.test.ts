import { describe, expect, it } from 'vitest';
import type { PresetName } from '../../../support/onec/presets/presets.ts';
import { start } from './start.ts';

describe('people of 1C', () => {
  it('keep telephones as 1C does', async () => {
    const { onec, client } = await start();
    onec.people.addClient({
      name: 'Ромашка',
      phones: [
        '+7 (916) 123-45-67 доб. 12',
        '8 (495) 765-43-21',
        '123-45-67',
        { typed: 'т. 8 800 555-35-35', stored: '' },
      ],
      emails: ['info@romashka.example'],
    });
    const [{ КонтактнаяИнформация: rows }] = await client.rows('Catalog_Партнеры');
    const seen = rows.map((row: Record<string, string>) => [
      row.Представление,
      row.НомерТелефона,
      row.НомерТелефонаБезКодов,
    ]);
    expect(seen).toEqual([
      ['+7 (916) 123-45-67 доб. 12', '79161234567', '1234567'],
      ['8 (495) 765-43-21', '84957654321', '7654321'],
      ['123-45-67', '1234567', '1234567'],
      ['т. 8 800 555-35-35', '', '5553535'],
      ['info@romashka.example', '', ''],
    ]);
    expect(JSON.parse(rows[0].Значение)).toMatchObject({
      countryCode: '7',
      areaCode: '916',
      number: '123-45-67',
      extNumber: '12',
    });
    expect(rows[0].ЗначенияПолей).toContain('Добавочный="12"');
    expect(rows[4]).toMatchObject({ АдресЭП: 'info@romashka.example', ДоменноеИмяСервера: 'romashka.example' });
  });

  it('edit, mark and take marks away; each gives a new version', async () => {
    const { onec, client } = await start();
    const { people } = onec;
    const key = people.addClient({ name: 'Ромашка', phones: ['1234567'] });
    const read = async () => (await client.get(`Catalog_Партнеры(guid'${key}')`)).body;
    const versions = [(await read()).DataVersion];
    people.editContacts('Catalog_Партнеры', key, { phones: ['7654321'] });
    versions.push((await read()).DataVersion);
    people.mark('Catalog_Партнеры', key);
    expect(await read()).toMatchObject({ DeletionMark: true, КонтактнаяИнформация: [{ НомерТелефона: '7654321' }] });
    versions.push((await read()).DataVersion);
    people.mark('Catalog_Партнеры', key, false);
    versions.push((await read()).DataVersion);
    expect(new Set(versions).size).toBe(4);
  });

  it.each<[PresetName, string, string]>([
    ['ut11', 'Catalog_Партнеры', 'ОсновнойМенеджер_Key'],
    ['crm3', 'Catalog_Партнеры', 'ОсновнойМенеджер_Key'],
    ['unf', 'Catalog_Контрагенты', 'Ответственный_Key'],
  ])('of %s have clients in %s with %s', async (preset, set, responsible) => {
    const { onec, client } = await start({ preset });
    const manager = onec.people.addUser({ name: 'Анна', extension: '101', email: 'anna@example.com' });
    const key = onec.people.addClient({ name: 'Ромашка', manager, phones: ['+7 916 123-45-67'] });
    const person = onec.people.addPerson(key, { name: 'Вера' });
    expect((await client.rows(set))[0]).toMatchObject({ Ref_Key: key, [responsible]: manager });
    expect(onec.view.personsOf(key)).toEqual([person]);
  });

  it('of УНФ keep extensions apart, and what a search needs', async () => {
    const { onec, client } = await start({ preset: 'unf' });
    const employee = onec.people.addUser({ name: 'Анна', extension: '101' });
    onec.people.addClient({
      name: 'Ромашка',
      manager: employee,
      phones: ['+7 916 123-45-67'],
      emails: ['a@example.com'],
    });
    const [link] = await client.rows('InformationRegister_СотрудникиПользователя');
    expect(link.Сотрудник_Key).toBe(employee);
    const [settings] = await client.rows('InformationRegister_НастройкиПользователейТелефонии');
    expect(settings).toMatchObject({ Пользователь_Key: link.Пользователь_Key, ВнутреннийНомер: '101' });
    const [found] = await client.rows('Catalog_Контрагенты', {
      $filter: "КонтактнаяИнформация/any(d: startswith(d/ОбратныйНомерТелефона, '7654321619'))",
    });
    expect(found).toMatchObject({
      НомерТелефонаДляПоиска: '79161234567',
      АдресЭПДляПоиска: 'a@example.com',
      IsFolder: false,
    });
  });

  it('fill objects in under the names of the preset, whatever the base calls them', async () => {
    const { onec, client } = await start({
      changes: {
        without: ['Catalog_Партнеры.Клиент', 'Catalog_Партнеры.КонтактнаяИнформация.НомерТелефона'],
        renamed: { 'Catalog_Партнеры.ОсновнойМенеджер': 'Менеджер' },
      },
      clients: { count: 1, make: () => ({ name: 'Старый', phones: ['123-45-67'] }) },
    });
    const anna = onec.people.addUser({ name: 'Анна' });
    onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['+7 916 123-45-67'] });
    const rows = await client.rows('Catalog_Партнеры', { $orderby: 'Description' });
    expect(rows[0]).toMatchObject({ Description: 'Ромашка', Менеджер_Key: anna });
    for (const row of rows) {
      expect(row).not.toHaveProperty('Клиент');
      expect(row.КонтактнаяИнформация[0]).not.toHaveProperty('НомерТелефона');
    }
    expect(() => onec.people.add('Catalog_Партнеры', { Имя: 'x' })).toThrow('Catalog_Партнеры has no Имя');
  });

  it('have deals in each configuration that has them', async () => {
    for (const [preset, set, name] of [
      ['ut11', 'Catalog_СделкиСКлиентами', 'Description'],
      ['crm3', 'Document_CRM_Интерес', 'Тема'],
    ] as const) {
      const { onec, client } = await start({ preset });
      const key = onec.people.addClient({ name: 'Ромашка' });
      onec.people.addDeal({ client: key, name: 'Поставка' });
      onec.people.addDeal({ client: key, name: 'Прошлая', closed: true });
      const open = preset === 'ut11' ? 'Закрыта eq false' : 'Завершен eq false';
      const found = await client.rows(set, { $filter: `Партнер_Key eq guid'${key}' and ${open}` });
      expect(found.map((row) => row[name])).toEqual(['Поставка']);
    }
  });
});

describe('many partners', () => {
  const clients = {
    count: 200_000,
    make: (n: number) => ({ name: `Клиент ${n}`, phones: [`+7916${String(n).padStart(7, '0')}`] }),
  };

  it('are made when they are read: a page from the middle, one of them, an edited one', async () => {
    const { onec, client } = await start({ clients });
    const middle = onec.people.generatedKey(150_000);
    const page = await client.rows('Catalog_Партнеры', {
      $filter: `Ref_Key gt guid'${middle}'`,
      $orderby: 'Ref_Key',
      $top: '2',
    });
    expect(page.map((row) => row.Description)).toEqual(['Клиент 150001', 'Клиент 150002']);
    onec.people.edit('Catalog_Партнеры', onec.people.generatedKey(150_002), { Description: 'Новое имя' });
    onec.people.addClient({ name: 'Ещё один' });
    const again = await client.rows('Catalog_Партнеры', {
      $filter: `Ref_Key gt guid'${middle}'`,
      $orderby: 'Ref_Key',
      $top: '2',
    });
    expect(again[1]).toMatchObject({ Ref_Key: page[1].Ref_Key, Description: 'Новое имя' });
    expect(again[1].DataVersion).not.toBe(page[1].DataVersion);
    expect(onec.base.store('Catalog_Партнеры').size).toBe(200_001);
  });
});
