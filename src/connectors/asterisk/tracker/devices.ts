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
 * The report in a DeviceStateChange event (or a row of DeviceStateList); null for a device that is no extension.
 * `BUSY` is how PJSIP tells a telephone that rings or talks with `device_state_busy_at=1`: in use.
 * `Custom:DND101` is the widespread way to keep do-not-disturb; its end is left to the telephone's own next report.
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
