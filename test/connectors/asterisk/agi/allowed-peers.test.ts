import { describe, expect, it } from 'vitest';
import { AllowedPeers } from '../../../../src/connectors/asterisk/agi/allowed-peers.ts';
import { HourlyLog } from '../../../../src/connectors/asterisk/agi/hourly-log.ts';

const from = (remoteAddress: string, localAddress = '10.0.0.1') => ({ remoteAddress, localAddress });

describe('allowed peers of FastAGI', () => {
  it('are addresses, networks, this machine by any of its addresses, and names', async () => {
    const peers = new AllowedPeers(['loopback', '10.1.0.0/16', 'pbx.lan'], async () => ['10.2.0.7', 'fd00::7']);
    for (const one of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.9.9', '10.2.0.7', 'fd00::7', '10.0.0.1'])
      expect([one, await peers.admits(from(one))]).toEqual([one, true]);
    for (const one of ['10.2.0.8', '192.168.0.1', 'fd00::8', ''])
      expect([one, await peers.admits(from(one))]).toEqual([one, false]);
  });

  it('do not include this machine unless listed', async () => {
    const peers = new AllowedPeers(['10.1.0.1']);
    expect(await peers.admits(from('127.0.0.1', '127.0.0.1'))).toBe(false);
  });

  it('follow a name to its new address, and keep the old one while DNS fails', async () => {
    let addresses: readonly string[] | null = ['10.2.0.7'];
    const peers = new AllowedPeers(['pbx.lan'], async () => addresses ?? Promise.reject(new Error('SERVFAIL')));
    await peers.refresh();
    addresses = ['10.2.0.9'];
    await peers.refresh();
    expect(await peers.admits(from('10.2.0.9'))).toBe(true);
    expect(await peers.admits(from('10.2.0.7'))).toBe(false);
    addresses = null;
    await peers.refresh();
    expect(await peers.admits(from('10.2.0.9'))).toBe(true);
  });

  it('look names up once for many unknown peers', async () => {
    let asked = 0;
    const peers = new AllowedPeers(['pbx.lan'], async () => {
      asked += 1;
      return ['10.2.0.7'];
    });
    await Promise.all(Array.from({ length: 100 }, (_, i) => peers.admits(from(`10.9.0.${i}`))));
    await peers.admits(from('10.9.1.1'));
    expect(asked).toBe(1);
  });

  it('are logged once when denied', () => {
    const logged: string[] = [];
    const log = new HourlyLog((address) => logged.push(address));
    for (let i = 0; i < 5000; i += 1) log.note(`10.9.${i % 50}.1`);
    expect(logged).toHaveLength(50);
    for (let i = 0; i < 5000; i += 1) log.note(`10.${i % 256}.${i >> 8}.2`);
    expect(logged).toHaveLength(1000);
  });
});
