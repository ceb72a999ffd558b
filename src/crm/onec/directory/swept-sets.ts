import type { Mapping } from '../metadata/mapping.ts';
import type { ClientSet, RelatedSet } from '../presets/preset.ts';
import { clientFilter, clientSets, relatedFilter, relatedSets } from './reading.ts';

/** A set whose changes concern clients. */
export interface SweptSet {
  readonly set: string;
  /** The condition for the objects that count. One that no longer satisfies it is as good as gone. */
  readonly filter: string;
  /** What its objects are: clients, or parts of the clients of these sets. */
  readonly client: ClientSet | null;
  readonly owners: readonly { readonly clients: ClientSet; readonly related: RelatedSet }[];
  /** The sets of clients to which a register ties its objects. */
  readonly linked: readonly ClientSet[];
}

/** The sets to sweep, each once. */
export function sweptSets(mapping: Mapping): readonly SweptSet[] {
  const swept = new Map<string, SweptSet>();
  const add = (one: Pick<SweptSet, 'set' | 'filter'> & Partial<SweptSet>) => {
    const known = swept.get(one.set) ?? { client: null, owners: [], linked: [], ...one };
    swept.set(one.set, {
      ...known,
      client: known.client ?? one.client ?? null,
      owners: [...known.owners, ...(swept.has(one.set) ? (one.owners ?? []) : [])],
      linked: [...known.linked, ...(swept.has(one.set) ? (one.linked ?? []) : [])],
    });
  };
  for (const clients of clientSets(mapping)) {
    add({ set: clients.set, filter: clientFilter(clients), client: clients });
    for (const related of relatedSets(clients, mapping))
      add({ set: related.set, filter: relatedFilter(related), owners: [{ clients, related }] });
    if (clients.links !== undefined) add({ set: clients.links.persons, filter: relatedFilter({}), linked: [clients] });
  }
  return [...swept.values()];
}
