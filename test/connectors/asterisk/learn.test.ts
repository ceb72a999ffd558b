import { describe, expect, it } from 'vitest';
import { AmiError } from '../../../src/connectors/asterisk/ami/errors.ts';
import type { AmiList } from '../../../src/connectors/asterisk/ami/pending.ts';
import { learnEndpoints } from '../../../src/connectors/asterisk/endpoints/learn.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { endpointsFor } from '../../support/asterisk-config.ts';

/** A PBX that answers the lists that it has, and refuses the others. */
function pbx(lists: Readonly<Record<string, readonly Record<string, string>[]>>) {
  return {
    list: async (action: string) => {
      const rows = lists[action];
      if (rows === undefined) throw new AmiError('action-refused', `no ${action}`);
      return { items: rows.map((fields) => ({ fields })) } as unknown as AmiList;
    },
  };
}

describe('endpoints that the PBX names', () => {
  it('are those it registers at, proves itself to, or reaches over a line', async () => {
    const endpoints = endpointsFor({});
    const asked = pbx({
      PJSIPShowRegistrationsOutbound: [{ ObjectName: 'reg-mtt', Endpoint: '800' }],
      PJSIPShowEndpoints: [
        { ObjectName: 'branch', Auths: '', OutboundAuths: 'branch-auth' },
        { ObjectName: '101', Auths: '101-auth', OutboundAuths: '101-auth' },
        { ObjectName: 'reception', Auths: 'reception-auth', OutboundAuths: '' },
      ],
      SIPpeers: [
        { ObjectName: 'gate', Dynamic: 'no' },
        { ObjectName: '205', Dynamic: 'no' },
      ],
      DAHDIShowChannels: [
        { DAHDIChannel: '33', Signalling: 'FXS Kewlstart' },
        { DAHDIChannel: '7', Signalling: 'FXO Kewlstart' },
      ],
    });

    await learnEndpoints(asked, endpoints, silentLogger);
    const kinds = ['PJSIP/800', 'PJSIP/branch', 'SIP/gate', 'DAHDI/33'].map((name) => endpoints.ofDevice(name));
    expect(kinds.every(({ kind, certain }) => kind === 'trunk' && certain)).toBe(true);
    expect(endpoints.ofCaller('DAHDI/33-1', '112').kind).toBe('trunk');
    expect(endpoints.ofCaller('DAHDI/7-1', '112').kind).toBe('extension');
    expect(endpoints.ofCaller('PJSIP/reception-00000001', '100').kind).toBe('extension');
    expect([endpoints.ofDevice('PJSIP/101').extension, endpoints.ofDevice('SIP/205').extension]).toEqual([
      '101',
      '205',
    ]);
  });

  it('come with the owners of devices in the database of FreePBX', async () => {
    const endpoints = endpointsFor({});
    const rows = [
      { Key: '/DEVICE/reception/dial', Val: 'PJSIP/reception' },
      { Key: '/DEVICE/reception/user', Val: '101' },
      { Key: '/DEVICE/lobby/user', Val: '102' },
      { Key: '/DEVICE/robot/dial', Val: 'PJSIP/robot' },
      { Key: '/DEVICE/robot/user', Val: 'none' },
    ];
    await learnEndpoints(pbx({ DBGetTree: rows }), endpoints, silentLogger);
    expect(endpoints.ofChannel('PJSIP/reception-0000000a')).toMatchObject({ kind: 'extension', extension: '101' });
    expect(endpoints.ofChannel('PJSIP/robot-0000000b').kind).toBe('trunk');
  });

  it('need not be known: a PBX may refuse every question', async () => {
    const endpoints = endpointsFor({});
    await learnEndpoints(pbx({}), endpoints, silentLogger);
    expect(endpoints.ofDevice('PJSIP/provider').kind).toBe('trunk');
  });
});
