import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';

/** Context of the steps of one write. */
export interface Work {
  readonly tables: Tables;
  readonly settings: WriteSettings;
  /** Managers and lines as of the open transaction. */
  readonly staff: StaffIndex;
  /** Time of the write, milliseconds since the epoch. */
  readonly now: number;
}
