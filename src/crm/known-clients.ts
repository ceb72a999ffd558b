import type { ClientId } from '../domain/base/ids.ts';
import type { Store } from '../domain/ports/store.ts';
import type { KnownClients } from './contract.ts';

/** The stored clients of a core. In the store, their ids begin with the core's name. */
export function knownClients(core: string, read: Pick<Store['read'], 'client' | 'clientsWith'>): KnownClients {
  return {
    async contactsOf(clients) {
      const contacts: string[] = [];
      for (const id of clients) {
        const client = await read.client(`${core}:${id}` as ClientId);
        contacts.push(...(client?.contacts ?? []).map((contact) => contact.id));
      }
      return contacts;
    },
    async clientsWith(parts) {
      return (await read.clientsWith(core, parts)).map((id) => id.slice(core.length + 1));
    },
  };
}
