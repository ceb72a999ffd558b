import { describe, expect, it } from 'vitest';
import { Telephones } from '../../../../src/connectors/asterisk/presence/telephones.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';

/** Plays states of devices, and returns the reported states as `101 idle`. */
function reported(...states: readonly (readonly [device: string, state: string])[]): readonly string[] {
  const reports: string[] = [];
  const telephones = new Telephones({
    connection: 'pbx',
    endpoints: endpointsFor({ extensions: '^\\d{3}$', devices: ['mikopbx'] }),
    report: ({ extension, state }) => void reports.push(`${extension} ${state}`),
  });
  for (const [Device, State] of states) {
    if (Device.startsWith('pause ')) telephones.pause('101', Device.slice(6), State === 'on');
    else telephones.device({ Device, State });
  }
  return reports;
}

describe('the state of a telephone', () => {
  it.each([
    ['NOT_INUSE', 'idle'],
    ['INUSE', 'in_use'],
    ['BUSY', 'in_use'],
    ['ONHOLD', 'in_use'],
    ['RINGING', 'ringing'],
    ['RINGINUSE', 'in_use'],
    ['UNAVAILABLE', 'unavailable'],
    ['INVALID', 'unavailable'],
    ['SOMETHING_NEW', 'unknown'],
  ])('reads %s as %s', (state, read) => {
    expect(reported(['PJSIP/101', state])).toEqual([`101 ${read}`]);
  });

  it.each(['PJSIP/101', 'SIP/101', 'IAX2/101', 'SCCP/101', 'DAHDI/101', 'PJSIP/101-WS'])('follows %s', (device) => {
    expect(reported([device, 'RINGING'])).toEqual(['101 ringing']);
  });

  it.each(['PJSIP/provider', 'Queue:600', 'Local/101@x', 'Custom:lamp', ''])('ignores %s', (device) => {
    expect(reported([device, 'INUSE'])).toEqual([]);
  });

  it('is that of the busiest device of the extension', () => {
    const states = reported(
      ['PJSIP/101', 'NOT_INUSE'],
      ['PJSIP/101-WS', 'UNAVAILABLE'],
      ['PJSIP/101-WS', 'INUSE'],
      ['PJSIP/101', 'UNAVAILABLE'],
      ['PJSIP/101-WS', 'UNAVAILABLE'],
    );
    expect(states).toEqual(['101 idle', '101 in_use', '101 unavailable']);
  });

  it.each(['Custom:DND101', 'Custom:101'])('is do-not-disturb by %s, also after a call, until that is off', (dnd) => {
    const states = reported(
      ['PJSIP/101', 'NOT_INUSE'],
      [dnd, 'BUSY'],
      ['PJSIP/101', 'INUSE'],
      ['PJSIP/101', 'NOT_INUSE'],
      [dnd, 'NOT_INUSE'],
    );
    expect(states).toEqual(['101 idle', '101 dnd', '101 in_use', '101 dnd', '101 idle']);
  });

  it('is not do-not-disturb by a device that was never set', () => {
    expect(reported(['PJSIP/101', 'NOT_INUSE'], ['Custom:DND101', 'UNKNOWN'])).toEqual(['101 idle']);
  });

  it('is paused while it is idle and paused in any queue', () => {
    const states = reported(
      ['PJSIP/101', 'NOT_INUSE'],
      ['pause 600', 'on'],
      ['pause 601', 'on'],
      ['PJSIP/101', 'RINGING'],
      ['PJSIP/101', 'NOT_INUSE'],
      ['pause 600', 'off'],
      ['pause 601', 'off'],
    );
    expect(states).toEqual(['101 idle', '101 paused', '101 ringing', '101 paused', '101 idle']);
  });
});
