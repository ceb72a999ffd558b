import { describe, expect, it } from 'vitest';
import { patience } from '../../../support/directory-reading.ts';
import { openOnec } from './reading.ts';

/** Requests that 1C has answered. */
function requests({ state }: { readonly state: { readonly counts: ReadonlyMap<string, number> } }): number {
  return [...state.counts.values()].reduce((sum, count) => sum + count, 0);
}

async function withRose() {
  const opened = await openOnec();
  const { onec, anna, client, read } = opened;
  const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['8 (916) 123-45-67'] });
  const reader = read();
  const id = `base:partner-${rose}`;
  await expect.poll(() => client(id), patience).not.toBeNull();
  await expect.poll(() => opened.states, patience).toContain('base ready');
  return { ...opened, reader, rose, id, rest: () => client(id) };
}

describe('changes in a scripted 1C', () => {
  it('are seen of a client and of everything that belongs to it', async () => {
    const { onec, petr, client, rose, id } = await withRose();
    onec.people.edit('Catalog_Партнеры', rose, { Description: 'Лилия', ОсновнойМенеджер_Key: petr });
    await expect.poll(() => client(id), patience).toMatchObject({ name: 'Лилия', responsible: 'm2' });
    const person = onec.people.addPerson(rose, { name: 'Иван', phones: ['9161112233'] });
    await expect.poll(async () => (await client(id))?.contacts, patience).toHaveLength(1);
    onec.people.editContacts('Catalog_КонтактныеЛицаПартнеров', person, { phones: ['+7 916 444-55-66'] });
    await expect
      .poll(async () => (await client(id))?.contacts[0]?.identifiers, patience)
      .toEqual([{ kind: 'phone', value: '+79164445566' }]);
    const company = onec.people.addCounterparty(rose, { name: 'ООО', phones: ['+7 495 123-45-67'] });
    await expect.poll(async () => (await client(id))?.identifiers, patience).toHaveLength(2);
    onec.people.mark('Catalog_Контрагенты', company);
    await expect.poll(async () => (await client(id))?.identifiers, patience).toHaveLength(1);
    const deal = onec.people.addDeal({ client: rose, name: 'Поставка' });
    await expect.poll(async () => (await client(id))?.deals, patience).toHaveLength(1);
    onec.people.edit('Catalog_СделкиСКлиентами', deal, { Закрыта: true });
    await expect.poll(async () => (await client(id))?.deals, patience).toEqual([]);
    onec.people.mark('Catalog_КонтактныеЛицаПартнеров', person);
    await expect.poll(async () => (await client(id))?.contacts, patience).toEqual([]);
    expect(onec.state.complaints).toEqual([]);
  });

  it('take a client that was marked for deletion away, and bring it back', async () => {
    const { onec, client, rose, id } = await withRose();
    onec.people.mark('Catalog_Партнеры', rose);
    await expect.poll(() => client(id), patience).toBeNull();
    onec.people.mark('Catalog_Партнеры', rose, false);
    await expect.poll(() => client(id), patience).toMatchObject({ name: 'Ромашка' });
  });

  it('move a contact person to its new client', async () => {
    const { onec, client, rose, id } = await withRose();
    const person = onec.people.addPerson(rose, { name: 'Иван', phones: ['9161112233'] });
    await expect.poll(async () => (await client(id))?.contacts, patience).toHaveLength(1);
    const lily = onec.people.addClient({ name: 'Лилия' });
    onec.people.edit('Catalog_КонтактныеЛицаПартнеров', person, { Owner_Key: lily });
    await expect.poll(async () => (await client(`base:partner-${lily}`))?.contacts, patience).toHaveLength(1);
    await expect.poll(async () => (await client(id))?.contacts, patience).toEqual([]);
  });

  it('are found after a restart without reading everything again', async () => {
    const { onec, client, rose, id, reader, read, ids } = await withRose();
    const others = Array.from({ length: 300 }, (_, n) => onec.people.addClient({ name: `Клиент ${n}` }));
    await expect.poll(() => ids('base'), patience).toHaveLength(301);
    // One more sweep, which stores the checksums.
    const sweeps = () => onec.state.counts.get('GET Catalog_СделкиСКлиентами') ?? 0;
    const before = sweeps();
    await expect.poll(sweeps, patience).toBeGreaterThan(before + 3);
    await reader.stop();
    onec.people.edit('Catalog_Партнеры', rose, { Description: 'Лилия' });
    onec.people.mark('Catalog_Партнеры', others[7] ?? '');
    const asked = onec.asked.length;
    read();
    await expect.poll(() => client(id), patience).toMatchObject({ name: 'Лилия' });
    await expect.poll(() => client(`base:partner-${others[7]}`), patience).toBeNull();
    const described = onec.asked
      .slice(asked)
      .filter(({ target }) => decodeURIComponent(target).includes('select=Ref_Key,Description'));
    // Only the few clients of the parts whose checksum differs.
    expect(described.length).toBeLessThan(8);
  });

  it('are not invented by a sweep that finds none', async () => {
    const { onec, states } = await withRose();
    const sweep = () => onec.state.counts.get('GET Catalog_СделкиСКлиентами') ?? 0;
    const before = sweep();
    await expect.poll(sweep, patience).toBeGreaterThan(before + 3);
    const counted = onec.asked.length;
    await expect.poll(sweep, patience).toBeGreaterThan(before + 6);
    const targets = onec.asked.slice(counted).map(({ target }) => decodeURIComponent(target));
    expect(targets.every((target) => target.includes('select=Ref_Key,DataVersion'))).toBe(true);
    expect(states).not.toContain('base failed');
    expect(requests(onec)).toBeGreaterThan(0);
  });
});
