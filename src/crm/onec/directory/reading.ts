import type { Base, CallOptions } from '../api/base.ts';
import { anyOf, encodedLength, guid, longestQuery } from '../api/literals.ts';
import type { Mapping } from '../metadata/mapping.ts';
import { type PageOrder, type PageRow, rowsOf } from '../paging.ts';
import type { ClientSet, RelatedSet } from '../presets/preset.ts';
import type { Users } from '../users/users.ts';
import type { DirectorySettings } from './settings.ts';

/** What is needed to read clients. */
export interface Reading {
  readonly base: Base;
  readonly mapping: Mapping;
  readonly order: PageOrder;
  readonly settings: DirectorySettings;
  readonly users: Users;
  readonly webUrl: string;
  readonly options: CallOptions;
}

/** The section of telephones and addresses. */
export const contactSection = 'КонтактнаяИнформация';

/** Length of what a query has besides its columns and its filter, in bytes, with room to spare. */
const fixedLength = 350;

/** The sets of clients that the base has. */
export function clientSets(mapping: Mapping): readonly ClientSet[] {
  return mapping.preset.clients.filter(({ set }) => mapping.hasSet(set));
}

/** The related sets of a client that the base has. */
export function relatedSets({ related }: ClientSet, mapping: Mapping): readonly RelatedSet[] {
  return related.filter(({ set }) => mapping.hasSet(set));
}

/** The condition for clients that count: not marked for deletion, no folders, and what the preset says. */
export function clientFilter({ hasFolders, only }: ClientSet): string {
  return [
    'DeletionMark eq false',
    ...(hasFolders ? ['IsFolder eq false'] : []),
    ...(only === undefined ? [] : [only]),
  ].join(' and ');
}

/** The condition for related objects that count. */
export function relatedFilter({ only }: Pick<RelatedSet, 'only'>): string {
  return only === undefined ? 'DeletionMark eq false' : `DeletionMark eq false and ${only}`;
}

/** How a read set is limited to what the user may see. */
export function visibility({ settings }: Reading): { readonly allowedOnly?: true } {
  return settings.allowedOnly ? { allowedOnly: true } : {};
}

/** Bytes that remain for a list of conditions beside columns and another filter. */
export function roomFor(select: readonly string[], filter: string): number {
  return Math.max(200, longestQuery - fixedLength - encodedLength(select.join(',')) - encodedLength(filter));
}

/** The objects of some references that satisfy a filter, by reference. Others are missing. */
export async function byKeys(
  reading: Reading,
  set: string,
  keys: Iterable<string>,
  select: readonly string[],
  filter = '',
): Promise<ReadonlyMap<string, PageRow>> {
  const { base, options } = reading;
  const conditions = [...new Set(keys)].map((key) => `Ref_Key eq ${guid(key)}`);
  const found = await Promise.all(
    anyOf(conditions, roomFor(select, filter)).map(async (any) => {
      const query = {
        select: ['Ref_Key', ...select],
        filter: filter === '' ? any : `(${any}) and ${filter}`,
        ...visibility(reading),
      };
      return rowsOf(await base.list(set, query, options));
    }),
  );
  return new Map(found.flat().map((row) => [row.key, row]));
}
