import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DirectoryPage } from '../../../domain/directory/directory-source.ts';
import { parseJson } from '../../../runtime/http/fields.ts';
import { emptyRef } from '../api/literals.ts';
import { type PagePlace, readPage } from '../paging.ts';
import { clientSelect, clientsOf } from './clients.ts';
import { clientFilter, clientSets, type Reading, visibility } from './reading.ts';
import type { KeyRange } from './related.ts';

/** Where a full reading stopped: in which set, and after which page. */
const Position = Type.Object({
  set: Type.String(),
  place: Type.Union([Type.Object({ after: Type.String() }), Type.Object({ skip: Type.Number() }), Type.Null()]),
  read: Type.Number(),
});
type Position = Static<typeof Position>;

/** Reads all clients, page by page in the order of references. It can go on after an interruption. */
export async function* readAll(from: string | null, reading: Reading): AsyncGenerator<DirectoryPage> {
  const { base, mapping, order, settings, options } = reading;
  const sets = clientSets(mapping);
  let position = positionOf(from, reading);
  const counts = await Promise.all(
    sets.map((one) => base.count(one.set, { filter: clientFilter(one), ...visibility(reading) }, options)),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const begin = Math.max(
    0,
    sets.findIndex(({ set }) => set === position?.set),
  );
  for (const clients of sets.slice(begin)) {
    const { set } = clients;
    let place: PagePlace = position?.set === set ? position.place : null;
    const query = {
      select: clientSelect(clients, mapping),
      filter: clientFilter(clients),
      top: settings.page,
      ...visibility(reading),
    };
    for (;;) {
      const { rows, next } = await readPage(base, set, query, order, place, options);
      if (next === null) break;
      const found = await clientsOf(reading, clients, rows, rangeOf(place, next));
      const read: number = (position?.read ?? 0) + rows.length;
      place = next;
      position = { set, place, read };
      yield {
        clients: found,
        removed: [],
        cursor: null,
        place: JSON.stringify(position),
        progress: { read, total: Math.max(total, read) },
      };
    }
  }
}

/** The references that a page spans, if references can be compared. */
function rangeOf(place: PagePlace, next: PagePlace): KeyRange | null {
  if (next === null || !('after' in next)) return null;
  return { after: place !== null && 'after' in place ? place.after : emptyRef, last: next.after };
}

/** The stored position, unless it is of another preset or order. */
function positionOf(text: string | null, { mapping, order }: Reading): Position | null {
  const position = text === null ? null : parseJson(text);
  if (!Value.Check(Position, position)) return null;
  const isSameOrder = position.place === null || ('after' in position.place ? 'key' : 'skip') === order;
  return isSameOrder && clientSets(mapping).some(({ set }) => set === position.set) ? position : null;
}
