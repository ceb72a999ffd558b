import type { Scope } from './access.ts';
import type { Lead, Task } from './follow-up.ts';
import type { Interaction } from './interaction.ts';
import type { Line, Staff } from './manager.ts';
import { parseTarget } from './route-target.ts';
import type { RouteTarget, RoutingPlan } from './routing.ts';

/*
 * Who sees what. The rule stands here once: the store keeps for each interaction by which keys it is seen, and every reading
 * for somebody asks with the keys of that one's view. What a view does not hold is answered as if it did not exist.
 */

/** What a user sees; null instead of a view is everything. */
export interface View {
  /** Managers whose contacts, clients and tasks these are: himself, or his department. */
  readonly managers: readonly string[];
  /** Lines whose unmatched contacts nobody has taken yet. */
  readonly lines: readonly string[];
}

/** A contact on a line that the configuration does not name is in everybody's pool. */
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
  const lines = staff.lines.filter((line) => {
    const people = peopleOf(line, staff, plan);
    return people.size === 0 || managers.some((id) => people.has(id));
  });
  return { managers, lines: [unknownLine, ...lines.map(({ id }) => id)] };
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
    return target?.kind === 'group' ? (groups[target.id]?.members ?? []) : [];
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

/** The key of the pool an interaction waits in, or null: it came from outside, is nobody's client, and nobody has it. */
export function poolKey(interaction: Interaction): string | null {
  const { direction, client, responsible, assignee, handledBy, mergedInto, line } = interaction;
  const waits = client === null && responsible === null && assignee === null && handledBy === null;
  return direction === 'inbound' && waits && mergedInto === null ? viewKeys.pool(line?.id ?? unknownLine) : null;
}

/** The keys a view reads by, beside its managers. */
export function keysOf({ managers, lines }: View): readonly string[] {
  return [
    ...managers.flatMap((id) => [viewKeys.responsible(id), viewKeys.handed(id)]),
    ...lines.map((line) => viewKeys.pool(line)),
  ];
}

/** Whether a lead is in the pool of a view, or was taken by somebody of it. */
export function seesLead(
  { managers, lines }: View,
  { state, takenBy, line }: Pick<Lead, 'state' | 'takenBy' | 'line'>,
): boolean {
  if (state === 'open') return lines.includes(line?.id ?? unknownLine);
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
