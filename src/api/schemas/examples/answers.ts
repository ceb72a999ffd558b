import { interactionExample } from './interaction.ts';
import { anna, clientName, ids } from './people.ts';

export { client, manager } from './people.ts';

/** An address that letters bounce from. */
export const undeliverable = {
  email: 'old@romashka.example',
  since: '2026-01-09T14:02:11.000Z',
  status: '5.1.1',
  why: 'user unknown',
};

/** An import with one faulty row. */
export const importReport = {
  bytes: 48_120,
  accepted: 312,
  refused: 1,
  rows: [{ row: 17, column: '/name', why: 'is missing' }],
};

const { candidates } = interactionExample.match;

/** A known number. */
export const match = { outcome: 'matched', decidedBy: 'auto', by: null, client: clientName, candidates };

/** A call to the responsible manager. */
export const route = {
  decision: 'responsible',
  dial: 'PJSIP/101',
  managers: [{ manager: anna, extension: '101' }],
  queue: null,
  timeout: 20,
  client: clientName,
  responsible: anna,
  trace: interactionExample.route.trace,
};

/** A delivery that a CRM refused. */
export const delivery = {
  id: `crm:interaction:${ids.call}`,
  destination: 'crm',
  kind: 'interaction',
  subject: ids.call,
  revision: 5,
  deliveredRevision: 4,
  state: 'parked',
  attempts: 1,
  nextAt: '2026-01-12T09:04:10.000Z',
  lastError: 'crm answered HTTP 422: it refuses the request: unknown deal',
  lastReason: { code: 'serviceRefused', values: { service: 'crm', status: 422, said: 'unknown deal' } },
  updatedAt: '2026-01-12T09:04:10.000Z',
};

/** A connection that works. */
export const connection = {
  connection: 'pbx',
  kind: 'asterisk',
  health: 'ready',
  reason: null,
  stateReason: null,
  since: '2026-01-12T05:00:00.000Z',
  waiting: 0,
};

/** A line without calls at a time when there usually are some. */
export const alarm = {
  id: 'quiet-line:/main',
  kind: 'quiet-line',
  line: 'main',
  connection: null,
  since: '2026-01-12T09:00:00.000Z',
  expected: 4.5,
  seen: 0,
  probability: 0.011,
  reason: null,
  stateReason: null,
  waiting: null,
};

/** A letter that could not be taken in. */
export const quarantined = {
  id: '019bb1af-0000-7000-8000-000000000001',
  connection: 'mail',
  kind: 'written',
  bytes: 20_480,
  reason: 'the store refused it',
  faultReason: { code: 'refusedByStore', values: {} },
  at: '2026-01-12T09:10:00.000Z',
  triedAt: '2026-01-12T09:11:00.000Z',
  tries: 2,
  version: '0.1.0',
};

/** The same line in the report. */
export const quietLine = {
  line: 'main',
  connection: 'pbx',
  window: 3,
  since: '2026-01-12T09:00:00.000Z',
  expected: 4.5,
  seen: 0,
  probability: 0.011,
  weeks: 8,
  quiet: true,
};

/** An operator's session. */
export const session = {
  login: 'anna',
  role: 'operator',
  manager: anna,
  extension: '101',
  department: 'Sales',
  calls: true,
  controls: ['hang_up', 'park'],
  timezone: 'Europe/Moscow',
  messengers: true,
  undo: 10_000,
  company: 'Our company',
};

/** The first change of an interaction. */
export const historyEntry = { revision: 1, at: '2026-01-12T09:00:00.000Z', by: 'pbx', what: 'ringing' };
