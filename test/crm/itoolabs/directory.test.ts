import { describe, expect, it } from 'vitest';
import { Branch, phone } from './branch.ts';

const signal = AbortSignal.timeout(20_000);
const known = [{ id: '79161234567', contacts: [], deals: [] }];

describe('the directory', () => {
  it('learns the name and the responsible of a number', async () => {
    const branch = await Branch.open();
    const boris = branch.onec.people.addUser({ name: 'Борис', extension: '102' });
    branch.onec.people.addClient({ name: 'Ромашка', manager: boris, phones: ['8 (916) 123-45-67'] });
    const found = await branch.cores().source('unf').lookUp({ kind: 'phone', value: phone }, signal);
    expect(found).toMatchObject([
      { id: '79161234567', name: 'Ромашка', responsible: 'boris', identifiers: [{ kind: 'phone', value: phone }] },
    ]);
  });

  it('has nothing of a stranger, and nothing of addresses', async () => {
    const branch = await Branch.open();
    const source = branch.cores().source('unf');
    expect(await source.lookUp({ kind: 'phone', value: phone }, signal)).toEqual([]);
    expect(await source.lookUp({ kind: 'email', value: 'a@example.com' }, signal)).toEqual([]);
    expect(branch.sent()).toEqual(['contact 79161234567']);
  });

  it('asks again about what it knows, and forgets it only after three empty answers', async () => {
    const branch = await Branch.open();
    const rose = branch.onec.people.addClient({ name: 'Ромашка', phones: [phone] });
    const source = branch.cores().source('unf');
    expect(await source.check?.(known, signal)).toMatchObject({ clients: [{ name: 'Ромашка' }], removed: [] });
    expect(await source.check?.(known, signal)).toEqual({ clients: [], removed: [] });
    branch.onec.people.editContacts('Catalog_Контрагенты', rose, { phones: [] });
    for (const removed of [[], [], ['79161234567']]) {
      branch.pass(3600);
      expect(await source.check?.(known, signal)).toEqual({ clients: [], removed });
    }
  });

  it('does not take a page or a failure for an empty answer', async () => {
    const branch = await Branch.open();
    const source = branch.cores().source('unf');
    for (const fault of ['login-page', '500', 'no-licence'] as const) {
      branch.onec.faults.on('telephony contact', fault);
      await expect(source.check?.(known, signal)).rejects.toThrow();
    }
  });
});

describe('patchbay crm connect', () => {
  it('checks the service and the key', async () => {
    const oks = async (branch: Branch) =>
      (await branch.cores().connectable[0]?.core.examine(signal))?.map(({ ok }) => ok);
    expect(await oks(await Branch.open())).toEqual([true, true, true, true]);
    expect(await oks(await Branch.open({ key: 'other' }))).toEqual([true, false, true, true]);
  });
});
