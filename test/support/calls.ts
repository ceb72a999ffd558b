import { type ClientId, eventKey, type ManagerId } from '../../src/domain/base/ids.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import type { Manager } from '../../src/domain/directory/manager.ts';
import type { CallLeg, CallSnapshot } from '../../src/domain/interaction/contact-event.ts';

/** Start time of the calls in tests. */
export const callStart = Date.parse('2026-11-24T09:00:00Z');

/** A manager with one extension. */
export function manager(id: string, extension: string, more: Partial<Manager> = {}): Manager {
  return {
    id: id as ManagerId,
    name: `Manager ${id}`,
    extensions: [extension],
    mobile: null,
    email: null,
    department: null,
    hours: null,
    user: null,
    deputy: null,
    absences: [],
    ...more,
  };
}

/** One ringing extension. */
export function leg(extension: string, more: Partial<CallLeg> = {}): CallLeg {
  return {
    kind: 'extension',
    extension,
    phone: null,
    rangAt: callStart + 1000,
    talkedAt: null,
    endedAt: null,
    outcome: null,
    ...more,
  };
}

/** A ringing inbound call to extension 101. */
export function call(id: string, more: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    kind: 'call',
    key: eventKey('pbx', id),
    aliases: [],
    connection: 'pbx',
    basis: 'live',
    direction: 'inbound',
    state: 'ringing',
    party: { raw: '89161234567', name: 'Ivan', withheld: false },
    dialled: '74951234567',
    startedAt: callStart,
    endedAt: null,
    legs: [leg('101')],
    transfers: [],
    recordings: [],
    reconstructed: false,
    ...more,
  };
}

/** The same call after it was answered and ended. */
export function endedCall(id: string, more: Partial<CallSnapshot> = {}): CallSnapshot {
  const end = callStart + 35_000;
  const talked = leg('101', { talkedAt: callStart + 5000, endedAt: end, outcome: 'answered' });
  return call(id, { state: 'answered', endedAt: end, legs: [talked], ...more });
}

/** A client with phones. */
export function client(id: string, phones: readonly string[], more: Partial<Client> = {}): Client {
  return {
    id: id as ClientId,
    name: `Client ${id}`,
    kind: 'company',
    responsible: null,
    segment: null,
    url: null,
    identifiers: phones.map((value) => ({ kind: 'phone', value })),
    contacts: [],
    deals: [],
    fields: [],
    ...more,
  };
}
