import { describe, expect, it } from 'vitest';
import { DeviceStates } from '../../src/router/device-states.ts';
import { presenceOf } from '../../src/router/presence.ts';
import { manager } from '../support/calls.ts';

describe('the presence of a manager', () => {
  it('is that of the busiest phone', () => {
    const devices = new DeviceStates();
    devices.update([
      { connection: 'pbx', extension: '101', state: 'idle' },
      { connection: 'pbx', extension: '102', state: 'in_use' },
      { connection: 'other', extension: '103', state: 'ringing' },
    ]);
    const managers = [
      manager('a', '101', { extensions: ['101', '102'] }),
      manager('b', 'other/103'),
      manager('c', '104'),
      manager('d', '', { extensions: [] }),
    ];
    expect(presenceOf(managers, devices).map((one) => [one.manager.id, one.state])).toEqual([
      ['a', 'in_use'],
      ['b', 'ringing'],
      ['c', 'unknown'],
    ]);
  });
});
