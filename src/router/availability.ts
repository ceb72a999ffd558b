import type { DeviceState } from '../domain/device.ts';
import type { Absence, Manager } from '../domain/manager.ts';
import type { RouteContext } from './context.ts';
import { isDialable } from './dial-string.ts';
import { placeOf } from './extension-place.ts';
import { isOpen } from './working-hours.ts';

/** Whether a manager can be rung now: on which extensions, or why not and who stands in. */
export type Availability =
  | { readonly reachable: true; readonly extensions: readonly string[] }
  | { readonly reachable: false; readonly why: string; readonly deputy: string | null };

const engaged: Readonly<Partial<Record<DeviceState, string>>> = {
  in_use: 'is on another call',
  ringing: 'is being called already',
  dnd: 'does not want to be disturbed',
};

/** Looks at absences, working hours, what was tried already, and the telephones, in this order. */
export function availabilityOf(manager: Manager, context: RouteContext): Availability {
  const absence = currentAbsence(manager, context.question.at);
  if (absence !== null) return { reachable: false, why: 'is away', deputy: absence.deputy ?? manager.deputy };
  const why = (reason: string): Availability => ({ reachable: false, why: reason, deputy: manager.deputy });

  const hours = manager.hours === null ? undefined : context.plan.hours[manager.hours];
  if (hours !== undefined && !isOpen(hours, context.question.at)) return why('is not at work at this hour');

  const extensions = extensionsHere(manager, context.question.connection);
  if (extensions.length === 0) return why('has no extension here');
  if (wasTried(manager, extensions, context.question.tried)) return why('was tried already and did not answer');

  const states = extensions.map((extension) => context.devices.state(context.question.connection, extension));
  // Somebody who talks on one of two telephones is not free because the other one is.
  for (const state of states) {
    const reason = engaged[state];
    if (reason !== undefined) return why(reason);
  }
  const free = extensions.filter((_, i) => states[i] !== 'unavailable');
  return free.length === 0 ? why('has no telephone switched on') : { reachable: true, extensions: free };
}

function currentAbsence(manager: Manager, at: number): Absence | null {
  return manager.absences.find((absence) => absence.from <= at && at < absence.to) ?? null;
}

/** The manager's numbers on the asking PBX: "pbx/101" belongs to one of them, "101" to any. */
function extensionsHere(manager: Manager, connection: string | null): readonly string[] {
  const here = manager.extensions
    .map(placeOf)
    .filter((place) => place.connection === null || connection === null || place.connection === connection);
  return [...new Set(here.map((place) => place.number))].filter(isDialable);
}

function wasTried(manager: Manager, extensions: readonly string[], tried: readonly string[]): boolean {
  return tried.some((one) => one === manager.id || manager.extensions.includes(one) || extensions.includes(one));
}
