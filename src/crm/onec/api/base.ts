import type { Fields } from '../../../runtime/http/fields.ts';
import type { Urgency } from '../../shared/budget.ts';

/** How a request is made. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Time limit of the request in milliseconds; by default the configured one. */
  readonly timeout?: number;
  /** `live` goes before `usual`, which goes before `background`. `usual` by default. */
  readonly urgency?: Urgency;
}

/** What is read of a set. Texts are as 1C writes them; the client encodes them. */
export interface ListQuery {
  readonly select: readonly string[];
  readonly filter?: string;
  readonly orderby?: string;
  readonly top?: number;
  readonly skip?: number;
  /** Whether rows that the user may not see are left out; otherwise they fail the request. */
  readonly allowedOnly?: boolean;
}

/**
 * The key of an object, which is its reference, or of a record of a register: literals (`literals.ts`) by dimension.
 * A composite dimension has two, both of texts: `X` and `X_Type`.
 */
export type Key = string | Readonly<Record<string, string>>;

/**
 * An infobase by its standard OData interface. All methods reject with a ServiceError, whose `code` is 1C's own.
 * Sets are named as in the metadata: `Catalog_Партнеры`.
 */
export interface Base {
  /** A page of a set. */
  list(set: string, query: ListQuery, options: CallOptions): Promise<readonly Fields[]>;
  /** How many objects satisfy a filter. */
  count(set: string, query: Pick<ListQuery, 'filter' | 'allowedOnly'>, options: CallOptions): Promise<number>;
  /** An object or a record, or null if the base certainly does not have it. Without names in `select`, all of it. */
  read(set: string, key: Key, select: readonly string[], options: CallOptions): Promise<Fields | null>;
  /** Creates an object, and resolves to it as 1C has stored it. A `Ref_Key` that exists already is code 15. */
  create(set: string, fields: Fields, options: CallOptions): Promise<Fields>;
  /**
   * Changes attributes of an object or a record. A tabular section is replaced as a whole. With `version`, its
   * `DataVersion`, it is refused for now if somebody has changed the object since; some bases ignore that.
   */
  update(set: string, key: Key, changes: Fields, options: CallOptions & { readonly version?: string }): Promise<Fields>;
}
