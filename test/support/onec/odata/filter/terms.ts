import type { Properties } from '../../metadata/schema.ts';
import type { Row } from '../../store/values.ts';

/** What a term of a filter is worth for an object. */
export type TermValue = string | number | boolean | Pointed | null;

/** A value of a composite attribute, or a reference with its type. */
export interface Pointed {
  readonly type: string;
  readonly value: string;
}

/** A term whose type is known before any object is read. */
export type Term =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'date' | 'guid'; readonly of: (row: Row) => TermValue }
  /** A composite attribute. */
  | { readonly kind: 'composite'; readonly of: (row: Row) => Pointed }
  /** A reference of a known kind. */
  | { readonly kind: 'reference'; readonly to: string; readonly of: (row: Row) => Pointed };

/** Where the names of a filter are looked up. */
export interface Scope {
  readonly properties: Properties;
  readonly sections: ReadonlyMap<string, Properties>;
  /** The variable of a lambda, which stands for a row of the section. */
  readonly variable: string | null;
}
