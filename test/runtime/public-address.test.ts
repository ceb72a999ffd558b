import type { LookupAddress } from 'node:dns';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkHost, ForbiddenAddressError, guardedLookup, isPublicAddress } from '../../src/runtime/public-address.ts';

const inside = [
  '0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255',
  '192.0.0.192 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16',
  ':: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 0:0:0:0:0:ffff:a00:1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1',
  'fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001:db8::1 2002:7f00:1:: 2001::1 3fff::1 100::1 5f00::1 4000::1',
]
  .join(' ')
  .split(' ');
const outside =
  '8.8.8.8 93.184.216.34 172.32.0.1 100.128.0.1 2606:4700::1111 2a00:1450:4010::1 ::ffff:8.8.8.8 64:ff9b::808:808'.split(
    ' ',
  );

describe('public internet addresses', () => {
  it.each(inside)('do not include %s', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(outside)('include %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(['', 'localhost', '1.2.3', '0x7f000001'])('do not include invalid addresses: %s', (text) =>
    expect(isPublicAddress(text)).toBe(false),
  );
  it('exclude the addresses of this machine', () => {
    for (const list of Object.values(networkInterfaces()))
      for (const { address } of list ?? []) expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a host of a URL', () => {
  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::ffff:7f00:1]/',
    'http://127.1/',
    'http://0/',
  ])('is judged as it is connected to: %s', (url) =>
    expect(() => checkHost(new URL(url).hostname, isPublicAddress)).toThrow(ForbiddenAddressError),
  );
});

describe('a guarded DNS lookup', () => {
  const look = (name: string, isAllowed: (address: string) => boolean, all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) =>
      guardedLookup(isAllowed)(name, { all }, (error, address) => (error ? reject(error) : resolve(address))),
    );

  it('returns only allowed addresses, in both formats that sockets request', async () => {
    await expect(look('localhost', isPublicAddress, true)).rejects.toThrow(ForbiddenAddressError);
    await expect(look('localhost', isPublicAddress, false)).rejects.toThrow(ForbiddenAddressError);
    expect(await look('localhost', (address) => address === '127.0.0.1', false)).toBe('127.0.0.1');
    expect(await look('localhost', (address) => address === '127.0.0.1', true)).toMatchObject([
      { address: '127.0.0.1' },
    ]);
  });
});
