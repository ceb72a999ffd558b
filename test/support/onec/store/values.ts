import type { Entity, Properties, Property } from '../metadata/schema.ts';

/** A value as OData's JSON carries it. */
export type Value = string | number | boolean | null | readonly Row[];

/** An object, a record of a register, or a row of a tabular section, by property. */
export interface Row {
  readonly [property: string]: Value;
}

/** The empty reference. */
export const emptyRef = '00000000-0000-0000-0000-000000000000';

/** The empty date. */
export const emptyDate = '0001-01-01T00:00:00';

/** The type of a composite attribute that holds nothing. */
export const undefinedType = 'StandardODATA.Undefined';

/** The type of a composite attribute that holds a text. */
export const textType = 'Edm.String';

/** How `_Type` names an object's kind. */
export function typeNameOf(set: string): string {
  return `StandardODATA.${set}`;
}

/** The entity set that `_Type` names; null for no reference. */
export function setOfType(type: Value | undefined): string | null {
  return typeof type === 'string' && type.startsWith('StandardODATA.') && type !== undefinedType
    ? type.slice('StandardODATA.'.length)
    : null;
}

/** A reference, as far as a value is one that is filled in. */
export function textIn(row: Row | null, property: string): string {
  const value = row?.[property];
  return typeof value === 'string' ? value : '';
}

/** The rows of a tabular section. */
export function rowsIn(row: Row | null, section: string): readonly Row[] {
  const value = row?.[section];
  return Array.isArray(value) ? value : [];
}

/** What an attribute holds before anybody fills it in. */
export function emptyValue({ attribute, part }: Property): Value {
  switch (attribute.kind) {
    case 'boolean':
      return false;
    case 'date':
      return emptyDate;
    case 'integer':
      return attribute.edm === 'Edm.Int64' ? '0' : 0;
    case 'number':
      return 0;
    case 'guid':
    case 'reference':
      return emptyRef;
    case 'composite':
      return part === 'type' ? undefinedType : '';
    case 'string':
    case 'enum':
    case 'storage':
      return '';
  }
}

/** An object with nothing filled in. */
export function emptyObject({ properties, sections }: Pick<Entity, 'properties' | 'sections'>): Row {
  return { ...emptyRow(properties), ...Object.fromEntries([...sections.keys()].map((name) => [name, []])) };
}

/** A row of a section with nothing filled in. */
export function emptyRow(properties: Properties): Row {
  const known = emptyRows.get(properties);
  if (known !== undefined) return known;
  const made = Object.fromEntries(properties.list.map((property) => [property.name, emptyValue(property)]));
  emptyRows.set(properties, made);
  return made;
}

const emptyRows = new WeakMap<Properties, Row>();
