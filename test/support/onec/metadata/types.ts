/** The type of an attribute, as 1C's designer names it. */
export type AttributeType =
  | { readonly kind: 'string'; readonly maxLength: number | null }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'date' }
  /** `Edm.Int64` travels as a JSON string. */
  | { readonly kind: 'integer'; readonly edm: 'Edm.Int16' | 'Edm.Int32' | 'Edm.Int64' }
  | { readonly kind: 'number' }
  | { readonly kind: 'guid' }
  /** A value storage: base64 and its type. */
  | { readonly kind: 'storage' }
  /** `values` is null where no source names them. */
  | { readonly kind: 'enum'; readonly name: string; readonly values: readonly string[] | null }
  | { readonly kind: 'reference'; readonly to: string }
  /** `text`: a string is allowed as well. */
  | { readonly kind: 'composite'; readonly to: readonly string[]; readonly text: boolean };

/** An attribute. `required`: 1C's forms insist that it is filled in. */
export type Attribute = AttributeType & { readonly required?: boolean };

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** A string; without a length it is unlimited. */
export function text(maxLength: number | null = null): Attribute {
  return { kind: 'string', maxLength };
}

/** Булево. */
export const flag: Attribute = { kind: 'boolean' };
/** Дата: a local time without a zone. */
export const date: Attribute = { kind: 'date' };
/** Число with a fraction, or one that may have it. */
export const decimal: Attribute = { kind: 'number' };
/** УникальныйИдентификатор. */
export const guid: Attribute = { kind: 'guid' };
/** ХранилищеЗначения. */
export const storage: Attribute = { kind: 'storage' };
/** A small whole number. */
export const short: Attribute = { kind: 'integer', edm: 'Edm.Int16' };
/** A whole number that may need 64 bits. */
export const long: Attribute = { kind: 'integer', edm: 'Edm.Int64' };

/** An enumeration, with its values where they are known. */
export function oneOf(name: string, values: readonly string[] | null = null): Attribute {
  return { kind: 'enum', name, values };
}

/** A reference to one kind of object. */
export function ref(to: string): Attribute {
  return { kind: 'reference', to };
}

/** A reference to one of several kinds. */
export function anyOf(to: readonly string[], { text: allowsText = false } = {}): Attribute {
  return { kind: 'composite', to, text: allowsText };
}

/** The same attribute, which 1C's forms insist on. */
export function required(attribute: Attribute): Attribute {
  return { ...attribute, required: true };
}
