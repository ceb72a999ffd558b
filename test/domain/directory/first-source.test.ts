import { expect, it } from 'vitest';
import type { ClientId } from '../../../src/domain/base/ids.ts';
import { ofFirstSource } from '../../../src/domain/directory/first-source.ts';

function hearing(sources: readonly string[], ...ids: string[]): readonly string[] {
  const head = { name: 'A', kind: 'company', responsible: null, segment: null, url: null } as const;
  const hits = ids.map((id) => ({ client: { ...head, id: id as ClientId }, contact: null }));
  return ofFirstSource(hits, sources).map(({ client }) => client.id);
}

it('hears the first source of those that know somebody, and clients of no source always', () => {
  expect(hearing(['b24', 'base'], 'base:1', 'b24:2', 'b24:3', 'own', 'x:4')).toEqual(['b24:2', 'b24:3', 'own', 'x:4']);
  expect(hearing(['b24', 'base'], 'base:1', 'own')).toEqual(['base:1', 'own']);
  expect(hearing(['b24', 'base'], 'own', 'x:1')).toEqual(['own', 'x:1']);
});

it('leaves one source and none as they are', () => {
  expect(hearing(['b24'], 'base:1', 'b24:2')).toEqual(['base:1', 'b24:2']);
  expect(hearing([], 'base:1', 'b24:2')).toEqual(['base:1', 'b24:2']);
});
