import type { Comparable } from '../../shared/compare/comparable.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { removeActivity } from '../written/activity.ts';
import { inBackground } from './background.ts';
import { expectedOf } from './expected.ts';
import { findContacts } from './find.ts';
import { mendingOf } from './mending.ts';
import { listCalls } from './remote-calls.ts';
import { listActivities } from './remote-records.ts';

/** How what the portal holds is compared with what it should hold. Calls and deliveries go before it. */
export function comparable(given: Bitrix24Parts): Comparable {
  const portal = inBackground(given.portal);
  const parts = { ...given, portal };
  return {
    expectedOf: (interaction, signal) => expectedOf(interaction, parts, signal),
    async *remoteContacts(period, signal) {
      yield* listCalls(period, portal, signal);
      yield* listActivities(period, portal, signal);
    },
    find: (expected, signal) => findContacts(expected, portal, signal),
    mendingOf: (difference, interaction, signal) => mendingOf(difference, interaction, parts, signal),
    // Only activities are ever removed.
    remove: (id, signal) => removeActivity(Number(id), portal, signal),
  };
}
