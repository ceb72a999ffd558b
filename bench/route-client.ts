import type { ClientId } from '../src/domain/base/ids.ts';
import type { Client } from '../src/domain/directory/client.ts';

/** The phone number of client `i`. */
export function benchPhone(i: number): string {
  return `+7916${String(i).padStart(7, '0')}`;
}

/** Client `i` with two identifiers, and one of a hundred managers. */
export function benchClient(i: number): Client {
  return {
    id: `crm:${i}` as ClientId,
    name: `Клиент номер ${i}`,
    kind: 'company',
    responsible: `m${i % 100}`,
    segment: null,
    url: `https://crm.example/clients/${i}`,
    identifiers: [
      { kind: 'phone', value: benchPhone(i) },
      { kind: 'email', value: `client${i}@example.com` },
    ],
    contacts: [],
    deals: [],
    fields: [],
  };
}
