import type { DeviceState, Presence } from '../domain/call/device.ts';
import { parseExtension } from '../domain/directory/extension-place.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { DeviceStates } from './device-states.ts';

/** States in order of precedence: a manager who is talking on one telephone is busy, whatever the others do. */
const busiest: readonly DeviceState[] = ['in_use', 'ringing', 'dnd', 'paused', 'idle', 'unavailable', 'unknown'];

/** The presence of all managers with a telephone. */
export function presenceOf(managers: readonly Manager[], devices: DeviceStates): readonly Presence[] {
  return managers
    .filter((manager) => manager.extensions.length > 0)
    .map(({ id, name, extensions }) => {
      const states = extensions.map(parseExtension).map(({ connection, number }) => devices.state(connection, number));
      return { manager: { id, name }, state: busiest.find((state) => states.includes(state)) ?? 'unknown' };
    });
}
