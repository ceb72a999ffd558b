import type { CallTable } from './call-table.ts';
import type { CallTrackerOptions, LiveCall } from './model.ts';

/** Context of the event handlers. */
export interface Tracking {
  readonly table: CallTable;
  readonly options: CallTrackerOptions;
  /** Reports a call if it has changed. */
  flush(call: LiveCall | null, at: number): void;
}
