import type { Staff } from '../directory/manager.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import { type Channel, type Interaction, isLive } from '../interaction/interaction.ts';
import { managersOf } from '../interaction/managers.ts';
import { peopleOf } from '../interaction/view.ts';
import type { RoutingPlan } from '../routing/routing.ts';

/** What a destination takes. An absent setting leaves nothing out. */
export interface DeliveryFilter {
  readonly channels?: readonly Channel[];
  /** Names of departments. */
  readonly departments?: readonly string[];
  /** Whether contacts between colleagues are taken. */
  readonly internal?: boolean;
}

/** The managers, their departments and the routes of lines at the moment. */
export interface CompanyPeople {
  readonly staff: Staff;
  readonly routing: Pick<RoutingPlan, 'rules' | 'groups' | 'fallback'>;
}

/** A lead or a task, with those of its contacts that are still stored. */
export type FollowUpWithContacts =
  | { readonly kind: 'lead'; readonly lead: Lead; readonly contacts: readonly Interaction[] }
  | { readonly kind: 'task'; readonly task: Task; readonly contacts: readonly Interaction[] };

/** What a filter looks at. */
interface Facts {
  /** Null for a task that belongs to no contact. */
  readonly channel: Channel | null;
  readonly isInternal: boolean;
  /** Ids of managers. */
  readonly managers: ReadonlySet<string>;
  /** The id of the line. */
  readonly line: string | null;
  /** Whether it may still reach a manager by itself. */
  readonly isUnderWay: boolean;
}

/** Whether a filter may leave anything out. */
export function leavesOut({ channels, departments, internal }: DeliveryFilter): boolean {
  return channels !== undefined || departments !== undefined || internal === false;
}

/** Whether a destination with this filter takes a contact. */
export function takesContact(contact: Interaction, filter: DeliveryFilter, people: CompanyPeople): boolean {
  return takes(factsOf(contact), filter, people);
}

/**
 * Whether a destination with this filter takes a lead or a task: if it takes one of the contacts. Who has taken the
 * lead, or has to do the task, counts like a manager of the contact.
 */
export function takesFollowUp(followUp: FollowUpWithContacts, filter: DeliveryFilter, people: CompanyPeople): boolean {
  const owner = followUp.kind === 'lead' ? followUp.lead.takenBy : followUp.task.manager;
  const facts = followUp.contacts.length === 0 ? [factsWithoutContact(followUp)] : followUp.contacts.map(factsOf);
  return facts.some((one) => {
    const managers = owner === null ? one.managers : new Set([...one.managers, owner.id]);
    return takes({ ...one, managers }, filter, people);
  });
}

function factsOf(contact: Interaction): Facts {
  const { channel, direction, line, state } = contact;
  return {
    channel,
    isInternal: direction === 'internal',
    managers: managersOf(contact),
    line: line?.id ?? null,
    isUnderWay: isLive(state),
  };
}

/** What is known of a lead or a task whose contacts were removed, or that has none. */
function factsWithoutContact(followUp: FollowUpWithContacts): Facts {
  const { channel, line } = followUp.kind === 'lead' ? followUp.lead : { channel: null, line: null };
  return { channel, isInternal: false, managers: new Set(), line: line?.id ?? null, isUnderWay: false };
}

function takes(facts: Facts, { channels, departments, internal }: DeliveryFilter, people: CompanyPeople): boolean {
  if (internal === false && facts.isInternal) return false;
  if (channels !== undefined && facts.channel !== null && !channels.includes(facts.channel)) return false;
  return departments === undefined || isOf(departments, facts, people);
}

/** Whether a contact belongs to one of the departments. */
function isOf(departments: readonly string[], { managers, line, isUnderWay }: Facts, people: CompanyPeople): boolean {
  if (managers.size > 0) return isAnyIn(managers, departments, people);
  // Soon it may ring at a manager, and only then is it known whose it is.
  if (isUnderWay) return false;
  const configured = people.staff.lines.find(({ id }) => id === line);
  const takers = configured === undefined ? new Set<string>() : peopleOf(configured, people.staff, people.routing);
  // As on the desk: what waits on a line that leads to nobody in particular is everybody's.
  return takers.size === 0 || isAnyIn(takers, departments, people);
}

function isAnyIn(ids: ReadonlySet<string>, departments: readonly string[], { staff }: CompanyPeople): boolean {
  return staff.managers.some(
    ({ id, department }) => ids.has(id) && department !== null && departments.includes(department),
  );
}
