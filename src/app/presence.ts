import type { Answering } from '../answering/answering.ts';
import type { DeskHub } from '../desk/desk-hub.ts';
import type { DeviceReport } from '../domain/call/device.ts';
import { coalesce } from '../runtime/coalesce.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';

/** Milliseconds over which phone state changes are combined into one update for the desks: on connect, the PBX reports all phones. */
const presencePause = 100;

/** Returns a function that passes phone states to routing immediately, and the resulting presence to the desks shortly after. */
export function presenceOf(
  answering: Answering,
  desk: DeskHub,
  releases: ReleaseStack,
): (reports: readonly DeviceReport[]) => void {
  const showPresence = coalesce(() => desk.setPresence(answering.presence()), presencePause);
  releases.push('presence', () => showPresence.cancel());
  return (reports) => {
    answering.setDevices(reports);
    showPresence();
  };
}
