import { setImmediate } from 'node:timers/promises';
import type { CarryOut } from '../../src/domain/ports/tables.ts';
import type { WriteSettings } from '../../src/domain/ports/write-settings.ts';
import { stepsUnder } from '../../src/intake/steps/carry-out.ts';

/** The steps of writes, with a few turns of the event loop before and after each, so that other work can interleave. */
export function waitingSteps(settings: WriteSettings, note: (what: string) => void = () => undefined): CarryOut {
  const steps = stepsUnder(settings);
  return async (write, ...rest) => {
    note(`begins ${write.op}`);
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    const outcome = await steps(write, ...rest);
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    note(`ends ${write.op}`);
    return outcome;
  };
}
