import type { ClientId, ManagerId } from '../../src/domain/base/ids.ts';
import type { ClientHead } from '../../src/domain/directory/client.ts';
import type { Line, Manager } from '../../src/domain/directory/manager.ts';
import type { MatchDecision } from '../../src/domain/directory/match.ts';
import { StaffIndex } from '../../src/domain/directory/staff-index.ts';
import type { RouteQuestion, RoutingPlan, WorkingHours } from '../../src/domain/routing/routing.ts';
import type { RouteFacts } from '../../src/router/context.ts';
import { DeviceStates } from '../../src/router/device-states.ts';

/** A Tuesday, 12:00 in Moscow. */
export const noon = Date.parse('2026-03-10T09:00:00Z');

export const office: WorkingHours = {
  timezone: 'Europe/Moscow',
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 540, to: 1080 }] : [])),
  holidays: [],
  workdays: [],
};

export function manager(id: string, change: Partial<Manager> = {}): Manager {
  return {
    id: id as ManagerId,
    name: `Manager ${id}`,
    extensions: [],
    mobile: null,
    email: null,
    department: null,
    hours: null,
    user: null,
    deputy: null,
    absences: [],
    ...change,
  };
}

export function line(change: Partial<Line> = {}): Line {
  return {
    id: 'main',
    channel: 'call',
    address: '74950000001',
    label: 'Main line',
    connection: null,
    attribution: { source: null, medium: null, campaign: null },
    route: null,
    ...change,
  };
}

export function plan(change: Partial<RoutingPlan> = {}): RoutingPlan {
  return {
    deadline: 500,
    rules: [],
    fallback: { kind: 'default' },
    groups: {},
    hours: { office },
    within: { callBack: 15, answer: 60 },
    misses: { owners: ['client'], escalate: null },
    last: { within: 30 },
    ringTimeout: 20,
    ...change,
  };
}

export function head(id: string, change: Partial<ClientHead> = {}): ClientHead {
  return {
    id: id as ClientId,
    name: `Client ${id}`,
    kind: 'company',
    responsible: null,
    segment: null,
    url: null,
    ...change,
  };
}

const via = { kind: 'phone', value: '+79160000001' } as const;

export function match(outcome: MatchDecision['outcome'], clients: readonly ClientHead[] = []): MatchDecision {
  return {
    outcome,
    decidedBy: 'auto',
    by: null,
    chosenAt: null,
    client: outcome === 'matched' ? (clients[0] ?? null) : null,
    contact: null,
    candidates: clients.map(({ id, name }) => ({
      client: { id, name },
      contact: null,
      via,
      why: ['phone of the client'],
    })),
  };
}

export function question(change: Partial<RouteQuestion> = {}): RouteQuestion {
  return { connection: 'pbx', phone: '+79160000001', line: '74950000001', at: noon, tried: [], call: null, ...change };
}

interface Given {
  readonly plan?: Partial<RoutingPlan>;
  readonly managers?: readonly Manager[];
  readonly lines?: readonly Line[];
  readonly match?: MatchDecision;
  readonly clients?: readonly ClientHead[];
  readonly devices?: DeviceStates;
  readonly turns?: Readonly<Record<string, string>>;
  readonly lastTalker?: string;
}

export function facts(given: Given = {}): RouteFacts {
  return {
    plan: plan(given.plan),
    staff: new StaffIndex({ managers: given.managers ?? [], lines: given.lines ?? [] }, 'RU'),
    match: given.match ?? match('unknown'),
    devices: given.devices ?? new DeviceStates(),
    turns: { last: (group) => given.turns?.[group] ?? null },
    lastTalker: () => given.lastTalker ?? null,
    client: (id) => given.clients?.find((client) => client.id === id) ?? null,
  };
}
