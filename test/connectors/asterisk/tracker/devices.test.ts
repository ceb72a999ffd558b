import { describe, expect, it } from 'vitest';
import { deviceReport } from '../../../../src/connectors/asterisk/tracker/devices.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';

const options = { connection: 'pbx', endpoints: endpointsFor() };

describe('deviceReport', () => {
  it.each([
    ['NOT_INUSE', 'idle'],
    ['INUSE', 'in_use'],
    ['BUSY', 'in_use'],
    ['RINGING', 'ringing'],
    ['UNAVAILABLE', 'unavailable'],
    ['INVALID', 'unavailable'],
    ['SOMETHING_NEW', 'unknown'],
  ])('reads %s as %s', (State, state) => {
    expect(deviceReport(options, { Device: 'PJSIP/101', State })).toEqual({
      connection: 'pbx',
      extension: '101',
      state,
    });
  });

  it.each(['PJSIP/trunk', 'Queue:600', 'Local/101@x', ''])('ignores %s', (Device) => {
    expect(deviceReport(options, { Device, State: 'INUSE' })).toBeNull();
  });

  it('reads the custom device for do-not-disturb', () => {
    expect(deviceReport(options, { Device: 'Custom:DND101', State: 'BUSY' })?.state).toBe('dnd');
  });
});
