import type { Entity } from '../metadata/schema.ts';
import { generatedKey, generatedNumber, orderOf } from './key-order.ts';
import type { Row } from './values.ts';

/** Objects that are made when they are read, so that a base can hold many. */
export interface Generated {
  readonly count: number;
  /** The whole object of number 1 … count, under its key. */
  readonly make: (n: number, key: string) => Row;
}

/** The objects of one entity set, in the order of the database. */
export class EntityStore {
  readonly #entity: Entity;
  readonly #generated: Generated;
  readonly #rows = new Map<string, Row>();
  #sorted: readonly { readonly order: string; readonly key: string }[] | null = null;

  constructor(entity: Entity, generated: Generated | null = null) {
    this.#entity = entity;
    this.#generated = generated ?? { count: 0, make: () => ({}) };
  }

  /** The key of a row: its reference, or the dimensions of a record. */
  keyOf(row: Row): string {
    const { key } = this.#entity;
    return key.length === 1 ? String(row[key[0] ?? '']) : JSON.stringify(key.map((name) => row[name]));
  }

  get(key: string): Row | null {
    const stored = this.#rows.get(key);
    if (stored !== undefined) return stored;
    const n = this.#generatedNumber(key);
    return n === null ? null : this.#made(n);
  }

  put(row: Row): void {
    const key = this.keyOf(row);
    if (!this.#rows.has(key)) this.#sorted = null;
    this.#rows.set(key, row);
  }

  /** Removes a record; objects are only ever marked. */
  remove(key: string): void {
    this.#rows.delete(key);
    this.#sorted = null;
  }

  /** All objects after a key, in the order of the database. */
  *rows(after: string | null = null): Generator<Row> {
    const bound = after === null ? '' : orderOf(after);
    const own = this.#ownKeys();
    let next = own.findIndex(({ order }) => order > bound);
    if (next === -1) next = own.length;
    for (let n = this.#firstAfter(bound); n <= this.#generated.count; n += 1) {
      const key = generatedKey(this.#entity.set, n);
      const order = next < own.length ? orderOf(key) : '';
      for (; next < own.length && (own[next]?.order ?? '') < order; next += 1) {
        const row = this.get(own[next]?.key ?? '');
        if (row !== null) yield row;
      }
      yield this.#rows.get(key) ?? this.#made(n);
    }
    for (; next < own.length; next += 1) {
      const row = this.get(own[next]?.key ?? '');
      if (row !== null) yield row;
    }
  }

  get size(): number {
    return this.#generated.count + this.#ownKeys().length;
  }

  #made(n: number): Row {
    return this.#generated.make(n, generatedKey(this.#entity.set, n));
  }

  #generatedNumber(key: string): number | null {
    if (this.#generated.count === 0) return null;
    const n = generatedNumber(this.#entity.set, key);
    return n !== null && n >= 1 && n <= this.#generated.count ? n : null;
  }

  #ownKeys(): readonly { readonly order: string; readonly key: string }[] {
    this.#sorted ??= [...this.#rows.keys()]
      .filter((key) => this.#generatedNumber(key) === null)
      .map((key) => ({ key, order: key.includes('"') ? key : orderOf(key) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1));
    return this.#sorted;
  }

  /** The first generated object after a place in the order. */
  #firstAfter(bound: string): number {
    let low = 1;
    let high = this.#generated.count + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (orderOf(generatedKey(this.#entity.set, middle)) > bound) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
