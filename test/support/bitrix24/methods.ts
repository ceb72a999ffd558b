import { cardMethods } from './crm/cards.ts';
import { eventMethods } from './events/event-methods.ts';
import { offlineMethods } from './events/offline-queue.ts';
import type { Method } from './method.ts';
import { systemMethods } from './system.ts';
import { externalCallMethods } from './telephony/external-calls.ts';
import { externalLineMethods } from './telephony/external-lines.ts';
import { finishMethod } from './telephony/finish.ts';
import { recordMethods } from './telephony/records.ts';
import { searchMethod } from './telephony/search.ts';
import { statisticsMethod } from './telephony/statistics.ts';
import { userMethods } from './users.ts';

/** All methods that the portal knows, by lower-case name. */
export const methods: ReadonlyMap<string, Method> = new Map(
  [
    ...systemMethods(() => methods),
    ...userMethods,
    ...externalCallMethods,
    finishMethod,
    ...recordMethods,
    searchMethod,
    ...externalLineMethods,
    statisticsMethod,
    ...cardMethods,
    ...eventMethods,
    ...offlineMethods,
  ].map((method) => [method.name.toLowerCase(), method]),
);
