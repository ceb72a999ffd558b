import { expect, it } from 'vitest';
import { ownAddressTowards } from '../../src/cli/own-address.ts';

it('is the loopback address for a PBX on the same machine', async () => {
  expect(await ownAddressTowards('127.0.0.1')).toBe('127.0.0.1');
  expect(await ownAddressTowards('localhost')).toBe('127.0.0.1');
});

it('is unknown for a host that has no address', async () => {
  expect(await ownAddressTowards('no-such-host.invalid')).toBeNull();
});
