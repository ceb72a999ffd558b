import { activityMethods } from './crm/activities.ts';
import { appActivityMethods } from './crm/app-activities.ts';
import { bindingMethods } from './crm/bindings.ts';
import { callListMethods } from './crm/call-lists.ts';
import { cardMethods } from './crm/cards.ts';
import { commentMethods } from './crm/comments.ts';
import { contactCompanyMethods } from './crm/contact-companies.ts';
import { dictionaryMethods } from './crm/dictionary.ts';
import { itemMethods } from './crm/items.ts';
import { timelineMethods } from './crm/timeline.ts';
import { eventMethods } from './events/event-methods.ts';
import { offlineMethods } from './events/offline-queue.ts';
import type { Method } from './method.ts';
import { chatMethods } from './open-lines/chats.ts';
import { connectorMethods, lineMethod } from './open-lines/connectors.ts';
import { messageMethods } from './open-lines/messages.ts';
import { placementMethods } from './placements.ts';
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
    ...contactCompanyMethods,
    ...itemMethods,
    ...activityMethods,
    ...appActivityMethods,
    ...bindingMethods,
    ...timelineMethods,
    ...commentMethods,
    ...dictionaryMethods,
    ...callListMethods,
    ...eventMethods,
    ...offlineMethods,
    ...connectorMethods,
    lineMethod,
    ...messageMethods,
    ...chatMethods,
    ...placementMethods,
  ].map((method) => [method.name.toLowerCase(), method]),
);
