import { describe, expect, it } from 'vitest';
import { start } from './start.ts';

/** A base with three partners, a deal and a call. */
async function office() {
  const { onec, client } = await start();
  const { people } = onec;
  const anna = people.addUser({ name: 'Анна Иванова', extension: '101' });
  const rose = people.addClient({
    name: 'Ромашка',
    manager: anna,
    phones: ['+7 (916) 123-45-67'],
    emails: ['a@romashka.example'],
  });
  const oak = people.addClient({ name: "О'Дуб", phones: ['8 (495) 765-43-21'] });
  const empty = people.addClient({ name: 'Пустой' });
  const deal = people.addDeal({ client: rose, name: 'Поставка', manager: anna });
  const call = people.add('Document_ТелефонныйЗвонок', {
    Date: '2026-11-30T10:00:00',
    АбонентКонтакт: rose,
    АбонентКонтакт_Type: 'StandardODATA.Catalog_Партнеры',
    Тема: 'Звонок',
  });
  const names = async (filter: string, set = 'Catalog_Партнеры') =>
    (await client.rows(set, { $filter: filter, $orderby: 'Code' })).map((row) => row.Description);
  const code = async (filter: string, set = 'Catalog_Партнеры') =>
    (await client.get(set, { $filter: filter })).body['odata.error']?.code;
  return { onec, client, anna, rose, oak, empty, deal, call, names, code };
}

describe('$filter', () => {
  it('compares, joins and negates', async () => {
    const { names, anna, rose } = await office();
    expect(await names("Description eq 'О''Дуб'")).toEqual(["О'Дуб"]);
    expect(await names(`ОсновнойМенеджер_Key eq guid'${anna}' and DeletionMark eq false`)).toEqual(['Ромашка']);
    expect(await names(`not (Ref_Key eq guid'${rose}') and (Code gt '00000000001' or Клиент ne true)`)).toEqual([
      "О'Дуб",
      'Пустой',
    ]);
    expect(await names("startswith(Description, 'Ром') or endswith(Description, 'той')")).toEqual([
      'Ромашка',
      'Пустой',
    ]);
    expect(await names("substringof('маш', Description)")).toEqual(['Ромашка']);
    expect(await names("like(Description, '%ш_а')")).toEqual(['Ромашка']);
    expect(await names("substring(concat(Description, '!'), 6) eq '!'")).toEqual(['Пустой']);
  });

  it('reads dates without a zone', async () => {
    const { client, call, code } = await office();
    const set = 'Document_ТелефонныйЗвонок';
    const keys = async (filter: string) => (await client.rows(set, { $filter: filter })).map((row) => row.Ref_Key);
    expect(await keys("Date ge datetime'2026-11-30T10:00:00' and year(Date) eq 2026")).toEqual([call]);
    expect(await keys("Date lt datetime'2026-11-30T10:00:00'")).toEqual([]);
    expect(await code("Date ge datetime'2026-11-30T10:00:00Z'", set)).toBe('1');
  });

  it('looks into sections with any and all, one deep', async () => {
    const { names, code } = await office();
    expect(
      await names("КонтактнаяИнформация/any(d: d/НомерТелефона eq '79161234567' or d/НомерТелефона eq '89161234567')"),
    ).toEqual(['Ромашка']);
    expect(await names('КонтактнаяИнформация/any()')).toEqual(['Ромашка', "О'Дуб"]);
    expect(await names("КонтактнаяИнформация/all(d: d/Тип eq 'Телефон')")).toEqual(["О'Дуб", 'Пустой']);
    expect(await code("КонтактнаяИнформация/any(d: Description eq 'x')")).toBe('14');
    expect(await code("КонтактнаяИнформация/any(d: d/Тип/any(e: e/Тип eq 'x'))")).toBe('21');
  });

  it('compares composite attributes by cast only', async () => {
    const { onec, client, rose, call } = await office();
    const keys = async (filter: string) =>
      (await client.rows('Document_ТелефонныйЗвонок', { $filter: filter })).map((row) => row.Ref_Key);
    expect(await keys(`АбонентКонтакт eq cast(guid'${rose}', 'Catalog_Партнеры')`)).toEqual([call]);
    expect(await keys(`АбонентКонтакт eq cast(guid'${rose}', 'Catalog_Пользователи')`)).toEqual([]);
    expect(await keys("isof(АбонентКонтакт, 'Catalog_Партнеры')")).toEqual([call]);
    expect(await keys("cast(АбонентКонтакт, 'Catalog_Партнеры')/Description eq 'Ромашка'")).toEqual([call]);
    expect(onec.state.complaints).toEqual([]);
    expect(await keys(`АбонентКонтакт eq guid'${rose}'`)).toEqual([]);
    expect(onec.state.complaints[0]).toContain('without cast()');
  });

  it('follows references', async () => {
    const { names } = await office();
    expect(await names("Партнер/ОсновнойМенеджер/Description eq 'Анна Иванова'", 'Catalog_СделкиСКлиентами')).toEqual([
      'Поставка',
    ]);
    expect(await names("ОсновнойМенеджер/Description ne 'Анна Иванова'")).toEqual([]);
  });

  it('refuses what 1C does not know or what does not fit', async () => {
    const { code } = await office();
    expect(await code("tolower(Description) eq 'x'")).toBe('21');
    expect(await code('startswith(Description) eq true')).toBe('21');
    expect(await code("НетТакого eq 'x'")).toBe('10');
    expect(await code("Ref_Key eq 'x'")).toBe('14');
    expect(await code("Description eq 'x' and")).toBe('14');
    expect(await code("Ref_Key eq guid'x'")).toBe('1');
    expect(await code('Description')).toBe('14');
  });
});

describe('reading', () => {
  it('pages in the order of the database, which is not that of the text', async () => {
    const { client } = await start({ clients: { count: 25, make: (n) => ({ name: `Клиент ${n}` }) } });
    const seen: string[] = [];
    let last = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const page = await client.rows('Catalog_Партнеры', {
        $filter: `Ref_Key gt guid'${last}'`,
        $orderby: 'Ref_Key',
        $top: '10',
        $select: 'Ref_Key,DataVersion,Description',
      });
      if (page.length === 0) break;
      seen.push(...page.map((row) => row.Description));
      last = page.at(-1).Ref_Key;
    }
    expect(new Set(seen).size).toBe(25);
    const first = 'ffffffff-0000-0000-0000-000000000001';
    const second = '00000000-0000-0000-0000-000000000002';
    for (const key of [second, first]) await client.post('Catalog_Проекты', { Ref_Key: key, Description: key });
    expect((await client.rows('Catalog_Проекты', { $orderby: 'Ref_Key' })).map((row) => row.Ref_Key)).toEqual([
      first,
      second,
    ]);
  });

  it('may be unable to compare references', async () => {
    const { client } = await start({ keyOrder: 'refused' });
    const filter = "Ref_Key gt guid'00000000-0000-0000-0000-000000000000'";
    expect((await client.get('Catalog_Партнеры', { $filter: filter })).status).toBe(400);
  });

  it('skips, counts and sorts, and complains of $skip without an order', async () => {
    const { onec, client } = await office();
    const { body } = await client.get('Catalog_Партнеры', {
      $orderby: 'Description desc',
      $skip: '1',
      $top: '1',
      $inlinecount: 'allpages',
    });
    expect(body).toMatchObject({ 'odata.count': '3', value: [{ Description: 'Пустой' }] });
    expect((await client.get('Catalog_Партнеры/$count', { $filter: 'Клиент eq true' })).text).toBe('3');
    expect(onec.state.complaints).toEqual([]);
    await client.get('Catalog_Партнеры', { $skip: '1' });
    expect(onec.state.complaints).toEqual(['GET Catalog_Партнеры: $skip without $orderby repeats or loses rows']);
    expect(await client.get('Catalog_Партнеры', { $top: 'x' })).toMatchObject({
      status: 400,
      body: { 'odata.error': { code: '14' } },
    });
    expect((await client.get('Catalog_Партнеры', { $apply: 'x' })).status).toBe(400);
  });

  it('selects', async () => {
    const { client, rose, anna } = await office();
    const path = `Catalog_Партнеры(guid'${rose}')`;
    expect((await client.get(path, { $select: 'Ref_Key, Description' })).body).toEqual({
      Ref_Key: rose,
      Description: 'Ромашка',
    });
    const whole = (await client.get(path)).body;
    expect(whole.КонтактнаяИнформация).toHaveLength(2);
    expect(whole.КонтактнаяИнформация[0]).toMatchObject({ Ref_Key: rose, LineNumber: '1', Тип: 'Телефон' });
    expect(whole.ДатаРегистрации).toBe('0001-01-01T00:00:00');
    expect((await client.get(path, { $select: '**' })).body).not.toHaveProperty('КонтактнаяИнформация');
    expect((await client.get(path, { $select: 'ОсновнойМенеджер_Key,ОсновнойМенеджер____Presentation' })).body).toEqual(
      {
        ОсновнойМенеджер_Key: anna,
        ОсновнойМенеджер____Presentation: 'Анна Иванова',
      },
    );
    expect(await client.get(path, { $select: 'Нет' })).toMatchObject({ body: { 'odata.error': { code: '10' } } });
  });

  it('expands references in sets only', async () => {
    const { client, rose } = await office();
    const [deal] = await client.rows('Catalog_СделкиСКлиентами', {
      $expand: 'Партнер',
      $select: 'Description,Партнер/Description',
    });
    expect(deal).toEqual({ Description: 'Поставка', Партнер: { Description: 'Ромашка' } });
    const [call] = await client.rows('Document_ТелефонныйЗвонок', { $expand: 'АбонентКонтакт', $select: 'Тема' });
    expect(call.АбонентКонтакт_Expanded.Ref_Key).toBe(rose);
    expect((await client.get(`Catalog_Партнеры(guid'${rose}')`, { $expand: 'ОсновнойМенеджер' })).status).toBe(400);
    expect((await client.get('Catalog_Партнеры', { $expand: 'КонтактнаяИнформация' })).status).toBe(400);
  });

  it('goes through a reference and into a section', async () => {
    const { client, rose } = await office();
    expect((await client.get(`Catalog_Партнеры(guid'${rose}')/ОсновнойМенеджер`)).body.Description).toBe(
      'Анна Иванова',
    );
    expect((await client.get(`Catalog_Партнеры(guid'${rose}')/Description`)).body).toEqual({ value: 'Ромашка' });
    expect((await client.rows('Catalog_Партнеры_КонтактнаяИнформация')).map((row) => row.Представление)).toContain(
      '+7 (916) 123-45-67',
    );
  });

  it('knows sections whose names have underscores', async () => {
    const { onec, client } = await start({ preset: 'crm3' });
    const tag = onec.people.add('Catalog_CRM_Теги', { Description: 'Важный' });
    onec.people.add('Document_CRM_Интерес', { Тема: 'Поставка', CRM_Теги: [{ Тег_Key: tag }] });
    expect(await client.rows('Document_CRM_Интерес_CRM_Теги')).toMatchObject([{ LineNumber: '1', Тег_Key: tag }]);
  });

  it('answers what is absent with the codes of 1C', async () => {
    const { client } = await start();
    const code = async (path: string) => (await client.get(path)).body['odata.error'].code;
    expect(await code("Catalog_Партнеры(guid'00000000-0000-0000-0000-000000000001')")).toBe('9');
    expect(await code('Catalog_Нет')).toBe('8');
    expect(await code("Catalog_Партнеры('x')")).toBe('6');
    expect(await code("InformationRegister_ПредметыПапкиВзаимодействий(Взаимодействие='x')")).toBe('7');
    expect(await code('Catalog_Партнеры/SliceLast')).toBe('11');
  });

  it('is Atom unless JSON is asked for, with as much metadata as that says', async () => {
    const { client, rose } = await office();
    const atom = await client.send('GET', 'Catalog_Партнеры', { headers: { accept: '*/*' } });
    expect(atom.text).toContain('<d:Description>Ромашка</d:Description>');
    const wrong = await client.send('GET', 'Catalog_Нет', { headers: { accept: '*/*' } });
    expect(wrong.text).toContain('<m:code>8</m:code>');
    const minimal = await client.send('GET', `Catalog_Партнеры(guid'${rose}')`, { query: { $format: 'json' } });
    expect(minimal.body).toMatchObject({
      'odata.metadata': expect.stringContaining('$metadata#Catalog_Партнеры/@Element'),
      'ОсновнойМенеджер@navigationLinkUrl': `Catalog_Партнеры(guid'${rose}')/ОсновнойМенеджер`,
    });
    const full = await client.send('GET', 'Catalog_Партнеры', {
      query: { $format: 'application/json;odata=fullmetadata', $top: '1' },
    });
    expect(full.body.value[0]['odata.type']).toBe('StandardODATA.Catalog_Партнеры');
  });
});
