import { describe, expect, it } from 'vitest';
import { extensionDirectory } from '../../../../src/crm/onec/extension/directory.ts';
import type { DirectoryPage, DirectorySource } from '../../../../src/domain/directory/directory-source.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';
import { call, managersOf, startExtension } from './start.ts';

const { signal } = call;

async function open(options: OnecOptions = {}, known: Readonly<Record<string, string>> = {}, page = 2) {
  const { onec, client } = await startExtension(options);
  const directory = extensionDirectory({ client, managersOf: managersOf(known), webUrl: onec.url, page });
  return { onec, client, directory };
}

async function collected(pages: AsyncIterable<DirectoryPage>) {
  const found: DirectoryPage[] = [];
  for await (const page of pages) found.push(page);
  return {
    pages: found,
    names: found.flatMap(({ clients }) => clients.map(({ name }) => name)),
    removed: found.flatMap(({ removed }) => removed),
    cursor: found.findLast(({ cursor }) => cursor !== null)?.cursor ?? '',
  };
}

const changesOf = async (directory: DirectorySource, cursor: string) =>
  collected(directory.readChanges(cursor, signal));

describe('the directory of the extension', () => {
  it('reads a client with everything that belongs to it', async () => {
    const { onec, client } = await startExtension();
    const anna = onec.people.addUser({ name: 'Анна' });
    const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['8 (916) 123-45-67'] });
    onec.people.addCounterparty(rose, { name: 'ООО «Ромашка»', emails: ['office@example.com'] });
    const ivan = onec.people.addPerson(rose, { name: 'Иван', phones: ['+7 495 765-43-21 доб. 12'] });
    const deal = onec.people.addDeal({ client: rose, name: 'Поставка' });
    onec.people.addDeal({ client: rose, name: 'Старая', closed: true });
    const directory = extensionDirectory({ client, managersOf: managersOf({ [anna]: 'ivanova' }), webUrl: onec.url });
    const { pages } = await collected(directory.readAll(signal, null));
    expect(pages.flatMap(({ clients }) => clients)).toMatchObject([
      {
        id: `partner-${rose}`,
        name: 'Ромашка',
        responsible: 'ivanova',
        identifiers: [
          { kind: 'phone', value: '8 (916) 123-45-67' },
          { kind: 'email', value: 'office@example.com' },
        ],
        contacts: [{ id: `person-${ivan}`, identifiers: [{ kind: 'phone', value: '+7 495 765-43-21 доб. 12' }] }],
        deals: [{ id: `deal-${deal}`, name: 'Поставка', stage: 'ВРаботе' }],
      },
    ]);
  });

  it('reads all by pages, goes on at a place, and misses nothing that changes meanwhile', async () => {
    const { onec, directory } = await open({
      clients: { count: 5, make: (n) => ({ name: `Клиент ${n}`, phones: [`+7916000000${n}`] }) },
    });
    const reading = directory.readAll(signal, null)[Symbol.asyncIterator]();
    const first = (await reading.next()).value as DirectoryPage;
    expect(first).toMatchObject({ cursor: null, place: expect.any(String) });
    onec.people.edit('Catalog_Партнеры', onec.people.generatedKey(1), { Description: 'Переименован' });
    const rest = await collected(directory.readAll(signal, first.place ?? null));
    expect([...first.clients.map(({ name }) => name), ...rest.names]).toEqual(
      [1, 2, 3, 4, 5].map((n) => `Клиент ${n}`),
    );
    expect((await changesOf(directory, rest.cursor)).names).toEqual(['Переименован']);
  });

  it('hands out exactly what changed, whatever of a client it was', async () => {
    const { onec, directory } = await open();
    const [rose, lily] = ['Ромашка', 'Лилия'].map((name) => onec.people.addClient({ name })) as [string, string];
    let { cursor } = await collected(directory.readAll(signal, null));
    const next = async () => {
      const changes = await changesOf(directory, cursor);
      cursor = changes.cursor;
      return changes;
    };
    expect((await next()).names).toEqual([]);
    onec.people.addPerson(lily, { name: 'Пётр' });
    expect((await next()).names).toEqual(['Лилия']);
    onec.people.addDeal({ client: rose, name: 'Поставка' });
    expect((await next()).names).toEqual(['Ромашка']);
    onec.people.addCounterparty(lily, { name: 'ООО' });
    expect((await next()).names).toEqual(['Лилия']);
    onec.people.mark('Catalog_Партнеры', rose);
    expect(await next()).toMatchObject({ names: [], removed: [`partner-${rose}`] });
    expect((await next()).pages.flatMap(({ clients }) => clients)).toEqual([]);
  });

  it('begins again when the base does not know the cursor any more', async () => {
    const { onec, directory } = await open();
    onec.people.addClient({ name: 'Ромашка' });
    expect((await changesOf(directory, 'log:99')).names).toEqual(['Ромашка']);
  });

  it('finds clients by the numbers and addresses of their people', async () => {
    const { onec, directory } = await open({ preset: 'unf' });
    const rose = onec.people.addClient({ name: 'Ромашка', emails: ['rose@example.com'] });
    onec.people.addPerson(rose, { name: 'Иван', phones: ['8 916 123-45-67'] });
    const names = async (kind: 'phone' | 'email' | 'account', value: string) =>
      (await directory.lookUp({ kind, value }, signal)).map(({ name }) => name);
    expect(await names('phone', '+79161234567')).toEqual(['Ромашка']);
    expect(await names('email', 'Rose@example.com')).toEqual(['Ромашка']);
    expect(await names('phone', '+79160000000')).toEqual([]);
    expect(await names('account', 'rose')).toEqual([]);
  });
});
