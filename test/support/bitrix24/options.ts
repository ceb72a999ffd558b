import type { Clock } from '../../../src/runtime/clock.ts';
import type { Scope } from './method.ts';
import type { PortalUser } from './state.ts';
import type { Fields } from './values.ts';

/** A local application. */
export interface AppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly Scope[];
  readonly redirectUri?: string;
  /** Who installs it. Default: the first administrator. */
  readonly userId?: number;
  readonly name?: string;
}

/** An inbound webhook. */
export interface WebhookOptions {
  readonly userId: number;
  readonly secret: string;
  readonly scopes: readonly Scope[];
}

/** Cards that are made when they are read, so that a portal can hold many. */
export interface GeneratedCards {
  /** Their ids are 1 … count. */
  readonly count: number;
  /** The fields of a card in UPPER_CASE, without ID and dates. */
  readonly make: (id: number) => Fields;
}

/** How a portal is set up. */
export interface PortalOptions {
  readonly clock?: Clock;
  readonly users?: readonly PortalUser[];
  readonly app?: AppOptions;
  readonly webhooks?: readonly WebhookOptions[];
  /** False: the portal works in the mode without leads. */
  readonly leads?: boolean;
  readonly contacts?: GeneratedCards;
  /** The lines of the Open Lines. Default: one. */
  readonly openLines?: readonly { readonly id: number; readonly name: string }[];
  /**
   * True: a message that `imconnector.send.messages` shows as a user's is also reported as an operator's. The documentation excludes
   * it, the server's code does not. Default: false.
   */
  readonly echoesOwnMessages?: boolean;
  /** The leaky bucket; `off` for benches and boxes. Default: drains 2 a second, holds 50. */
  readonly rate?: 'off' | { readonly drain: number; readonly size: number };
  /** False: the OAuth server refuses to renew tokens that have not expired, as some people report. Default: true. */
  readonly earlyRefresh?: boolean;
  /** Seconds of work that a call of a method costs, and the limit within ten minutes. Default: nothing, 480. */
  readonly operating?: { readonly cost?: (method: string) => number; readonly limit?: number };
  /** Whether register, finish and the external lines refuse an inbound webhook. Default: true. */
  readonly webhookCallsRefused?: boolean;
  /** `basic`: a plan without named queues of offline events and without reservations. Default: `full`. */
  readonly plan?: 'basic' | 'full';
  /** Offset of the portal's times. Default: `+03:00`. */
  readonly offset?: string;
  /** A fixed port. Default: any free one. */
  readonly port?: number;
  /** Over TLS, with the certificate of the tests' own authority. */
  readonly secure?: boolean;
  /** False: requests are not kept, for long runs. Default: true. */
  readonly keepRequests?: boolean;
}
