import { describe, expect, it } from 'vitest';
import { start } from './start.ts';

const letters = 'Document_ЭлектронноеПисьмоИсходящее';
const messages = 'Document_СообщениеSMS';

describe('a written interaction', () => {
  it('stands in the history of its client, and no longer once it is marked for deletion', async () => {
    const { onec, client } = await start();
    const rose = onec.people.addClient({ name: 'Ромашка' });
    const vera = onec.people.addPerson(rose, { name: 'Вера' });
    const contact = { АбонентКонтакт: vera, АбонентКонтакт_Type: 'StandardODATA.Catalog_КонтактныеЛицаПартнеров' };
    const { body } = await client.post('Document_ТелефонныйЗвонок', { Тема: 'Звонок', ...contact });
    expect(onec.view.history(rose)).toMatchObject([
      { kind: 'ТелефонныйЗвонок', key: body.Ref_Key, at: '2026-12-01T12:00:00', considered: false, subject: null },
    ]);
    expect(onec.view.records('КонтактыВзаимодействий')).toMatchObject([{ Контакт: vera }]);
    await client.patch(`Document_ТелефонныйЗвонок(guid'${body.Ref_Key}')`, { DeletionMark: true });
    expect(onec.view.history(rose)).toEqual([]);
  });

  it('makes one text contact for a stranger, and leaves the document as it was written', async () => {
    const { onec, client } = await start();
    const call = { Тема: 'Звонок', АбонентПредставление: 'Иван +7 916 123-45-67', АбонентКакСвязаться: '+79161234567' };
    const { body } = await client.post('Document_ТелефонныйЗвонок', call);
    await client.post('Document_ТелефонныйЗвонок', call);
    const [contact, ...others] = onec.view.items('СтроковыеКонтактыВзаимодействий');
    expect(others).toEqual([]);
    expect(contact).toMatchObject({ Description: 'Иван +7 916 123-45-67' });
    expect(body.АбонентКонтакт_Type).toBe('StandardODATA.Undefined');
    expect(onec.view.records('КонтактыВзаимодействий').map((record) => record.Контакт)).toEqual([
      contact?.Ref_Key,
      contact?.Ref_Key,
    ]);
  });

  it('has its contacts registered anew at each write', async () => {
    const { onec, client } = await start();
    const [rose, oak] = [onec.people.addClient({ name: 'Ромашка' }), onec.people.addClient({ name: 'Дуб' })];
    const row = (key: string, LineNumber: number) => ({
      LineNumber,
      Контакт: key,
      Контакт_Type: 'StandardODATA.Catalog_Партнеры',
      ПредставлениеКонтакта: key,
    });
    const { body } = await client.post('Document_Встреча', { Тема: 'Встреча', Участники: [row(rose, 1), row(oak, 2)] });
    expect(onec.view.history(oak)).toHaveLength(1);
    await client.patch(`Document_Встреча(guid'${body.Ref_Key}')`, { Участники: [row(rose, 1)] });
    expect(onec.view.records('КонтактыВзаимодействий').map((record) => record.Контакт)).toEqual([rose]);
  });
});

describe('the scheduled jobs', () => {
  it('send a letter that is left in a sending state, at once', async () => {
    const { onec, client } = await start();
    const to = { ПолучателиПисьма: [{ LineNumber: 1, Адрес: 'client@example.com' }] };
    const { body } = await client.post(letters, { Тема: 'Счёт', СтатусПисьма: 'Исходящее', ...to });
    expect(onec.state.sent).toEqual([
      { document: 'ЭлектронноеПисьмоИсходящее', key: body.Ref_Key, to: ['client@example.com'] },
    ]);
    expect(body.СтатусПисьма).toBe('Отправлено');
  });

  it('leave alone what is sent, drafted or marked for deletion', async () => {
    const { onec, client } = await start();
    await client.post(letters, { СтатусПисьма: 'Отправлено' });
    await client.post(letters, { СтатусПисьма: 'Черновик' });
    await client.post(letters, { СтатусПисьма: 'Исходящее', DeletionMark: true });
    const delivered = [{ LineNumber: 1, НомерДляОтправки: '79161234567', СостояниеСообщения: 'Доставлено' }];
    await client.post(messages, { Состояние: 'Доставлено', Адресаты: delivered });
    expect(onec.state).toMatchObject({ sent: [], polled: [] });
  });

  it('send a text message for the state of the document or of a row, and ask for its delivery', async () => {
    const { onec, client } = await start();
    const row = { LineNumber: 1, НомерДляОтправки: '79161234567' };
    await client.post(messages, { Состояние: 'Доставлено', Адресаты: [{ ...row, СостояниеСообщения: 'Исходящее' }] });
    await client.post(messages, { Состояние: 'Исходящее', Адресаты: [row] });
    expect(onec.state.sent.map(({ to }) => to)).toEqual([['79161234567'], ['79161234567']]);
    const { body } = await client.post(messages, { Состояние: 'Доставляется', Адресаты: [row] });
    expect(onec.state.polled).toEqual([body.Ref_Key]);
  });
});
