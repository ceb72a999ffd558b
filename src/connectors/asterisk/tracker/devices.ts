import { entryOf } from '../../../domain/base/entry-of.ts';
import type { DeviceReport, DeviceState } from '../../../domain/call/device.ts';
import { type CallTrackerOptions, endpointOf, type Fields, text } from './model.ts';

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
  options: Pick<CallTrackerOptions, 'connection' | 'isExtension'>,
  fields: Fields,
): DeviceReport | null {
  const { connection, isExtension } = options;
  const device = text(fields, 'Device');
  const state = text(fields, 'State');
  const silenced = /^Custom:DND(.+)$/.exec(device)?.[1];
  if (silenced !== undefined) {
    return isExtension(silenced) && state !== 'NOT_INUSE' ? { connection, extension: silenced, state: 'dnd' } : null;
  }
  if (!/^(PJSIP|SIP|IAX2|DAHDI)\//.test(device)) return null;
  const extension = endpointOf(device);
  return isExtension(extension) ? { connection, extension, state: entryOf(STATES, state) ?? 'unknown' } : null;
}
