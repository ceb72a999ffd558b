import type { Answering } from '../answering/answering.ts';
import type { DeskHub } from '../desk/desk-hub.ts';
import type { DeviceReport } from '../domain/call/device.ts';
import { coalesce } from '../runtime/coalesce.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';

/** Changes of telephones within this time (milliseconds) reach the desks as one: a connect reports them all. */
const presencePause = 100;

/** A function that hands reports of telephones to routing at once, and what they mean to the desks soon after. */
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
