import type { Scope } from '../access/access.ts';
import { entryOf } from '../base/entry-of.ts';
import type { Line, Staff } from '../directory/manager.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import { parseTarget } from '../routing/route-target.ts';
import type { RouteTarget, RoutingPlan } from '../routing/routing.ts';
import type { Interaction } from './interaction.ts';

/*
 * Who sees what. The rule stands here once: the store keeps for each interaction by which keys it is seen, and every reading
 * for somebody asks with the keys of that one's view. What a view does not hold is answered as if it did not exist.
 */

/** What a user sees; null instead of a view is everything. */
export interface View {
  /** Managers whose contacts, clients and tasks these are: himself, or his department. */
  readonly managers: readonly string[];
  /** Lines whose unmatched contacts it sees as long as nobody has them. */
  readonly lines: readonly string[];
  /** The other lines of the configuration. A line that is in neither list (a DID that nobody named) is in everybody's pool. */
  readonly otherLines: readonly string[];
}

/** The pool of all lines that the configuration does not name. */
const unknownLine = '';

/** The view of a user with this scope; `manager` is who he is, or null. */
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
 * The managers whose pool a line's unmatched contacts wait in: those whom the line's route, its routing rules or its mailbox
 * name, also as members of a group. A line that names nobody is everybody's.
 */
function peopleOf(
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

/** Keys by which an interaction is seen beside the managers it names. */
export const viewKeys = {
  /** The present responsible of its client. */
  responsible: (manager: string) => `responsible:${manager}`,
  /** Somebody its conversation was handed over to. */
  handed: (manager: string) => `handed:${manager}`,
  /** The pool of a line. */
  pool: (line: string) => `line:${line}`,
} as const;

/**
 * The key of the pool an interaction waits in, or null: it came from outside, is nobody's client, and nobody has it. `isKnown`: whether
 * the configuration names a line.
 */
export function poolKey(interaction: Interaction, isKnown: (line: string) => boolean): string | null {
  const { direction, client, responsible, assignee, handledBy, mergedInto, line } = interaction;
  const waits = client === null && responsible === null && assignee === null && handledBy === null;
  if (direction !== 'inbound' || !waits || mergedInto !== null) return null;
  return viewKeys.pool(line !== null && isKnown(line.id) ? line.id : unknownLine);
}

/** The keys a view reads by, beside its managers. */
export function keysOf({ managers, lines }: View): readonly string[] {
  return [
    ...managers.flatMap((id) => [viewKeys.responsible(id), viewKeys.handed(id)]),
    ...[unknownLine, ...lines].map((line) => viewKeys.pool(line)),
  ];
}

/** Whether a lead is in the pool of a view, or was taken by somebody of it. */
export function seesLead(
  { managers, otherLines }: View,
  { state, takenBy, line }: Pick<Lead, 'state' | 'takenBy' | 'line'>,
): boolean {
  if (state === 'open') return line === null || !otherLines.includes(line.id);
  return takenBy !== null && managers.includes(takenBy.id);
}

/** Whether a task is owed by somebody of a view; null where nobody owes it: then by who sees the contact it is about. */
export function seesTask(
  { managers }: View,
  { manager, interaction }: Pick<Task, 'manager' | 'interaction'>,
): boolean | null {
  if (manager !== null) return managers.includes(manager.id);
  return interaction === null ? true : null;
}
