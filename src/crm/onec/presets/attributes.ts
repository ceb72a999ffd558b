import type { Attribute, Attributes } from './preset.ts';

/** A reference to one kind of object; OData names it `X_Key`. */
export const reference: Attribute = { kind: 'reference', isOptional: false };
/** A reference to one of several kinds of objects; OData has `X` and `X_Type`. */
export const composite: Attribute = { kind: 'composite', isOptional: false };
/** A text. What people wrote is cut to its length. */
export const text: Attribute = { kind: 'text', isOptional: false };
export const flag: Attribute = { kind: 'flag', isOptional: false };
export const date: Attribute = { kind: 'date', isOptional: false };
export const number: Attribute = { kind: 'number', isOptional: false };

/** A text of an id, which can't be cut. */
export function textOf(atLeast: number): Attribute {
  return { kind: 'text', isOptional: false, atLeast };
}

/** The same attribute where it exists. */
export function optional(attribute: Attribute): Attribute {
  return { ...attribute, isOptional: true };
}

/** The attributes that each catalog has. */
export const catalogBase: Attributes = { Description: text, DeletionMark: flag };
