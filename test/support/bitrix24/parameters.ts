import { type Fields, isFields, itemsOf, textOf, type Value } from './values.ts';

/**
 * The parameters of one call. The old methods take their names in any case. A value of a wrong type is read as PHP reads it, and
 * reported as a complaint.
 */
export class Parameters {
  readonly #given: ReadonlyMap<string, Value>;
  readonly #complain: (text: string) => void;
  readonly #exact: boolean;

  constructor(
    given: Fields,
    known: readonly string[],
    { exact = false, complain }: { readonly exact?: boolean; readonly complain: (text: string) => void },
  ) {
    this.#exact = exact;
    this.#complain = complain;
    this.#given = new Map(Object.entries(given).map(([name, value]) => [this.#key(name), value]));
    const names = new Set(known.map((name) => this.#key(name)));
    for (const name of Object.keys(given)) {
      if (!names.has(this.#key(name))) complain(`unknown parameter ${name}`);
    }
  }

  #key(name: string): string {
    return this.#exact ? name : name.toUpperCase();
  }

  /** Reports something that the documentation does not allow. */
  complain(text: string): void {
    this.#complain(text);
  }

  has(name: string): boolean {
    return this.#given.has(this.#key(name));
  }

  raw(name: string): Value | undefined {
    return this.#given.get(this.#key(name));
  }

  /** A text; null if absent or empty. */
  text(name: string): string | null {
    const value = this.raw(name);
    if (value === undefined || value === null || value === '') return null;
    const text = textOf(value);
    if (text === null || typeof value === 'boolean') this.#complain(`${name} should be a string`);
    return text;
  }

  /** An integer; null if absent or empty. */
  integer(name: string): number | null {
    const value = this.raw(name);
    if (value === undefined || value === null || value === '') return null;
    const text = textOf(value);
    if (text === null || !/^-?\d+$/.test(text)) this.#complain(`${name} should be an integer`);
    const read = Number.parseInt(text ?? '', 10);
    return Number.isNaN(read) ? 0 : read;
  }

  /** `0|1`, `Y|N` or a boolean. */
  flag(name: string, absent: boolean): boolean {
    const value = this.raw(name);
    if (value === undefined || value === null || value === '') return absent;
    const isTrue = [1, '1', 'Y', true, 'true'].includes(value as string);
    if (!isTrue && ![0, '0', 'N', false, 'false'].includes(value as string)) this.#complain(`${name} should be 0 or 1`);
    return isTrue;
  }

  /** An object; null if absent. An empty PHP array is an empty object. */
  fields(name: string): Fields | null {
    const value = this.raw(name);
    if (value === undefined || value === null) return null;
    if (isFields(value)) return value;
    if (Array.isArray(value) && value.length === 0) return {};
    this.#complain(`${name} should be an object`);
    return null;
  }

  /** The items of an array; null if absent or not an array. */
  list(name: string): readonly Value[] | null {
    return itemsOf(this.raw(name));
  }
}
