import { errors } from '../errors.ts';
import type { Infobase } from '../infobase.ts';
import type { Entity, Properties, Property } from '../metadata/schema.ts';
import {
  emptyObject,
  emptyRef,
  emptyRow,
  emptyValue,
  type Row,
  setOfType,
  textIn,
  textType,
  undefinedType,
  type Value,
} from '../store/values.ts';
import { checkedGuid, checkedText, checkedValue } from './check-value.ts';

/** What 1C fills in itself. */
const readOnly = ['DataVersion', 'Predefined', 'PredefinedDataName'];

/** Names that OData itself adds to an object. */
const isAnnotation = (name: string): boolean =>
  name.startsWith('odata.') || (name.includes('@') && !name.endsWith('@odata.bind'));

/** A JSON object of a request. */
export interface Given {
  readonly [name: string]: unknown;
}

/** Takes over what a request writes, and refuses what 1C would refuse. */
export class Writer {
  readonly #base: Infobase;
  readonly #complain: (text: string) => void;

  constructor(base: Infobase, complain: (text: string) => void) {
    this.#base = base;
    this.#complain = complain;
  }

  /** A new object or record. */
  create(entity: Entity, given: Given): Row {
    const key = this.#givenKey(entity, given);
    const row = this.#filled(entity, given, this.#base.draft(entity, key ?? undefined));
    if (this.#base.store(entity.set).get(this.#base.store(entity.set).keyOf(row)) !== null) throw errors.exists();
    this.#checkRequired(entity, row);
    return this.#base.write(entity, row);
  }

  /** PATCH: what is not given stays. */
  update(entity: Entity, existing: Row, given: Given): Row {
    this.#sameKey(entity, existing, given);
    return this.#base.write(entity, this.#filled(entity, given, existing));
  }

  /** PUT: everything must be given. */
  replace(entity: Entity, existing: Row, given: Given): Row {
    this.#sameKey(entity, existing, given);
    const missing = entity.properties.list.find(
      ({ name, base, part }) =>
        !(name in given) &&
        !(`${base}@odata.bind` in given) &&
        part === 'value' &&
        !readOnly.includes(name) &&
        !entity.key.includes(name),
    );
    if (missing !== undefined) throw errors.missing(missing.name);
    const standing = Object.fromEntries(
      ['Ref_Key', 'DataVersion', ...entity.key].flatMap((name) =>
        name in existing ? [[name, existing[name] as Value]] : [],
      ),
    );
    return this.#base.write(entity, this.#filled(entity, given, { ...emptyObject(entity), ...standing }));
  }

  #givenKey(entity: Entity, given: Given): string | null {
    const own = given.Ref_Key;
    if (own === undefined || entity.kind === 'register' || this.#base.options.ownKeys === 'ignored') return null;
    const key = checkedGuid('Ref_Key', own);
    return key === emptyRef ? null : key;
  }

  #sameKey({ key }: Entity, existing: Row, given: Given): void {
    for (const name of key)
      if (name in given && given[name] !== existing[name]) this.#complain(`${name} cannot be changed`);
  }

  #filled(entity: Entity, given: Given, start: Row): Row {
    const isObject = entity.kind !== 'register';
    const filled: Record<string, Value> = {
      ...this.#values(entity.properties, given, start, entity.sections, isObject ? 'Ref_Key' : ''),
    };
    for (const [name, columns] of entity.sections) {
      if (given[name] === undefined) continue;
      filled[name] = this.#section(name, columns, given[name]);
    }
    if (filled.Posted === true) throw errors.raised('Проведение документа запрещено');
    return filled;
  }

  /** The whole section: whatever is not given is gone. */
  #section(name: string, columns: Properties, given: unknown): readonly Row[] {
    if (!Array.isArray(given)) throw errors.value(name);
    return given.map((row: unknown, index) => {
      if (!isGiven(row)) throw errors.value(name);
      // Reported: rows without a number fail with an internal error.
      if (row.LineNumber === undefined) throw errors.internal();
      if (Number(row.LineNumber) !== index + 1)
        this.#complain(`${name}: LineNumber ${String(row.LineNumber)} in row ${index + 1}`);
      return this.#values(columns, row, emptyRow(columns), new Map(), 'Ref_Key', 'LineNumber');
    });
  }

  #values(
    { list, byName }: Properties,
    given: Given,
    start: Row,
    sections: ReadonlyMap<string, unknown>,
    ...ignored: readonly string[]
  ): Row {
    const values: Record<string, Value> = { ...start };
    for (const [name, value] of Object.entries(given)) {
      if (isAnnotation(name) || sections.has(name) || ignored.includes(name)) continue;
      if (name.endsWith('@odata.bind')) {
        const property = list.find(({ base }) => base === name.slice(0, -'@odata.bind'.length));
        if (property?.attribute.kind === 'reference') values[property.name] = this.#bound(property, value);
        else this.#complain(`unknown property ${name}`);
        continue;
      }
      const property = byName.get(name);
      if (property === undefined) this.#complain(`unknown property ${name}`);
      else if (readOnly.includes(name)) {
        if (value !== start[name]) this.#complain(`${name} is filled in by 1C`);
      } else if (property.attribute.kind !== 'composite') values[name] = this.#checked(property, value);
      else if (property.part === 'value' || !(property.base in given))
        Object.assign(values, this.#composite(property, given[property.base], given[`${property.base}_Type`]));
    }
    return values;
  }

  #checked(property: Property, given: unknown): Value {
    const value = checkedValue(property, given);
    if (property.attribute.kind === 'reference') this.#checkExists(property.attribute.to, String(value), property.name);
    return value;
  }

  #bound(property: Property, given: unknown): Value {
    const [, set, key] = /([^/]+)\(guid'([0-9a-f-]+)'\)$/iu.exec(String(given)) ?? [];
    const to = property.attribute.kind === 'reference' ? property.attribute.to : '';
    if (set === undefined || key === undefined || decodeURIComponent(set) !== to) throw errors.assign(property.base);
    return this.#checked(property, key);
  }

  /** A value and its type, which only mean something together. */
  #composite({ base, attribute }: Property, value: unknown, type: unknown): Row {
    if (attribute.kind !== 'composite' || typeof type !== 'string') throw errors.assign(`${base}_Type`);
    const typeName = `${base}_Type`;
    if (type === undefinedType || type === '') return { [base]: '', [typeName]: undefinedType };
    if (type === textType) {
      if (!attribute.text) throw errors.assign(base);
      return { [base]: checkedText(base, value, null), [typeName]: type };
    }
    const set = setOfType(type);
    if (set === null || !attribute.to.includes(set)) throw errors.assign(`${base}: ${type}`);
    const key = checkedGuid(base, value);
    this.#checkExists(set, key, base);
    return { [base]: key, [typeName]: type };
  }

  /** 1C stores a reference to nothing and shows «Объект не найден». */
  #checkExists(set: string, key: string, name: string): void {
    if (key !== emptyRef && this.#base.schema.has(set) && this.#base.find(set, key) === null)
      this.#complain(`${name}: ${set} has no ${key}`);
  }

  #checkRequired({ properties, kind }: Entity, row: Row): void {
    if (this.#base.options.required !== 'refused' || kind === 'register') return;
    const empty = properties.list.find(
      (property) =>
        property.attribute.required === true &&
        property.part === 'value' &&
        row[property.name] === emptyValue(property),
    );
    if (empty !== undefined) throw errors.raised(`Поле "${empty.base}" не заполнено`);
  }
}

/** Whether a value is a JSON object. */
export function isGiven(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The key of a row for messages and the log of writes. */
export function keyTextOf(entity: Entity, row: Row): string {
  return entity.key.map((name) => textIn(row, name)).join(' ');
}
