import { describe, expect, it } from 'vitest';
import { start } from './start.ts';

const calls = 'Document_ТелефонныйЗвонок';
const nobody = '00000000-0000-0000-0000-000000000000';
const own = '11111111-2222-4333-8444-555555555555';

describe('creating', () => {
  it('fills in number, date and version, and says where the object is', async () => {
    const { client } = await start();
    const { status, body, headers } = await client.post(calls, { Тема: 'Звонок', Входящий: true });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      Number: '00000000001',
      Date: '2026-12-01T12:00:00',
      Posted: false,
      DeletionMark: false,
      АбонентКонтакт: '',
      АбонентКонтакт_Type: 'StandardODATA.Undefined',
      Ответственный_Key: nobody,
      Важность: '',
    });
    expect(body.DataVersion).toMatch(/^[A-Za-z0-9+/]{11}=$/);
    expect(headers.get('location')).toContain(`(guid'${body.Ref_Key}')`);
  });

  it('takes a key of ours, once', async () => {
    const { client } = await start();
    expect((await client.post(calls, { Ref_Key: own })).body.Ref_Key).toBe(own);
    expect(await client.post(calls, { Ref_Key: own })).toMatchObject({
      status: 400,
      body: { 'odata.error': { code: '15' } },
    });
  });

  it('may ignore a key of ours', async () => {
    const { client } = await start({ ownKeys: 'ignored' });
    expect((await client.post(calls, { Ref_Key: own })).body.Ref_Key).not.toBe(own);
  });

  it('ignores unknown properties, and complains', async () => {
    const { onec, client } = await start();
    const { status, body } = await client.post(calls, { Длительность: 5, 'Тема@odata.type': 'Edm.String' });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('Длительность');
    expect(onec.state.complaints).toEqual([`POST ${calls}: unknown property Длительность`]);
  });

  it.each([
    ['a text that is too long', { АбонентКакСвязаться: 'x'.repeat(101) }, '16'],
    ['a number for a text', { Тема: 5 }, '4'],
    ['a text for a boolean', { Входящий: 'true' }, '4'],
    ['a date with a zone', { Date: '2026-12-01T12:00:00+03:00' }, '4'],
    ['a date that is none', { Date: '2026-13-01T12:00:00' }, '4'],
    ['a value outside of its enumeration', { Важность: 'Срочная' }, '4'],
    ['a reference that is none', { Ответственный_Key: 'anna' }, '4'],
    ['control characters', { Тема: 'a\u0001b' }, '4'],
    ['a composite value without its type', { АбонентКонтакт: own }, '16'],
    [
      'a composite value of a type that is not allowed',
      { АбонентКонтакт: own, АбонентКонтакт_Type: 'StandardODATA.Catalog_Контрагенты' },
      '16',
    ],
    ['a text as a contact', { АбонентКонтакт: 'Иван', АбонентКонтакт_Type: 'Edm.String' }, '16'],
    ['posting', { Posted: true }, '-1'],
  ])('refuses %s', async (_, fields, code) => {
    const { onec, client } = await start();
    const { status, body } = await client.post(calls, fields);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body['odata.error'].code).toBe(code);
    expect(onec.view.documents('ТелефонныйЗвонок')).toEqual([]);
  });

  it('stores a reference to nothing, and complains', async () => {
    const { onec, client } = await start();
    const contact = { АбонентКонтакт: own, АбонентКонтакт_Type: 'StandardODATA.Catalog_Партнеры' };
    expect((await client.post(calls, { Ответственный_Key: own, ...contact })).status).toBe(201);
    expect(onec.state.complaints).toEqual([
      `POST ${calls}: Ответственный_Key: Catalog_Пользователи has no ${own}`,
      `POST ${calls}: АбонентКонтакт: Catalog_Партнеры has no ${own}`,
    ]);
  });

  it('takes sections whose rows are numbered', async () => {
    const { onec, client } = await start();
    const letter = 'Document_ЭлектронноеПисьмоВходящее';
    const rows = [
      { LineNumber: '1', Адрес: 'a@example.com' },
      { LineNumber: 2, Адрес: 'b@example.com' },
    ];
    const { body } = await client.post(letter, { ПолучателиПисьма: rows });
    expect(body.ПолучателиПисьма.map((row: { Адрес: string }) => row.Адрес)).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect(await client.post(letter, { ПолучателиПисьма: [{ Адрес: 'a@example.com' }] })).toMatchObject({
      status: 500,
    });
    expect((await client.post(letter, { ПолучателиПисьма: [{ LineNumber: 1, Адрес: 'x'.repeat(101) }] })).status).toBe(
      400,
    );
    expect(onec.state.complaints).toEqual([]);
    await client.post(letter, { ПолучателиПисьма: [{ LineNumber: 1, Телефон: '1' }] });
    expect(onec.state.complaints).toEqual([`POST ${letter}: unknown property Телефон`]);
    expect(await client.post(`${letter}_ПолучателиПисьма`, {})).toMatchObject({
      body: { 'odata.error': { code: '13' } },
    });
  });

  it('may insist on what forms insist on', async () => {
    const { client } = await start({ required: 'refused' });
    const { status, body } = await client.post('Document_Встреча', { Тема: 'Встреча' });
    expect(status).toBe(500);
    expect(body['odata.error']).toMatchObject({ code: '-1', message: { value: 'Поле "ДатаНачала" не заполнено' } });
  });

  it('wants a JSON object', async () => {
    const { client } = await start();
    const reply = await client.send('POST', calls, { fields: [] as never });
    expect(reply.body['odata.error'].code).toBe('2');
  });
});

describe('changing', () => {
  it('replaces what is given, and whole sections', async () => {
    const { onec, client } = await start();
    const rose = onec.people.addClient({ name: 'Ромашка', phones: ['+7 916 123-45-67'], emails: ['a@example.com'] });
    const path = `Catalog_Партнеры(guid'${rose}')`;
    const before = (await client.get(path)).body;
    const { status, body } = await client.patch(path, {
      Комментарий: 'x',
      КонтактнаяИнформация: [{ LineNumber: '1', Тип: 'Телефон', Представление: '112' }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Description: 'Ромашка', Комментарий: 'x' });
    expect(body.КонтактнаяИнформация).toHaveLength(1);
    expect(body.DataVersion).not.toBe(before.DataVersion);
    expect((await client.patch(`Catalog_Партнеры(guid'${own}')`, {})).status).toBe(404);
  });

  it('checks the version that is expected', async () => {
    const { client } = await start();
    const { body } = await client.post('Catalog_Партнеры', { Description: 'Ромашка' });
    const path = `Catalog_Партнеры(guid'${body.Ref_Key}')`;
    expect((await client.patch(path, { Description: 'Лютик' }, { 'if-match': body.DataVersion })).status).toBe(200);
    expect((await client.patch(path, { Description: 'Роза' }, { 'if-match': body.DataVersion })).status).toBe(412);
  });

  it('may ignore the version that is expected', async () => {
    const { client } = await start({ ifMatch: 'ignored' });
    const { body } = await client.post('Catalog_Партнеры', { Description: 'Ромашка' });
    const path = `Catalog_Партнеры(guid'${body.Ref_Key}')`;
    expect((await client.patch(path, { Description: 'Роза' }, { 'if-match': 'x' })).status).toBe(200);
  });

  it('wants everything in a PUT, references by @odata.bind too', async () => {
    const { onec, client } = await start();
    const anna = onec.people.addUser({ name: 'Анна' });
    const { body } = await client.post('Catalog_Проекты', { Description: 'Склад' });
    const path = `Catalog_Проекты(guid'${body.Ref_Key}')`;
    expect((await client.send('PUT', path, { fields: { Description: 'x' } })).body['odata.error'].code).toBe('5');
    const fields = {
      DeletionMark: false,
      Code: '1',
      Description: 'Дом',
      'Ответственный@odata.bind': `Catalog_Пользователи(guid'${anna}')`,
    };
    expect((await client.send('PUT', path, { fields })).body).toMatchObject({
      Description: 'Дом',
      Ответственный_Key: anna,
    });
  });

  it('marks for deletion, and never deletes or posts', async () => {
    const { onec, client } = await start();
    const { body } = await client.post(calls, { Тема: 'Звонок' });
    const path = `${calls}(guid'${body.Ref_Key}')`;
    expect((await client.patch(path, { DeletionMark: true })).body.DeletionMark).toBe(true);
    expect((await client.send('DELETE', path)).status).toBe(401);
    expect((await client.send('POST', `${path}/Post`, { query: { PostingModeOperational: 'false' } })).status).toBe(
      500,
    );
    expect(onec.view.documents('ТелефонныйЗвонок')).toHaveLength(1);
    expect(onec.state.complaints).toEqual([
      `DELETE ${calls}: objects are marked for deletion, never deleted`,
      `POST ${calls}: unknown query parameter PostingModeOperational`,
      `POST ${calls}: Post is never called`,
    ]);
  });

  it('writes constants and the records of registers by their dimensions', async () => {
    const { onec, client } = await start();
    const { body: call } = await client.post(calls, { Тема: 'Звонок' });
    const deal = onec.people.addDeal({ client: onec.people.addClient({ name: 'Ромашка' }), name: 'Поставка' });
    const set = 'InformationRegister_ПредметыПапкиВзаимодействий';
    const dimensions = { Взаимодействие: call.Ref_Key, Взаимодействие_Type: `StandardODATA.${calls}` };
    const path = `${set}(Взаимодействие='${call.Ref_Key}',Взаимодействие_Type='StandardODATA.${calls}')`;
    expect((await client.patch(path, { Рассмотрено: true })).status).toBe(404);
    expect((await client.post(set, { ...dimensions, Рассмотрено: false })).status).toBe(201);
    expect((await client.post(set, { ...dimensions, Рассмотрено: true })).body['odata.error'].code).toBe('15');
    const subject = { Предмет: deal, Предмет_Type: 'StandardODATA.Catalog_СделкиСКлиентами' };
    expect((await client.patch(path, { Рассмотрено: true, ...subject })).status).toBe(200);
    expect(onec.view.subjectOf(calls, call.Ref_Key)).toEqual({
      considered: true,
      subject: `Catalog_СделкиСКлиентами/${deal}`,
    });
    const constant = `Constant_ИспользоватьПризнакРассмотрено(guid'${nobody}')`;
    expect((await client.get(constant)).body).toEqual({ Value: true });
    expect((await client.patch(constant, { Value: false })).body).toEqual({ Value: false });
    expect(onec.state.complaints).toEqual([]);
  });
});
