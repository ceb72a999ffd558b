import { describe, expect, it } from 'vitest';
import { answeredCall, Firm } from './firm.ts';

const phone = { kind: 'phone', value: '+79161234567' } as const;
const set = 'Document_ТелефонныйЗвонок';

/** A firm with a call of Ромашка, which has one open deal, beside the client Лютик with another. */
async function called(options: Parameters<typeof Firm.open>[0] = {}) {
  const firm = await Firm.open(options);
  const { people } = firm.onec;
  const [rose, crow] = [people.addClient({ name: 'Ромашка' }), people.addClient({ name: 'Лютик' })];
  const deal = people.addDeal({ client: rose, name: 'Насосы' });
  const other = people.addDeal({ client: crow, name: 'Трубы' });
  await firm.know(`partner-${rose}`, [phone], { name: 'Ромашка' });
  const crowId = await firm.know(`partner-${crow}`, [], { name: 'Лютик' });
  await firm.take(answeredCall('1'));
  const [call] = await firm.contacts();
  const [row] = firm.onec.view.documents('ТелефонныйЗвонок');
  if (call === undefined || row === undefined) throw new Error('no call');
  return { firm, rose, crow, crowId, deal, other, call, key: String(row.Ref_Key) };
}

describe('what changes afterwards', () => {
  it('moves to another client, with his deal', async () => {
    const { firm, rose, crow, crowId, other, call } = await called();
    await firm.decide(call, { client: crowId });
    expect(firm.onec.view.history(rose)).toEqual([]);
    expect(firm.onec.view.history(crow)).toMatchObject([{ subject: `Catalog_СделкиСКлиентами/${other}` }]);
    expect(firm.onec.view.documents('ТелефонныйЗвонок')).toHaveLength(1);
  });

  it('becomes a text contact without a deal when it is nobody known', async () => {
    const { firm, rose, call, key } = await called();
    await firm.decide(call, { client: null });
    expect(firm.onec.view.history(rose)).toEqual([]);
    expect(firm.onec.view.documents('ТелефонныйЗвонок')).toMatchObject([{ АбонентКонтакт: '', DeletionMark: false }]);
    expect(firm.onec.view.subjectOf(set, key).subject).toBeNull();
  });

  it('keeps its subject when the deal is closed, and what people have written there', async () => {
    const { firm, rose, deal, key } = await called();
    firm.onec.people.edit('Catalog_СделкиСКлиентами', deal, { Закрыта: true });
    firm.onec.people.edit(set, key, { Тема: 'Обсудили насосы' });
    await firm.take(answeredCall('1', { endedAt: answeredCall('1').startedAt + 40_000 }));
    expect(firm.onec.view.history(rose)).toMatchObject([
      { subject: `Catalog_СделкиСКлиентами/${deal}`, row: { Тема: 'Обсудили насосы' } },
    ]);
  });

  it('is marked for deletion when it proves to be a part of another contact', async () => {
    const { firm, key } = await called();
    await firm.take(answeredCall('2'));
    await firm.take(answeredCall('2', { aliases: [answeredCall('1').key] }));
    const all = firm.onec.view.documents('ТелефонныйЗвонок');
    expect(all).toHaveLength(2);
    expect(all.filter(({ DeletionMark }) => DeletionMark !== true).map(({ Ref_Key }) => Ref_Key)).toEqual([key]);
  });

  it('leaves alone what users have marked for deletion', async () => {
    const { firm, key, call, crowId } = await called();
    firm.onec.people.mark(set, key);
    await firm.decide(call, { client: crowId });
    expect(firm.onec.view.documents('ТелефонныйЗвонок')).toMatchObject([{ DeletionMark: true }]);
  });

  it('changes nothing when there is nothing to change', async () => {
    const { firm } = await called();
    const before = firm.onec.state.writes.length;
    await firm.take(answeredCall('1'));
    expect(firm.onec.state.writes).toHaveLength(before);
  });
});
