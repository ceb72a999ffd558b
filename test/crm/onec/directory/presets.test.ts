import { describe, expect, it } from 'vitest';
import { patience } from '../../../support/directory-reading.ts';
import { openOnec } from './reading.ts';

describe('the directory by preset', () => {
  it.each(['ka2', 'erp2', 'crm3-in-ut'] as const)('%s has partners with companies', async (preset) => {
    const { onec, anna, read, client } = await openOnec({ preset });
    const rose = onec.people.addClient({ name: 'Ромашка', manager: anna });
    onec.people.addCounterparty(rose, { name: 'ООО', phones: ['+7 495 123-45-67'] });
    read();
    await expect
      .poll(() => client(`base:partner-${rose}`), patience)
      .toMatchObject({
        responsible: 'm1',
        identifiers: [{ kind: 'phone', value: '+74951234567' }],
      });
  });

  it('1С:CRM has partners with interests, and prospects who are no partners yet', async () => {
    const { onec, anna, read, client } = await openOnec({ preset: 'crm3' });
    const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['+7 916 123-45-67'] });
    const state = onec.people.add('Catalog_CRM_СостоянияИнтересов', { Description: 'Переговоры' });
    onec.people.addDeal({ client: rose, name: 'Внедрение', fields: { СостояниеИнтереса_Key: state } });
    const prospect = onec.people.addLead({ name: 'Пётр', phones: ['+7 916 765-43-21'] });
    const partner = onec.people.addLead({ name: 'Ромашка', fields: { Партнер_Key: rose } });
    read();
    await expect
      .poll(() => client(`base:lead-${prospect}`), patience)
      .toMatchObject({
        name: 'Пётр',
        identifiers: [{ kind: 'phone', value: '+79167654321' }],
      });
    expect(await client(`base:partner-${rose}`)).toMatchObject({ deals: [{ name: 'Внедрение', stage: 'Переговоры' }] });
    expect(await client(`base:lead-${partner}`)).toBeNull();
    onec.people.edit('Catalog_CRM_ПотенциальныеКлиенты', prospect, { Партнер_Key: rose });
    await expect.poll(() => client(`base:lead-${prospect}`), patience).toBeNull();
    expect(onec.state.complaints).toEqual([]);
  });

  it('УНФ has counterparties with linked contact persons, and open leads', async () => {
    const { onec, anna, read, client } = await openOnec({ preset: 'unf' });
    const rose = onec.people.addClient({
      name: 'Иванов',
      manager: anna,
      phones: ['8 (916) 123-45-67'],
      fields: { ЮридическоеФизическоеЛицо: 'ФизическоеЛицо' },
    });
    const folder = onec.people.addClient({ name: 'Покупатели', fields: { IsFolder: true } });
    const person = onec.people.addPerson(rose, { name: 'Мария', phones: ['+7 916 111-22-33'] });
    const lead = onec.people.addLead({ name: 'Заявка', manager: anna, phones: ['+7 916 765-43-21'] });
    const over = onec.people.addLead({ name: 'Старая', fields: { ДатаЗавершенияРаботы: '2026-01-01T00:00:00' } });
    read();
    await expect.poll(() => client(`base:lead-${lead}`), patience).toMatchObject({ responsible: 'm1' });
    expect(await client(`base:counterparty-${rose}`)).toMatchObject({
      kind: 'person',
      responsible: 'm1',
      contacts: [{ id: `person-${person}`, name: 'Мария' }],
    });
    expect(await client(`base:counterparty-${folder}`)).toBeNull();
    expect(await client(`base:lead-${over}`)).toBeNull();
    onec.people.edit('Catalog_КонтактныеЛица', person, { Description: 'Марья' });
    await expect
      .poll(async () => (await client(`base:counterparty-${rose}`))?.contacts, patience)
      .toMatchObject([{ name: 'Марья' }]);
    onec.people.edit('Catalog_Лиды', lead, { ДатаЗавершенияРаботы: '2026-01-01T00:00:00' });
    await expect.poll(() => client(`base:lead-${lead}`), patience).toBeNull();
    expect(onec.state.complaints).toEqual([]);
  });

  it('УНФ has contact persons whom nothing ties to a counterparty as clients', async () => {
    const { onec, anna, read, client } = await openOnec({ preset: 'unf' });
    const fields = { Ответственный_Key: anna };
    const alone = onec.people.add('Catalog_КонтактныеЛица', { Description: 'Ольга', ...fields });
    const rose = onec.people.addClient({ name: 'Ромашка' });
    const employed = onec.people.addPerson(rose, { name: 'Мария' });
    read();
    await expect
      .poll(() => client(`base:person-${alone}`), patience)
      .toMatchObject({
        name: 'Ольга',
        kind: 'person',
        responsible: 'm1',
      });
    expect(await client(`base:person-${employed}`)).toBeNull();
    onec.people.add('InformationRegister_СвязиКонтрагентКонтакт', {
      Period: onec.base.now(),
      Контрагент_Key: rose,
      Контакт_Key: alone,
    });
    onec.people.edit('Catalog_КонтактныеЛица', alone, { Description: 'Оля' });
    await expect.poll(() => client(`base:person-${alone}`), patience).toBeNull();
    await expect.poll(async () => (await client(`base:counterparty-${rose}`))?.contacts, patience).toHaveLength(2);
    expect(onec.state.complaints).toEqual([]);
  });

  it('Бухгалтерия has counterparties with their contact persons, and nobody responsible', async () => {
    const { onec, read, client } = await openOnec({ preset: 'bp3' });
    const rose = onec.people.addClient({ name: 'Ромашка', phones: ['8 (916) 123-45-67'] });
    const person = onec.people.addPerson(rose, { name: 'Мария', emails: ['Maria@rose.ru'] });
    read();
    await expect
      .poll(() => client(`base:counterparty-${rose}`), patience)
      .toMatchObject({
        responsible: null,
        contacts: [{ id: `person-${person}`, identifiers: [{ kind: 'email', value: 'maria@rose.ru' }] }],
      });
    expect(onec.state.complaints).toEqual([]);
  });
});

describe('a base that can not compare references', () => {
  it('is read by $skip', async () => {
    const { onec, anna, read, client, ids } = await openOnec({ keyOrder: 'refused' });
    const keys = Array.from({ length: 60 }, (_, n) => onec.people.addClient({ name: `Клиент ${n}`, manager: anna }));
    const rose = keys[30] ?? '';
    onec.people.addPerson(rose, { name: 'Иван' });
    read({ directory: { page: 20 } });
    await expect.poll(() => ids('base'), patience).toHaveLength(60);
    expect(await client(`base:partner-${rose}`)).toMatchObject({ contacts: [{ name: 'Иван' }] });
    onec.people.edit('Catalog_Партнеры', rose, { Description: 'Лилия' });
    await expect.poll(() => client(`base:partner-${rose}`), patience).toMatchObject({ name: 'Лилия' });
    expect(onec.state.complaints).toEqual([]);
  });
});
