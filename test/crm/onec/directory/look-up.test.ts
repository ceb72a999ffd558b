import { describe, expect, it } from 'vitest';
import { openOnec } from './reading.ts';

describe('the search for an unknown caller in a scripted 1C', () => {
  it.each(['8 (916) 123-45-67', '+7 916 123-45-67', '916 123-45-67'])('finds %s', async (typed) => {
    const { onec, anna, cores } = await openOnec();
    const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: [typed] });
    const found = await cores()
      .source('base')
      .lookUp({ kind: 'phone', value: '+79161234567' }, AbortSignal.timeout(10_000));
    expect(found).toMatchObject([{ id: `partner-${rose}`, responsible: 'm1' }]);
    expect(onec.state.complaints).toEqual([]);
  });

  it('finds the client by a contact person, a company and an address', async () => {
    const { onec, cores } = await openOnec();
    const rose = onec.people.addClient({ name: 'Ромашка' });
    onec.people.addPerson(rose, { name: 'Иван', phones: ['+7 916 111-22-33'], emails: ['ivan@rose.ru'] });
    onec.people.addCounterparty(rose, { name: 'ООО', phones: ['+7 495 123-45-67'] });
    const source = cores().source('base');
    for (const identifier of [
      { kind: 'phone', value: '+79161112233' },
      { kind: 'phone', value: '+74951234567' },
      { kind: 'email', value: 'ivan@rose.ru' },
    ] as const)
      expect(await source.lookUp(identifier, AbortSignal.timeout(10_000))).toMatchObject([{ id: `partner-${rose}` }]);
    expect(await source.lookUp({ kind: 'phone', value: '+79990000000' }, AbortSignal.timeout(10_000))).toEqual([]);
  });

  it('finds the client of a linked contact person in УНФ', async () => {
    const { onec, cores } = await openOnec({ preset: 'unf' });
    const rose = onec.people.addClient({ name: 'Ромашка' });
    onec.people.addPerson(rose, { name: 'Иван', phones: ['+7 916 111-22-33'] });
    const found = await cores()
      .source('base')
      .lookUp({ kind: 'phone', value: '+79161112233' }, AbortSignal.timeout(10_000));
    expect(found).toMatchObject([{ id: `counterparty-${rose}` }]);
  });

  it('does not offer a client that is marked for deletion', async () => {
    const { onec, cores } = await openOnec();
    const rose = onec.people.addClient({ name: 'Ромашка', phones: ['+7 916 123-45-67'] });
    onec.people.mark('Catalog_Партнеры', rose);
    const source = cores().source('base');
    expect(await source.lookUp({ kind: 'phone', value: '+79161234567' }, AbortSignal.timeout(10_000))).toEqual([]);
  });
});
