import { anna, clientName, ids, line, party } from './people.ts';

/** A stranger who called twice. */
export const lead = {
  id: ids.lead,
  revision: 2,
  state: 'open',
  channel: 'call',
  party: { ...party, phone: '+79990000001', raw: '+79990000001' },
  line,
  attribution: null,
  first: '019bb19f-1000-7f00-8000-000000000001',
  latest: '019bb1ab-4e20-7a52-9c1d-6e7f80910213',
  contacts: 2,
  takenBy: null,
  client: null,
  reason: null,
  createdAt: '2026-01-12T08:58:40.000Z',
  updatedAt: '2026-01-12T09:12:02.000Z',
};

/** A missed call to be returned. */
export const task = {
  id: ids.task,
  revision: 1,
  kind: 'call_back',
  state: 'open',
  manager: anna,
  interaction: ids.call,
  latest: ids.call,
  contacts: 1,
  client: clientName,
  party,
  text: null,
  dueAt: '2026-01-12T09:15:20.000Z',
  overdue: false,
  createdAt: '2026-01-12T09:00:20.000Z',
  escalatedAt: null,
  doneAt: null,
  doneBy: null,
};
