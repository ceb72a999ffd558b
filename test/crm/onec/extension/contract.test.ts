import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractVersion, messages, type RemoteInteraction } from '../../../../src/crm/onec/extension/contract.ts';
import { faultOf } from '../../../support/onec/extension/schemas.ts';
import { call, startExtension } from './start.ts';

const folder = new URL('../../../../integrations/1c/contract/', import.meta.url);

function interaction(more: Partial<RemoteInteraction> = {}): RemoteInteraction {
  return {
    id: randomUUID(),
    revision: 1,
    removed: false,
    channel: 'call',
    direction: 'inbound',
    startedAt: '2026-01-12T09:00:00Z',
    talkSeconds: 65,
    considered: true,
    party: { name: 'Иван', phone: '+79161234567', email: null },
    client: null,
    contact: null,
    deal: null,
    user: null,
    subject: 'Входящий звонок',
    text: 'Разговор 1:05',
    recording: 'https://patchbay.example/r/1',
    ...more,
  };
}

/** All properties that a schema describes, at any depth. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(namesIn)];
}

describe('the contract', () => {
  it('stands in the files as in the code', () => {
    const files = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]);
    const expected = Object.entries(messages).map(([name, schema]) => [
      `${name}.schema.json`,
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: `${name} ${contractVersion}`,
        ...JSON.parse(JSON.stringify(schema)),
      },
    ]);
    expect(Object.fromEntries(files), 'run scripts/onec-contract.ts').toEqual(Object.fromEntries(expected));
  });

  it('is stated in the sources for 1C', () => {
    const module = new URL('../src/HTTPServices/пб_commgw/Ext/Module.bsl', folder);
    expect(readFileSync(module, 'utf8')).toContain(`"contract, extension", "${contractVersion}"`);
  });

  it('has no field that the sources for 1C do not name', () => {
    const sources = new URL('../src/', folder);
    const modules = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bsl'));
    const text = modules.map((name) => readFileSync(new URL(name, sources), 'utf8')).join('\n');
    const words = new Set(text.match(/\b[a-z]+(?:[A-Z][a-z]+)*\b/g));
    const names = Object.values(messages).flatMap((schema) => namesIn(JSON.parse(JSON.stringify(schema))));
    // When a call rang does not matter to who sees it now.
    expect(names.filter((name) => !words.has(name) && name !== 'at')).toEqual([]);
  });

  it('refuses what it does not know', () => {
    expect(faultOf('Interaction', interaction())).toBeNull();
    expect(faultOf('Interaction', { ...interaction(), extra: 1 })).not.toBeNull();
    expect(faultOf('Interaction', interaction({ startedAt: '2026-01-12T12:00:00+03:00' }))).not.toBeNull();
    expect(faultOf('Interaction', interaction({ recording: 'javascript:alert(1)' }))).not.toBeNull();
    expect(faultOf('Interaction', interaction({ client: 'romashka' }))).not.toBeNull();
  });
});

describe('the client of the extension', () => {
  it('learns what is installed', async () => {
    const { client } = await startExtension({ preset: 'ut11' });
    expect(await client.ping(call)).toMatchObject({
      contract: '1.0',
      configuration: { name: 'ut11' },
      timezone: 'Europe/Moscow',
      missing: expect.arrayContaining(['leads', 'email']),
    });
  });

  it.each(['ut11', 'ka2', 'erp2', 'unf', 'crm3', 'bp3'] as const)(
    'keeps one document an interaction in %s',
    async (preset) => {
      const { onec, client } = await startExtension({ preset });
      const { missing } = await client.ping(call);
      const rose = onec.people.addClient({ name: 'Ромашка', phones: ['+79161234567'] });
      const role = onec.people.clientSet === 'Catalog_Партнеры' ? 'partner' : 'counterparty';
      const given = interaction({ client: `${role}-${rose}` });
      if (missing.includes('call')) {
        await expect(client.write(given, call)).rejects.toMatchObject({ trouble: 'refused', code: 'channel' });
        return;
      }
      const written = await client.write(given, call);
      expect(written).toMatchObject({ result: 'created', object: { type: expect.stringMatching(/^Document_/) } });
      expect(await client.write(given, call)).toEqual({ ...written, result: 'unchanged' });
      expect(await client.write({ ...given, revision: 2, text: 'Разговор 2:00' }, call)).toEqual({
        ...written,
        result: 'updated',
      });
      expect(await client.write(given, call)).toEqual({ ...written, result: 'unchanged' });
      const kind = written.object?.type.slice('Document_'.length) ?? '';
      expect(onec.view.documents(kind)).toMatchObject([{ Date: '2026-01-12T12:00:00', DeletionMark: false }]);
      if (role === 'partner') expect(onec.view.history(rose)).toHaveLength(1);
      expect(await client.write({ ...given, revision: 3, removed: true }, call)).toMatchObject({ result: 'removed' });
      expect(onec.view.documents(kind)).toMatchObject([{ DeletionMark: true }]);
      expect(onec.state.complaints).toEqual([]);
    },
  );

  it('writes nothing for what was removed before it came', async () => {
    const { onec, client } = await startExtension();
    expect(await client.write(interaction({ removed: true }), call)).toEqual({ result: 'removed', object: null });
    expect(onec.view.documents('ТелефонныйЗвонок')).toEqual([]);
  });

  it('does not double what arrived although the answer was lost', async () => {
    const { onec, client } = await startExtension();
    onec.faults.on('extension interactions', 'cut-after', { nth: 1 });
    const given = interaction();
    await expect(client.write(given, call)).rejects.toMatchObject({ trouble: 'unknown' });
    expect(await client.write(given, call)).toMatchObject({ result: 'unchanged' });
    expect(onec.view.documents('ТелефонныйЗвонок')).toHaveLength(1);
  });

  it('shows a call to a user, also by extension, and says whether somebody looks', async () => {
    const { onec, client } = await startExtension();
    const anna = onec.people.addUser({ name: 'Анна', extension: '101' });
    const ring = {
      id: randomUUID(),
      event: 'ring',
      at: '2026-01-12T09:00:00Z',
      user: null,
      extension: '101',
      phone: '+79161234567',
      name: 'Ромашка',
      line: 'Сайт',
      client: null,
      contact: null,
      deal: null,
    } as const;
    expect(await client.notify(ring, call)).toBe(false);
    expect(onec.extension.shownTo(anna)).toEqual([ring]);
    expect(await client.notify({ ...ring, event: 'end', user: anna }, call)).toBe(true);
    expect(onec.extension.shownTo(anna, 1)).toMatchObject([{ event: 'end' }]);
    await expect(client.notify({ ...ring, extension: '999' }, call)).rejects.toMatchObject({ code: 'user' });
  });

  it.each([
    ['503', 'later'],
    ['no-licence', 'later'],
    ['closed-for-update', 'later'],
    ['login-page', 'later'],
    ['malformed', 'later'],
    ['forbidden', 'access'],
    ['cut-before', 'unknown'],
  ] as const)('takes %s as %s', async (fault, trouble) => {
    const { onec, client } = await startExtension();
    onec.faults.on('extension users', fault, { nth: 1 });
    await expect(client.users(call)).rejects.toMatchObject({ trouble });
    expect(await client.users(call)).toMatchObject({ items: expect.any(Array) });
  });

  it('says that a login is wrong', async () => {
    const { client } = await startExtension({}, 'Обмен:ошибка');
    await expect(client.ping(call)).rejects.toMatchObject({ trouble: 'access' });
  });
});
