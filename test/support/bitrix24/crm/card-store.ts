import type { GeneratedCards } from '../options.ts';
import { type Fields, itemsOf, textOf, type Value } from '../values.ts';
import { multiFields } from './card-fields.ts';
import { type Condition, order, satisfies } from './filter.ts';

/** The fields of a card, in UPPER_CASE. */
export type Card = Readonly<Record<string, Value>>;

/** The cards of one kind. Generated cards are made when they are read, until somebody changes them. */
export class CardStore {
  readonly #begun: string;
  readonly #generated: GeneratedCards | null;
  readonly #stored = new Map<number, Card>();
  readonly #deleted = new Set<number>();
  readonly #byOrigin = new Map<string, number[]>();
  #byComm: Map<string, number[]> | null = null;
  #byCompany: Map<string, number[]> | null = null;
  #last: number;

  constructor(begun: string, generated: GeneratedCards | null = null) {
    this.#begun = begun;
    this.#generated = generated;
    this.#last = generated?.count ?? 0;
  }

  /** The newest cards, newest first. */
  latest(count: number): readonly Card[] {
    const found: Card[] = [];
    for (let id = this.#last; id > 0 && found.length < count; id -= 1) {
      const card = this.get(id);
      if (card !== null) found.push(card);
    }
    return found;
  }

  get(id: number): Card | null {
    const stored = this.#stored.get(id);
    if (stored !== undefined) return stored;
    const generated = this.#generated;
    if (generated === null || id < 1 || id > generated.count || this.#deleted.has(id)) return null;
    const dates = { DATE_CREATE: this.#begun, DATE_MODIFY: this.#begun };
    return { ...dates, ...withMultiFields(generated.make(id), id), ID: String(id) };
  }

  /** Cards by ascending id. */
  *all(after = 0): Generator<Card> {
    for (let id = Math.max(0, after) + 1; id <= this.#last; id += 1) {
      const card = this.get(id);
      if (card !== null) yield card;
    }
  }

  /** Stores a new card and returns its id. */
  add(fields: Fields): number {
    this.#last += 1;
    this.#put(this.#last, fields);
    return this.#last;
  }

  /** Replaces the fields that are given. */
  update(id: number, fields: Fields): boolean {
    const card = this.get(id);
    if (card === null) return false;
    this.#forget(id, card);
    this.#put(id, { ...card, ...fields });
    return true;
  }

  delete(id: number): boolean {
    const card = this.get(id);
    if (card === null) return false;
    this.#forget(id, card);
    this.#stored.delete(id);
    if (id <= (this.#generated?.count ?? 0)) this.#deleted.add(id);
    return true;
  }

  #put(id: number, fields: Fields): void {
    const card = { ...withMultiFields(fields, id), ID: String(id) };
    this.#stored.set(id, card);
    const origin = textOf(fields.ORIGIN_ID);
    if (origin !== null && origin !== '') addTo(this.#byOrigin, origin, id);
    if (this.#byComm !== null) for (const key of commKeys(card)) addTo(this.#byComm, key, id);
    if (this.#byCompany !== null) for (const company of companiesOf(card)) addTo(this.#byCompany, company, id);
  }

  #forget(id: number, card: Card): void {
    removeFrom(this.#byOrigin, textOf(card.ORIGIN_ID) ?? '', id);
    if (this.#byComm !== null) for (const key of commKeys(card)) removeFrom(this.#byComm, key, id);
    if (this.#byCompany !== null) for (const company of companiesOf(card)) removeFrom(this.#byCompany, company, id);
  }

  /** The ids of contacts of a company, ascending. The first call reads all cards. */
  findByCompany(company: number): readonly number[] {
    this.#byCompany ??= this.#index(companiesOf);
    return ascending(this.#byCompany.get(String(company)) ?? []);
  }

  /** The ids of cards with a phone or an e-mail address, ascending. The first call reads all cards. */
  findByComm(type: 'PHONE' | 'EMAIL', value: string): readonly number[] {
    this.#byComm ??= this.#index(commKeys);
    return ascending(this.#byComm.get(commKey(type, value)) ?? []);
  }

  #index(keysOf: (card: Fields) => readonly string[]): Map<string, number[]> {
    const index = new Map<string, number[]>();
    for (let id = 1; id <= this.#last; id += 1) {
      if (!this.#exists(id)) continue;
      const fields = this.#stored.get(id) ?? this.#generated?.make(id) ?? {};
      for (const key of keysOf(fields)) addTo(index, key, id);
    }
    return index;
  }

  /** Cards that satisfy all conditions, by ascending id, read no further than the caller does. */
  *matching(conditions: readonly Condition[]): Generator<Card> {
    for (const id of this.matchingIds(conditions)) {
      const card = this.get(id);
      if (card !== null) yield card;
    }
  }

  /** Their ids. Cards are made only for conditions on other fields than the id. */
  *matchingIds(conditions: readonly Condition[]): Generator<number> {
    const onId = conditions.filter(({ field }) => field === 'ID');
    const others = conditions.filter(({ field }) => field !== 'ID');
    for (const id of this.#candidates(conditions)) {
      if (!this.#exists(id) || !onId.every((condition) => satisfies(String(id), condition))) continue;
      if (others.length > 0) {
        const card = this.get(id);
        if (card === null || !others.every((condition) => satisfies(card[condition.field], condition))) continue;
      }
      yield id;
    }
  }

  #exists(id: number): boolean {
    return this.#stored.has(id) || (id >= 1 && id <= (this.#generated?.count ?? 0) && !this.#deleted.has(id));
  }

  /** The ids that may match, ascending: as few as the conditions allow. */
  #candidates(conditions: readonly Condition[]): Iterable<number> {
    const isExact = ({ operator }: Condition) => ['', '=', '@'].includes(operator);
    const ids = conditions.find((condition) => condition.field === 'ID' && isExact(condition));
    if (ids !== undefined) return ascending(ids.values.map(Number));
    const origins = conditions.find((condition) => condition.field === 'ORIGIN_ID' && isExact(condition));
    if (origins !== undefined && this.#generated === null)
      return ascending(origins.values.flatMap((value) => [...(this.#byOrigin.get(value) ?? [])]));
    const changed = conditions.find(({ field, operator }) => field === 'DATE_MODIFY' && operator.startsWith('>'));
    if (changed !== undefined && order(this.#begun, changed.values[0] ?? '') < 0)
      return ascending([...this.#stored.keys()]);
    const bound = (sign: '>' | '<') =>
      conditions
        .filter(({ field, operator }) => field === 'ID' && (operator === sign || operator === `${sign}=`))
        .map(({ values }) => Number(values[0] ?? 0) || 0);
    return range(Math.max(1, ...bound('>')), Math.min(this.#last, ...bound('<')));
  }
}

function ascending(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

function* range(from: number, to: number): Generator<number> {
  for (let id = from; id <= to; id += 1) yield id;
}

function addTo(index: Map<string, number[]>, key: string, id: number): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, [id]);
  else if (!ids.includes(id)) ids.push(id);
}

function removeFrom(index: Map<string, number[]>, key: string, id: number): void {
  const left = index.get(key)?.filter((one) => one !== id) ?? [];
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}

/** The companies of a contact, the main one first. */
export function companiesOf(card: Fields): readonly string[] {
  const ids = [card.COMPANY_ID, ...(itemsOf(card.COMPANY_IDS) ?? [])].map((id) => textOf(id) ?? '');
  return [...new Set(ids.filter((id) => id !== '' && id !== '0'))];
}

function commKeys(card: Fields): readonly string[] {
  const keys: string[] = [];
  for (const type of ['PHONE', 'EMAIL'] as const) {
    for (const item of itemsOf(card[type]) ?? [])
      keys.push(commKey(type, textOf(typeof item === 'string' ? item : (item as Fields).VALUE) ?? ''));
  }
  return keys;
}

function commKey(type: 'PHONE' | 'EMAIL', value: string): string {
  return `${type} ${type === 'EMAIL' ? value.trim().toLowerCase() : phoneKey(value)}`;
}

/** The digits of a phone without its extension. A Russian number is the same with 8, 7 and +7. */
export function phoneKey(phone: string): string {
  const digits = (phone.split(/[;#,]|доб|ext/i)[0] ?? '').replace(/\D/g, '');
  return digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
}

/** Completes the items of fields that hold several values. */
function withMultiFields(fields: Fields, id: number): Fields {
  const completed = multiFields.flatMap((field, at) => {
    const items = itemsOf(fields[field]);
    if (items === null) return [];
    const rows = items.map((item, index) => {
      const { ID, VALUE, VALUE_TYPE } = (typeof item === 'string' ? { VALUE: item } : item) as Fields;
      return {
        ID: textOf(ID) ?? String(id * 100 + at * 20 + index),
        VALUE_TYPE: textOf(VALUE_TYPE) ?? 'WORK',
        VALUE: textOf(VALUE) ?? '',
        TYPE_ID: field,
      };
    });
    return [[field, rows.filter(({ VALUE }) => VALUE !== '')] as const];
  });
  return { ...fields, ...Object.fromEntries(completed) };
}
