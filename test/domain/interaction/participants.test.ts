import { expect, it } from 'vitest';
import type { DirectoryReader } from '../../../src/domain/directory/client.ts';
import { addressesOf, participantsOf } from '../../../src/domain/interaction/participants.ts';

const nobody: DirectoryReader = { hits: () => [], choice: () => null, client: () => null };

it('lists an address in both Cc and Bcc once, with its name', () => {
  const others = [
    { email: 'a@b.example', name: null },
    { email: 'c@d.example', name: null },
    { email: 'A@b.example', name: 'Anna' },
    { email: 'a@b.example', name: null },
  ];
  expect(addressesOf({ others }).map(({ value }) => value)).toEqual(['A@b.example', 'c@d.example']);
  expect(participantsOf({ others }, nobody).map(({ email, name }) => [email, name])).toEqual([
    ['A@b.example', 'Anna'],
    ['c@d.example', null],
  ]);
});
