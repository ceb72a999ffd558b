import { entryOf } from '../../../domain/base/entry-of.ts';
import type { DeviceReport, DeviceState } from '../../../domain/call/device.ts';
import { type CallTrackerOptions, type Fields, text } from './model.ts';

const STATES: Readonly<Record<string, DeviceState>> = {
  NOT_INUSE: 'idle',
  INUSE: 'in_use',
  BUSY: 'in_use',
  ONHOLD: 'in_use',
  RINGING: 'ringing',
  RINGINUSE: 'in_use',
  UNAVAILABLE: 'unavailable',
  INVALID: 'unavailable',
};

/**
 * Reads a DeviceStateChange event or a row of DeviceStateList; null if the device is not an extension.
 * With `device_state_busy_at=1`, PJSIP reports a phone that rings or talks as `BUSY`, so that counts as in use.
 * `Custom:DND101` is a common convention for do-not-disturb. Its end is ignored: the phone's next report shows its state.
 */
export function deviceReport(
  options: Pick<CallTrackerOptions, 'connection' | 'endpoints'>,
  fields: Fields,
): DeviceReport | null {
  const { connection, endpoints } = options;
  const device = text(fields, 'Device');
  const state = text(fields, 'State');
  const silenced = /^Custom:DND(.+)$/.exec(device)?.[1];
  if (silenced !== undefined) {
    return endpoints.isExtension(silenced) && state !== 'NOT_INUSE'
      ? { connection, extension: silenced, state: 'dnd' }
      : null;
  }
  const { kind, extension } = endpoints.ofDevice(device);
  if (kind !== 'extension' || extension === null) return null;
  return { connection, extension, state: entryOf(STATES, state) ?? 'unknown' };
}
