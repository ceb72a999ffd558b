import type { PortalCore } from './core.ts';
import type { Parameters } from './parameters.ts';
import type { PortalUser } from './state.ts';

/** A permission of an application or a webhook. */
export type Scope =
  | 'basic'
  | 'crm'
  | 'telephony'
  | 'call'
  | 'user'
  | 'user_brief'
  | 'user_basic'
  | 'placement'
  | 'imopenlines'
  | 'imconnector'
  | 'im';

/** How a request proved who it is. */
export interface Authority {
  readonly user: PortalUser;
  readonly scopes: ReadonlySet<Scope>;
  /** The application's client id; null for an inbound webhook. */
  readonly app: string | null;
  /** Separates what belongs to one application or one webhook. */
  readonly source: string;
}

/** One call of a method. */
export interface Call {
  readonly core: PortalCore;
  readonly parameters: Parameters;
  readonly authority: Authority;
}

/** A page of a list. */
export class Page {
  readonly rows: unknown;
  readonly total: number | null;
  readonly next: number | null;

  constructor(rows: unknown, total: number | null, next: number | null) {
    this.rows = rows;
    this.total = total;
    this.next = next;
  }
}

/** A method of the REST API. */
export interface Method {
  /** As the documentation spells it; callers may use any case. */
  readonly name: string;
  /** The permissions that allow it; any one suffices. */
  readonly scopes: readonly Scope[];
  /** Refuses inbound webhooks. */
  readonly appOnly?: boolean;
  readonly parameters: readonly string[];
  /** New methods bind parameters by their exact names. */
  readonly exact?: boolean;
  readonly run: (call: Call) => unknown;
}
