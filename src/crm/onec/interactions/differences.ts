import { type Fields, fields, list } from '../../../runtime/http/fields.ts';
import { emptyRef } from '../api/literals.ts';
import { type Told, toldBy } from './told.ts';

/**
 * What of a plan has to be written: attributes that were told otherwise, and that the object does not hold. What
 * people have changed there stays, until the contact itself changes in that. `told` is null if it is uncertain.
 */
export function owedFields(planned: Fields, told: Told | null, present: Fields): Fields {
  const wanted = toldBy(planned);
  const names = Object.keys(planned).filter(
    (name) => told?.[name] !== wanted[name] && !isHeld(present[name], planned[name]),
  );
  // Both parts of a composite attribute go together.
  const whole = new Set(names.flatMap((name) => [name, `${name}_Type`, name.replace(/_Type$/, '')]));
  return Object.fromEntries(Object.entries(planned).filter(([name]) => whole.has(name)));
}

/** Whether anything of a plan was told otherwise. */
export function differs(planned: Fields, told: Told | null): boolean {
  return Object.entries(toldBy(planned)).some(([name, print]) => told?.[name] !== print);
}

/** Whether an attribute holds a value. Rows of a section hold more than we write. */
function isHeld(present: unknown, planned: unknown): boolean {
  if (Array.isArray(planned)) {
    const rows = list(present).map(fields);
    return (
      rows.length === planned.length &&
      planned.every((row, at) => Object.entries(fields(row)).every(([name, value]) => isHeld(rows[at]?.[name], value)))
    );
  }
  return simple(present) === simple(planned);
}

/** A 64-bit number is a text, and the empty reference of a composite attribute may be written in two ways. */
function simple(value: unknown): string {
  return value === emptyRef || value === null || value === undefined ? '' : String(value);
}
