import { describe, expect, it } from 'vitest';
import { answerTo, letter } from '../../../support/written.ts';
import { form, message } from '../../bitrix24/written/contacts.ts';
import { Firm } from './firm.ts';

const ivan = [
  { kind: 'email', value: 'ivan@example.com' },
  { kind: 'account', value: 'telegram:77' },
  { kind: 'phone', value: '+79161234567' },
] as const;

const whatsapp = { kind: 'whatsapp', connection: 'bot', id: '79161234567', username: null };

/** A firm with the client Ромашка and what it wrote: a letter with an answer, two messages and a form. */
async function written(preset: 'ut11' | 'ka2' | 'erp2' | 'crm3' | 'crm3-in-ut' | 'unf') {
  const firm = await Firm.open({ preset });
  const rose = firm.onec.people.addClient({ name: 'Ромашка' });
  await firm.know(`${preset === 'unf' ? 'counterparty' : 'partner'}-${rose}`, ivan, { name: 'Ромашка' });
  await firm.take(
    letter('1'),
    answerTo('1', '2', { manager: 'anna' }),
    message('3'),
    message('4', {
      direction: 'outbound',
      state: 'sent',
      party: { phone: '+79161234567', email: null, account: whatsapp, name: 'Ivan' },
    }),
    form('5', { party: { phone: '+79161234567', email: 'ivan@example.com', account: null, name: 'Ivan' } }),
  );
  return { firm, rose };
}

const letters = ['ЭлектронноеПисьмоВходящее', 'ЭлектронноеПисьмоИсходящее'];

describe('letters, messages and forms', () => {
  it.each(['ut11', 'ka2', 'erp2', 'crm3', 'crm3-in-ut'] as const)('become documents of %s', async (preset) => {
    const { firm, rose } = await written(preset);
    const isCrm = preset.startsWith('crm3');
    const messages = isCrm
      ? ['CRM_СообщениеМессенджера', 'CRM_СообщениеМессенджера']
      : ['СообщениеSMS', 'ЭлектронноеПисьмоВходящее'];
    const kinds = firm.onec.view.history(rose).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['ЭлектронноеПисьмоВходящее', ...letters, ...messages].toSorted());
    const [sent] = firm.onec.view.documents('ЭлектронноеПисьмоИсходящее');
    expect(sent).toMatchObject({
      СтатусПисьма: 'Отправлено',
      Автор_Key: firm.people.anna,
      ПолучателиПисьма: [{ Адрес: 'ivan@example.com', Контакт: rose }],
    });
    const texts = firm.onec.view.documents('ЭлектронноеПисьмоВходящее').map(({ Текст }) => String(Текст));
    expect(texts.filter((one) => one.includes('Источник: yandex / cpc / spring / pumps'))).toHaveLength(1);
    expect(firm.onec.state).toMatchObject({ complaints: [], sent: [], polled: [] });
    expect((await firm.owed()).every(({ state }) => state === 'done')).toBe(true);
  });

  it('become events of УНФ', async () => {
    const { firm, rose } = await written('unf');
    const types = firm.onec.view.history(rose).map(({ row }) => String(row.ТипСобытия));
    expect(types.toSorted()).toEqual(
      ['Прочее', 'Прочее', 'Прочее', 'ЭлектронноеПисьмо', 'ЭлектронноеПисьмо'].toSorted(),
    );
    expect(firm.onec.state.complaints).toEqual([]);
  });

  it('are not written into a Бухгалтерия, which has no place for them', async () => {
    const firm = await Firm.open({ preset: 'bp3' });
    await firm.take(letter('1'), form('2'));
    expect(firm.onec.state.writes).toEqual([]);
    expect((await firm.owed()).every(({ state }) => state === 'done')).toBe(true);
  });

  it('are cut to the lengths that the base has', async () => {
    const firm = await Firm.open({ changes: { lengths: { 'Document_ЭлектронноеПисьмоВходящее.Тема': 10 } } });
    await firm.take(letter('1', { subject: 'A subject that is rather long' }));
    expect(firm.onec.view.documents('ЭлектронноеПисьмоВходящее')).toMatchObject([{ Тема: 'A subject ' }]);
  });

  it('are dated in the zone of the base', async () => {
    const firm = await Firm.open({ timezone: 'Asia/Yekaterinburg' }, { timezone: 'Asia/Yekaterinburg' });
    await firm.take(letter('1'));
    const [row] = firm.onec.view.documents('ЭлектронноеПисьмоВходящее');
    expect(row?.ДатаПолучения).toMatch(/T14:00:00$/);
  });

  it('wait while the base lacks an attribute, and nothing is written', async () => {
    const firm = await Firm.open({ changes: { without: ['Document_ЭлектронноеПисьмоВходящее.ОтправительАдрес'] } });
    await firm.intake.emit(letter('1'));
    await expect(firm.deliveries.deliver(2)).rejects.toThrow();
    expect(firm.onec.state.writes).toEqual([]);
    expect(await firm.owed()).toMatchObject([{ state: 'due', lastReason: { code: 'baseDiffers' } }]);
  });
});

describe('strangers', () => {
  it.each([
    ['unf', 'Лиды'],
    ['crm3', 'CRM_Заявка'],
  ] as const)('make one lead in %s, however often they write', async (preset, kind) => {
    const firm = await Firm.open({ preset }, { unknown: 'lead' });
    await firm.take(form('1'), form('2', { text: 'Hello?' }));
    const leads = kind === 'Лиды' ? firm.onec.view.items(kind) : firm.onec.view.documents(kind);
    expect(leads).toHaveLength(1);
    expect(String(leads[0]?.Комментарий)).toContain('Источник: yandex / cpc / spring / pumps');
    if (kind === 'Лиды') expect(firm.onec.view.history(String(leads[0]?.Ref_Key))).toHaveLength(2);
    expect(firm.onec.state.complaints).toEqual([]);
  });

  it('make nothing if the setting says so', async () => {
    const firm = await Firm.open({ preset: 'unf' });
    await firm.take(form('1'));
    expect(firm.onec.view.items('Лиды')).toEqual([]);
    expect(firm.onec.view.documents('Событие')).toMatchObject([
      { Участники: [{ Контакт: 'Petr', Контакт_Type: 'Edm.String' }] },
    ]);
  });
});
