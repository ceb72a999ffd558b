import { type Fields, fields, moment, word } from '../../../runtime/http/fields.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** An event of the portal, whichever way it came: posted to us, or taken from the offline queue. */
export interface PortalEvent {
  /** In capitals, such as `ONEXTERNALCALLSTART`. */
  readonly name: string;
  /** What the portal says about it; unchecked. */
  readonly data: Fields;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Handles a kind of event. The same event may come again, and online events come in any order. A posted event is
 * answered once the handler is done, and the portal never posts it again if the handler rejects.
 */
export type EventHandler = (event: PortalEvent, parts: Bitrix24Parts) => Promise<void>;

/** The event in a posted form; null if it has no name. `now` stands in for a missing time. */
export function eventOf(form: Fields, now: number): PortalEvent | null {
  const name = word(form.event, 100)?.toUpperCase() ?? null;
  return name === null ? null : { name, data: fields(form.data), at: moment(form.ts, 1000, now) };
}
