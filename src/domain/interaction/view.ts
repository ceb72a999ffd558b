import type { Scope } from '../access/access.ts';
import { entryOf } from '../base/entry-of.ts';
import type { Line, Staff } from '../directory/manager.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import { parseTarget } from '../routing/route-target.ts';
import type { RouteTarget, RoutingPlan } from '../routing/routing.ts';
import type { Interaction } from './interaction.ts';

/*
 * Defines which user sees what. The store keeps the keys by which each interaction is visible, and each read for a user filters by
 * the keys of the user's view. Anything outside the view is treated as if it did not exist.
 */

/** What a user sees. Null instead of a view means everything. */
export interface View {
  /** Managers whose contacts, clients and tasks are visible: the user only, or the department. */
  readonly managers: readonly string[];
  /** Lines whose unmatched contacts are visible until somebody takes them. */
  readonly lines: readonly string[];
  /** The other configured lines. Contacts on a line in neither list (a DID without configuration) are visible to everybody. */
  readonly otherLines: readonly string[];
}

/** The pool of all lines that are not configured. */
const unknownLine = '';

/** The view of a user with this scope; `manager` is the user's manager id, or null. */
export function viewOf(
  scope: Scope,
  manager: string | null,
  staff: Staff,
  plan: Pick<RoutingPlan, 'rules' | 'groups' | 'fallback'>,
): View | null {
  if (scope === 'company') return null;
  const self = staff.managers.find(({ id }) => id === manager);
  const { department } = self ?? { department: null };
  const colleagues =
    scope === 'department' && department !== null
      ? staff.managers.filter((one) => one.department === department).map(({ id }) => id)
      : [];
  const managers = [...new Set([...(manager === null ? [] : [manager]), ...colleagues])];
  const lines: string[] = [];
  const otherLines: string[] = [];
  for (const line of staff.lines) {
    const people = peopleOf(line, staff, plan);
    const isOwn = people.size === 0 || managers.some((id) => people.has(id));
    (isOwn ? lines : otherLines).push(line.id);
  }
  return { managers, lines, otherLines };
}

/**
 * The managers who see a line's unmatched contacts: those in the line's route or routing rules, directly or as members of a group, and
 * the owner of its mailbox. If there are none, everybody sees them.
 */
export function peopleOf(
  line: Line,
  { managers }: Staff,
  { rules, groups, fallback }: Pick<RoutingPlan, 'rules' | 'groups' | 'fallback'>,
): ReadonlySet<string> {
  const ofRules = rules.filter(({ when }) => when.lines?.some((one) => one === line.id || one === line.address));
  const own = line.route === null ? fallback : parseTarget(line.route);
  const targets: readonly (RouteTarget | null)[] = [own, ...ofRules.map(({ to }) => to)];
  const named = targets.flatMap((target) => {
    if (target?.kind === 'manager') return [target.id];
    return target?.kind === 'group' ? (entryOf(groups, target.id)?.members ?? []) : [];
  });
  const mailbox = managers.filter(({ email }) => email !== null && email.toLowerCase() === line.address.toLowerCase());
  return new Set([...named, ...mailbox.map(({ id }) => id)]);
}

/** Keys by which an interaction is visible, in addition to the managers in it. */
export const viewKeys = {
  /** The current responsible manager of its client. */
  responsible: (manager: string) => `responsible:${manager}`,
  /** A manager to whom its conversation was handed over. */
  handed: (manager: string) => `handed:${manager}`,
  /** The pool of a line. */
  pool: (line: string) => `line:${line}`,
} as const;

/**
 * The key of the pool that an interaction waits in, or null. It waits if it is inbound, has no client, and nobody has taken it.
 * `isKnown`: whether a line is configured.
 */
export function poolKey(interaction: Interaction, isKnown: (line: string) => boolean): string | null {
  const { direction, client, responsible, assignee, handledBy, mergedInto, line } = interaction;
  const waits = client === null && responsible === null && assignee === null && handledBy === null;
  if (direction !== 'inbound' || !waits || mergedInto !== null) return null;
  return viewKeys.pool(line !== null && isKnown(line.id) ? line.id : unknownLine);
}

/** The keys of a view, in addition to its managers. */
export function keysOf({ managers, lines }: View): readonly string[] {
  return [
    ...managers.flatMap((id) => [viewKeys.responsible(id), viewKeys.handed(id)]),
    ...[unknownLine, ...lines].map((line) => viewKeys.pool(line)),
  ];
}

/** Whether a view includes a lead: it is in its pool, or one of its managers took it. */
export function seesLead(
  { managers, otherLines }: View,
  { state, takenBy, line }: Pick<Lead, 'state' | 'takenBy' | 'line'>,
): boolean {
  if (state === 'open') return line === null || !otherLines.includes(line.id);
  return takenBy !== null && managers.includes(takenBy.id);
}

/** Whether a view includes a task. Null if the task has no manager: then the visibility of its contact decides. */
export function seesTask(
  { managers }: View,
  { manager, interaction }: Pick<Task, 'manager' | 'interaction'>,
): boolean | null {
  if (manager !== null) return managers.includes(manager.id);
  return interaction === null ? true : null;
}
