import { describe, expect, it } from 'vitest';
import { endpointsFor } from '../../support/asterisk-config.ts';

const plain = endpointsFor({ trunks: ['prov1', 'DAHDI/i2', 'Satellite/sat1', '950'] });

describe('what a channel is', () => {
  it.each([
    ['PJSIP/101-0000001a', '101'],
    ['SIP/1234-0000001a', '1234'],
    ['IAX2/101-4021', '101'],
    ['SCCP/101-00000001', '101'],
    ['PJSIP/201-WS-00000003', '201'],
    ['SIP/201_mob-00000003', '201'],
    ['PJSIP/90201-00000003', '201'],
    ['PJSIP/99201-00000003', '201'],
    ['AsyncGoto/PJSIP/101-0000001a', '101'],
    ['PJSIP/101-0000001a<ZOMBIE>', '101'],
  ])('%s is extension %s', (channel, extension) => {
    expect(plain.ofChannel(channel)).toMatchObject({ kind: 'extension', extension, certain: true });
  });

  it.each([
    ['PJSIP/prov1-00000001', 'prov1', true],
    ['PJSIP/950-00000001', '950', true],
    ['DAHDI/i2/79990000001-4', 'i2', true],
    ['Satellite/sat1-01', 'sat1', true],
    ['PJSIP/unlisted-00000001', 'unlisted', false],
    ['DAHDI/7-1', '7', false],
    ['DAHDI/i1/79990000001-4', 'i1', false],
    ['Dongle/dongle0-0100000001', 'dongle0', false],
    ['Khomp/B0C5-0.0', 'B0C5', false],
  ])('%s leads outside through %s', (channel, name, certain) => {
    expect(plain.ofChannel(channel)).toMatchObject({ kind: 'trunk', name, extension: null, certain });
  });

  it.each([
    'AudioSocket/127.0.0.1:8090-5f0a1c2e-1111-4222-8333-944444444444',
    'UnicastRTP/127.0.0.1:18080-0x7f5e5c00a1b0',
    'WebSocket/bot-0x7f5e5c00a1b0',
    'Snoop/1795500700.1-00000000',
    'Message/ast_msg_queue',
    'OutgoingSpoolFailed',
    'ConfBridgeRecorder/conf-800-uid-1',
    'CBAnn/800-00000001;1',
    'CBRec/800-00000001;2',
    'Announcer/ARI-00000001;1',
    'Recorder/ARI-00000001;1',
    'Bridge/0x7f5e5c00a1b0-input',
  ])('%s is technical', (channel) => {
    expect(plain.ofChannel(channel).kind).toBe('technical');
  });

  it('takes a channel of an unknown technology for technical, unless it is configured', () => {
    expect(plain.ofChannel('SomethingNew/abc-00000001').kind).toBe('technical');
  });

  it('tells half of a Local pair', () => {
    expect(plain.ofChannel('Local/101@from-internal-00000001;2').kind).toBe('local');
  });

  it('takes the extension of an unnamed telephone from its caller id, but not that of a trunk', () => {
    expect(plain.ofCaller('DAHDI/7-1', '112')).toMatchObject({ kind: 'extension', extension: '112' });
    expect(plain.ofCaller('PJSIP/prov1-00000001', '112').kind).toBe('trunk');
    expect(plain.ofCaller('DAHDI/7-1', '79990000001').kind).toBe('trunk');
  });
});

describe('the settings', () => {
  it.each(['^[1-9]\\d{2,3}(-WS)?$', '^([1-9]\\d{2,3})(-WS)?$', '^([1-9]\\d{2,3})(?:-WS)?$'])(
    'take -WS into the pattern %s',
    (extensions) => {
      const endpoints = endpointsFor({ extensions, devices: [] });
      const expected = extensions.includes('^(') ? '201' : '201-WS';
      expect(endpoints.ofChannel('PJSIP/201-WS-00000003').extension).toBe(expected);
      expect(endpointsFor({ extensions }).ofChannel('PJSIP/201-WS-00000003').extension).toBe('201');
    },
  );

  it('name the extension of a device by a rule with groups', () => {
    const endpoints = endpointsFor({ devices: [{ match: '^phone(\\d+)-(\\d+)$', extension: '$2' }] });
    expect(endpoints.ofDevice('PJSIP/phone5-112').extension).toBe('112');
    expect(endpoints.ofChannel('PJSIP/phone5-99999-00000001').kind).toBe('trunk');
  });

  it('do not read an extension as another one with a prefix', () => {
    expect(endpointsFor({ extensions: '^\\d{3,5}$' }).ofDevice('PJSIP/90201').extension).toBe('90201');
  });

  it('keep names of any length from the pattern', () => {
    expect(endpointsFor({ extensions: '^(\\d+)*$' }).ofDevice(`PJSIP/${'1'.repeat(65)}x`).kind).toBe('trunk');
  });
});

describe('what the PBX says', () => {
  it('names trunks and telephones', () => {
    const endpoints = endpointsFor({});
    endpoints.learn(['PJSIP/200'], [['DAHDI/7', '112']]);
    expect(endpoints.ofChannel('PJSIP/200-00000001')).toMatchObject({ kind: 'trunk', certain: true });
    expect(endpoints.ofDevice('DAHDI/7')).toMatchObject({ kind: 'extension', extension: '112' });
  });
});
