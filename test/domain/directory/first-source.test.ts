import { expect, it } from 'vitest';
import type { ClientId } from '../../../src/domain/base/ids.ts';
import { ofFirstSource } from '../../../src/domain/directory/first-source.ts';

function usedClients(sources: readonly string[], ...ids: string[]): readonly string[] {
  const head = { name: 'A', kind: 'company', responsible: null, segment: null, url: null } as const;
  const hits = ids.map((id) => ({ client: { ...head, id: id as ClientId }, contact: null }));
  return ofFirstSource(hits, sources).map(({ client }) => client.id);
}

it('the first source that knows a client is used, and clients without a source always are', () => {
  expect(usedClients(['b24', 'base'], 'base:1', 'b24:2', 'b24:3', 'own', 'x:4')).toEqual([
    'b24:2',
    'b24:3',
    'own',
    'x:4',
  ]);
  expect(usedClients(['b24', 'base'], 'base:1', 'own')).toEqual(['base:1', 'own']);
  expect(usedClients(['b24', 'base'], 'own', 'x:1')).toEqual(['own', 'x:1']);
});

it('clients of one source or of none stay as they are', () => {
  expect(usedClients(['b24'], 'base:1', 'b24:2')).toEqual(['base:1', 'b24:2']);
  expect(usedClients([], 'base:1', 'b24:2')).toEqual(['base:1', 'b24:2']);
});
