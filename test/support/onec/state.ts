import type { Row } from './store/values.ts';

/** A letter or a text message that 1C's scheduled jobs have sent. */
export interface Sent {
  readonly document: string;
  readonly key: string;
  readonly to: readonly string[];
}

/** What the base knows about its use, beside its objects. */
export class OnecState {
  /** What 1C itself has sent to clients. A recorder of letters and messages must leave it empty. */
  readonly sent: Sent[] = [];
  /** Text messages whose delivery a scheduled job asks the provider about, by key. */
  readonly polled: string[] = [];
  /** What a careful client never does, as `POST Document_…: complaint`. */
  readonly complaints: string[] = [];
  /** How often each kind of request came, as `GET Catalog_Партнеры`. */
  readonly counts = new Map<string, number>();
  /** Requests by session that was started by `IBSession`; all others together under `single`. */
  readonly requestsOf = new Map<string, number>();
  /** The most sessions that were open at once. */
  highestSessions = 0;
  /** Requests that found no free session. */
  refusedSessions = 0;
  /** All writes over OData, oldest first. */
  readonly writes: { readonly method: string; readonly set: string; readonly key: string; readonly row: Row }[] = [];
}
