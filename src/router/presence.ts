import type { DeviceState, Presence } from '../domain/call/device.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { DeviceStates } from './device-states.ts';
import { placeOf } from './extension-place.ts';

/** The busiest telephone tells: who talks on one is talking, whatever the others do. */
const busiest: readonly DeviceState[] = ['in_use', 'ringing', 'dnd', 'idle', 'unavailable', 'unknown'];

/** What every manager with a telephone is doing. */
export function presenceOf(managers: readonly Manager[], devices: DeviceStates): readonly Presence[] {
  return managers
    .filter((manager) => manager.extensions.length > 0)
    .map(({ id, name, extensions }) => {
      const states = extensions.map(placeOf).map(({ connection, number }) => devices.state(connection, number));
      return { manager: { id, name }, state: busiest.find((state) => states.includes(state)) ?? 'unknown' };
    });
}
