import { describe, expect, it } from 'vitest';
import { patience } from '../../../support/directory-reading.ts';
import { openOnec } from './reading.ts';

describe('the directory of a scripted 1C', () => {
  it('has partners with their companies, contact persons and open deals', async () => {
    const { onec, anna, read, client } = await openOnec();
    const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['8 (916) 123-45-67'] });
    onec.people.addCounterparty(rose, { name: 'ООО Ромашка', phones: ['+7 495 123-45-67'], emails: ['a@rose.ru'] });
    const ivan = onec.people.addPerson(rose, { name: 'Иван', phones: ['9161112233'] });
    const deal = onec.people.addDeal({ client: rose, name: 'Поставка' });
    onec.people.addDeal({ client: rose, name: 'Старая', closed: true });
    read();
    await expect.poll(() => client(`base:partner-${rose}`), patience).not.toBeNull();
    expect(await client(`base:partner-${rose}`)).toMatchObject({
      name: 'Ромашка',
      kind: 'company',
      responsible: 'm1',
      identifiers: [
        { kind: 'phone', value: '+79161234567' },
        { kind: 'phone', value: '+74951234567' },
        { kind: 'email', value: 'a@rose.ru' },
      ],
      contacts: [{ id: `person-${ivan}`, name: 'Иван', identifiers: [{ kind: 'phone', value: '+79161112233' }] }],
      deals: [{ id: `deal-${deal}`, name: 'Поставка', stage: 'ВРаботе' }],
    });
    expect(onec.state.complaints).toEqual([]);
  });
});
