import { may, type OnecUser } from '../access.ts';
import { errors } from '../errors.ts';
import type { Infobase } from '../infobase.ts';
import type { Entity } from '../metadata/schema.ts';
import { orderOf } from '../store/key-order.ts';
import { emptyObject, type Row } from '../store/values.ts';
import { FilterCompiler } from './filter/compile.ts';
import { keyBounds } from './filter/keys.ts';
import { type Expression, parseFilter } from './filter/parse.ts';
import type { Term } from './filter/terms.ts';
import type { OrderItem, QueryOptions } from './query-options.ts';

/** A page of a set, and how many objects satisfy the filter if that was asked. */
export interface ReadPage {
  readonly rows: readonly Row[];
  readonly total: number | null;
}

/** Reads objects of a set. */
export class Reader {
  readonly #base: Infobase;
  readonly #user: OnecUser;
  readonly #complain: (text: string) => void;

  constructor(base: Infobase, user: OnecUser, complain: (text: string) => void) {
    this.#base = base;
    this.#user = user;
    this.#complain = complain;
  }

  /** A page, in the order of the database unless another is given. */
  page(entity: Entity, options: QueryOptions): ReadPage {
    this.#allow(entity);
    if (options.skip > 0 && options.orderby.length === 0)
      this.#complain('$skip without $orderby repeats or loses rows');
    const matching = this.#matching(entity, options);
    const sorted = this.#sorted(entity, options.orderby, matching);
    const end = options.top === null ? Number.POSITIVE_INFINITY : options.skip + options.top;
    const rows: Row[] = [];
    let index = 0;
    for (const row of sorted) {
      if (index >= options.skip && index < end) rows.push(row);
      index += 1;
      if (index >= end && !options.countsAll) break;
    }
    return { rows, total: options.countsAll ? index : null };
  }

  /** How many objects satisfy a filter. */
  count(entity: Entity, options: QueryOptions): number {
    this.#allow(entity);
    let count = 0;
    for (const _ of this.#matching(entity, options)) count += 1;
    return count;
  }

  /** One object, or an error. */
  one(entity: Entity, key: string): Row {
    this.#allow(entity);
    const row = this.#base.store(entity.set).get(key);
    if (row === null) {
      if (entity.kind === 'constant') return emptyObject(entity);
      throw errors.instance(entity.set);
    }
    if (this.#user.hides?.(entity.set, row) === true) throw errors.access();
    return row;
  }

  #allow(entity: Entity): void {
    if (!may(this.#user, 'read', entity.set)) throw errors.access();
  }

  *#matching(entity: Entity, { filter, allowedOnly }: QueryOptions): Generator<Row> {
    const expression = filter === null ? null : parseFilter(filter);
    const compiler = new FilterCompiler(this.#base, this.#complain);
    const satisfies = expression === null ? null : compiler.condition(expression, entity);
    for (const row of this.#candidates(entity, expression)) {
      if (satisfies !== null && !satisfies(row)) continue;
      if (this.#user.hides?.(entity.set, row) === true) {
        if (!allowedOnly) throw errors.access();
        continue;
      }
      yield row;
    }
  }

  *#candidates(entity: Entity, expression: Expression | null): Generator<Row> {
    const store = this.#base.store(entity.set);
    const { keys, after } = keyBounds(expression);
    if (keys === null) return yield* store.rows(after);
    for (const key of [...new Set(keys)].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))) {
      const row = store.get(key);
      if (row !== null) yield row;
    }
  }

  #sorted(entity: Entity, orderby: readonly OrderItem[], rows: Iterable<Row>): Iterable<Row> {
    const [first] = orderby;
    if (first === undefined || (first.path === 'Ref_Key' && !first.descending)) return rows;
    const compiler = new FilterCompiler(this.#base, this.#complain);
    const terms = orderby.map(({ path, descending }) => ({
      term: compiler.order(parseFilter(path), entity),
      sign: descending ? -1 : 1,
    }));
    return [...rows].sort((a, b) => {
      for (const { term, sign } of terms) {
        const [left, right] = [sortValue(term, a), sortValue(term, b)];
        if (left !== right) return (left < right ? -1 : 1) * sign;
      }
      return 0;
    });
  }
}

function sortValue(term: Term, row: Row): string | number {
  const value = term.of(row);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object' && value !== null) return orderOf(value.value);
  return term.kind === 'guid' ? orderOf(value ?? '') : (value ?? '');
}
