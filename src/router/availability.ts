import { entryOf } from '../domain/base/entry-of.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { DeviceState } from '../domain/call/device.ts';
import { parseExtension } from '../domain/directory/extension-place.ts';
import type { Absence, Manager } from '../domain/directory/manager.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { RouteContext } from './context.ts';
import { isDialable } from './dial-string.ts';
import { isOpen } from './working-hours.ts';

/** Whether a manager can be rung now: the extensions to ring, or the reason why not and the deputy. */
export type Availability =
  | { readonly reachable: true; readonly extensions: readonly string[] }
  | { readonly reachable: false; readonly reason: Reason; readonly deputy: string | null };

/** Why a manager cannot be rung. */
type Obstacle =
  | 'offHours'
  | 'noExtension'
  | 'alreadyTried'
  | 'onAnotherCall'
  | 'beingCalled'
  | 'doNotDisturb'
  | 'phoneOffline';

const busyStates: Readonly<Partial<Record<DeviceState, Obstacle>>> = {
  in_use: 'onAnotherCall',
  ringing: 'beingCalled',
  dnd: 'doNotDisturb',
};

/** Checks absences, working hours, earlier attempts for this call, and the telephones, in this order. */
export function availabilityOf(manager: Manager, context: RouteContext): Availability {
  const absence = currentAbsence(manager, context.question.at);
  if (absence !== null)
    return {
      reachable: false,
      reason: reason('managerAway', { manager: manager.name }),
      deputy: absence.deputy ?? manager.deputy,
    };
  const blocked = (code: Obstacle): Availability => ({
    reachable: false,
    reason: reason(code, { manager: manager.name }),
    deputy: manager.deputy,
  });

  const hours = entryOf(context.plan.hours, manager.hours);
  if (hours !== undefined && !isOpen(hours, context.question.at)) return blocked('offHours');

  const extensions = extensionsHere(manager, context.question.connection);
  if (extensions.length === 0) return blocked('noExtension');
  if (wasTried(manager, extensions, context.question.tried)) return blocked('alreadyTried');

  const states = extensions.map((extension) => context.devices.state(context.question.connection, extension));
  // A manager who is talking on one telephone is busy, even if another one is idle.
  for (const state of states) {
    const code = busyStates[state];
    if (code !== undefined) return blocked(code);
  }
  const free = extensions.filter((_, i) => states[i] !== 'unavailable');
  return free.length === 0 ? blocked('phoneOffline') : { reachable: true, extensions: free };
}

/** The absence of a manager at a time, or null. */
export function currentAbsence(manager: Manager, at: number): Absence | null {
  return manager.absences.find((absence) => absence.from <= at && at < absence.to) ?? null;
}

/** The manager's numbers on the PBX of the request: "pbx/101" is on that PBX only, "101" on any. */
function extensionsHere(manager: Manager, connection: string | null): readonly string[] {
  const here = manager.extensions
    .map(parseExtension)
    .filter((place) => place.connection === null || connection === null || place.connection === connection);
  return [...new Set(here.map((place) => place.number))].filter(isDialable);
}

function wasTried(manager: Manager, extensions: readonly string[], tried: readonly string[]): boolean {
  return tried.some((one) => one === manager.id || manager.extensions.includes(one) || extensions.includes(one));
}
