import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parseJson } from '../../runtime/http/fields.ts';

const Cursor = Type.Union([Type.String(), Type.Null()]);

/**
 * How far a source has been read. `fullAt` is the start of the last complete reading, `reading` an interrupted one, and
 * `checked` the client up to which the known ones were compared with the source.
 */
const Place = Type.Object({
  cursor: Cursor,
  fullAt: Type.Number(),
  reading: Type.Optional(Type.Object({ at: Type.Number(), place: Type.String(), cursor: Cursor })),
  checked: Type.Optional(Type.String()),
});

/** A validated place. */
export type Place = Static<typeof Place>;

/** Reads a stored place; null if there is none. */
export function parsePlace(stored: string | null): Place | null {
  const place = stored === null ? null : parseJson(stored);
  return Value.Check(Place, place) ? place : null;
}
