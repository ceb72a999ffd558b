import { describe, expect, it } from 'vitest';
import { answeredCall, Firm, missedCall } from './firm.ts';

const phone = { kind: 'phone', value: '+79161234567' } as const;

describe('calls', () => {
  it('become one ТелефонныйЗвонок with client, deal, words and the mark that they were dealt with', async () => {
    const firm = await Firm.open();
    const rose = firm.onec.people.addClient({ name: 'Ромашка' });
    const deal = firm.onec.people.addDeal({ client: rose, name: 'Насосы' });
    firm.onec.people.addDeal({ client: rose, name: 'Старая', closed: true });
    await firm.know(`partner-${rose}`, [phone], { name: 'Ромашка' });
    await firm.take(answeredCall('1'));
    const [item, ...more] = firm.onec.view.history(rose);
    expect(more).toEqual([]);
    expect(item).toMatchObject({
      kind: 'ТелефонныйЗвонок',
      considered: true,
      subject: `Catalog_СделкиСКлиентами/${deal}`,
      row: {
        Входящий: true,
        Date: expect.stringMatching(/T12:00:00$/),
        АбонентКакСвязаться: '+79161234567',
        АбонентПредставление: 'Ромашка',
        Ответственный_Key: firm.people.anna,
        Автор_Key: firm.people.anna,
        Описание: 'Разговор 0:30, ожидание 0:05\nРазговаривали: Manager anna\nЛиния: Line main',
        Posted: false,
        DeletionMark: false,
      },
    });
    expect(firm.onec.state.complaints).toEqual([]);
    expect((await firm.owed()).map(({ state }) => state)).toEqual(['done']);
  });

  it('that were missed wait for the responsible manager, also of strangers', async () => {
    const firm = await Firm.open();
    await firm.take(missedCall('1'));
    const [row] = firm.onec.view.documents('ТелефонныйЗвонок');
    expect(row).toMatchObject({ Тема: 'Пропущенный звонок от Ivan', АбонентКонтакт: '', АбонентПредставление: 'Ivan' });
    expect(firm.onec.view.subjectOf('Document_ТелефонныйЗвонок', String(row?.Ref_Key)).considered).toBe(false);
    expect(firm.onec.view.items('Партнеры')).toEqual([]);
  });

  it('become a Событие of УНФ with its participants and call data', async () => {
    const firm = await Firm.open({ preset: 'unf' });
    const done = firm.onec.people.add('Catalog_СостоянияСобытий', { Description: 'Завершено' });
    const rose = firm.onec.people.addClient({ name: 'Ромашка' });
    await firm.know(`counterparty-${rose}`, [phone]);
    await firm.take(answeredCall('1'));
    expect(firm.onec.view.history(rose).map(({ row }) => row)).toMatchObject([
      {
        ТипСобытия: 'ТелефонныйЗвонок',
        ВходящееИсходящееСобытие: 'Входящее',
        НачалоСобытия: expect.stringMatching(/T12:00:00$/),
        ОкончаниеСобытия: expect.stringMatching(/T12:00:35$/),
        Состояние_Key: done,
        Ответственный_Key: firm.people.anna,
        Участники: [{ Контакт: rose, КакСвязаться: '+79161234567' }],
      },
    ]);
    expect(firm.onec.view.records('ДанныеЗвонков')).toMatchObject([
      { ДлительностьРазговора: '30', Неотвеченный: false },
    ]);
    expect(firm.onec.state.complaints).toEqual([]);
  });
});
