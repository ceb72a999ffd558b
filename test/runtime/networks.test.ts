import { describe, expect, it } from 'vitest';
import { clientKey, isLoopback, isNetwork, Networks } from '../../src/runtime/networks.ts';

describe('networks', () => {
  it.each([
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['::ffff:0a01:0203', true],
    ['11.0.0.1', false],
    ['127.0.0.1', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['fd00::1', true],
    ['fd01::1', false],
    ['fe80::1%eth0', false],
    ['', false],
    ['pbx.example.com', false],
  ])('contain %s: %s', (address, expected) => {
    const networks = new Networks(['10.0.0.0/8', 'loopback', 'fd00::/16']);
    expect(networks.has(address)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0', '::/129', 'pbx', '10.0.0.0/', '1.2.3.4/8/8'])('reject %s', (text) => {
    expect(isNetwork(text)).toBe(false);
    expect(() => new Networks([text])).toThrow('expected an address or a network');
  });
});

describe('this machine', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.1.2.3', false],
    ['::ffff:10.1.2.3', false],
    ['::12', false],
    ['', false],
  ])('has %s as its own address: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe('the rate-limit key', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:ffff::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });
});
