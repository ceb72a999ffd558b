import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import { decideMatch } from '../../src/domain/directory/match.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { ringingCall } from '../support/office.ts';
import { storeUrl } from '../support/test-store.ts';

let dir: string;
let store: Store;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-sources-'));
  const url = storeUrl(join(dir, 'test.db'));
  store = await openStore({ url, country: 'RU', publicUrl: 'http://pb', sources: ['b24', 'base'] });
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

it('the client of the first source is matched if sources disagree, in the transaction and in the directory', async () => {
  const identifiers = [{ kind: 'phone', value: '+79161234567' }] as const;
  const none = { responsible: null, segment: null, url: null, contacts: [], deals: [], fields: [] };
  const client = (id: string) => ({ id: id as ClientId, name: id, kind: 'company', identifiers, ...none }) as const;
  await store.apply([{ op: 'put-clients', clients: [client('base:1'), client('b24:2')], at: 1 }]);
  const [result] = await store.apply([{ op: 'contact', event: ringingCall('one') }]);
  expect(result).toMatchObject({ ok: true, changes: [{ interaction: { client: { id: 'b24:2' } } }] });
  expect(decideMatch(store.directory, identifiers)).toMatchObject({ outcome: 'matched', client: { id: 'b24:2' } });
});
