import type { CallSnapshot } from '../src/domain/interaction/contact-event.ts';
import type { Store } from '../src/domain/ports/store.ts';
import { call, callStart, endedCall, leg } from '../test/support/calls.ts';

/** Revisions of a call in the bench: ringing, talking, ended. */
export const revisionsOfCall = 3;

/** Calls of one instance, each with its own party, as reported by a PBX. */
export function* callsOf(instance: number, start: number, count: number): Generator<readonly CallSnapshot[]> {
  for (let n = start; n < start + count; n += 1) {
    const id = `${instance}-${n}`;
    const party = { raw: `8${900 + instance}${String(1_000_000 + n)}`, name: 'Ivan', withheld: false };
    const talking = [leg('101', { talkedAt: callStart + 5000 })];
    yield [call(id, { party }), call(id, { party, state: 'talking', legs: talking }), endedCall(id, { party })];
  }
}

/** Registers one CRM core, so that each revision has to be delivered. */
export async function registerDestination(store: Pick<Store, 'apply'>): Promise<void> {
  await store.apply([{ op: 'destinations', names: ['crm'], at: 0 }]);
}
