import type { ManagerId } from '../../../domain/base/ids.ts';
import type { DirectoryPage, DirectorySource, SourceClient } from '../../../domain/directory/directory-source.ts';
import type { Identifier } from '../../../domain/interaction/interaction.ts';
import type { ExtensionClient } from './client.ts';
import type { RemoteClient } from './contract.ts';

/** Dependencies of {@link extensionDirectory}. */
export interface ExtensionDirectoryParts {
  readonly client: Pick<ExtensionClient, 'clients' | 'byPhone' | 'byEmail'>;
  /** The managers who are responsible persons of the base, by their references. Others are left out. */
  readonly managersOf: (responsible: Iterable<string>, signal: AbortSignal) => Promise<ReadonlyMap<string, ManagerId>>;
  /** The address of the base in the browser. */
  readonly webUrl: string;
  /** Clients that are read at once. Default: 500. */
  readonly page?: number;
  /** Milliseconds for the search for a caller. Default: 5,000. */
  readonly lookUp?: number;
}

/** Cursors of a reading of all clients begin so. */
const wholeReading = 'all:';

/** The clients of a base as its extension hands them out: all of them, exactly those that changed, and by number or address. */
export function extensionDirectory(parts: ExtensionDirectoryParts): DirectorySource {
  const { client, page: limit = 500, lookUp: timeout = 5000 } = parts;

  async function* pages(from: string, signal: AbortSignal): AsyncGenerator<DirectoryPage & { readonly next: string }> {
    for (let cursor = from, more = true; more; ) {
      const page = await client.clients(cursor, limit, { signal, urgency: 'background' });
      const clients = await sourceClients(page.items, parts, signal);
      yield { clients, removed: page.removed, cursor: page.next, next: page.next };
      // A base that gives the same cursor again would be asked for ever.
      more = page.more && page.next !== cursor;
      cursor = page.next;
    }
  }
  return {
    async *readAll(signal, from) {
      for await (const { clients, removed, next } of pages(from ?? '', signal)) {
        // What changed meanwhile follows the last client; it is read as changes.
        if (next.startsWith(wholeReading)) yield { clients, removed, cursor: null, place: next };
        else {
          yield { clients, removed, cursor: next };
          return;
        }
      }
    },
    async *readChanges(cursor, signal) {
      for await (const { clients, removed, next } of pages(cursor, signal)) yield { clients, removed, cursor: next };
    },
    async lookUp(identifier, signal) {
      const found = await search(client, identifier, { signal, urgency: 'live', timeout });
      return sourceClients(found, parts, signal);
    },
  };
}

function search(
  client: ExtensionDirectoryParts['client'],
  { kind, value }: Identifier,
  call: Parameters<ExtensionClient['byPhone']>[1],
): Promise<readonly RemoteClient[]> {
  switch (kind) {
    case 'phone':
      return client.byPhone(value, call);
    case 'email':
      return client.byEmail(value, call);
    case 'account':
      return Promise.resolve([]);
  }
}

async function sourceClients(
  items: readonly RemoteClient[],
  { managersOf, webUrl }: ExtensionDirectoryParts,
  signal: AbortSignal,
): Promise<readonly SourceClient[]> {
  if (items.length === 0) return [];
  const managers = await managersOf(
    items.flatMap(({ responsible }) => responsible ?? []),
    signal,
  );
  return items.map((one) => ({
    id: one.id,
    name: one.name,
    kind: one.kind,
    responsible: managers.get(one.responsible ?? '') ?? null,
    segment: null,
    url: one.url === null ? null : `${webUrl}#${one.url}`,
    identifiers: identifiersOf(one),
    contacts: one.contacts.map(({ id, name, ...given }) => ({ id, name, identifiers: identifiersOf(given) })),
    deals: one.deals.map(({ id, name, stage }) => ({ id, name, stage, url: null })),
    fields: [],
  }));
}

function identifiersOf({ phones, emails }: Pick<RemoteClient, 'phones' | 'emails'>): readonly Identifier[] {
  return [
    ...phones.map((value) => ({ kind: 'phone', value }) as const),
    ...emails.map((value) => ({ kind: 'email', value }) as const),
  ];
}
