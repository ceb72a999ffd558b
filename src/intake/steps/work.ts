import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';

/** What the steps of one write work with. */
export interface Work {
  readonly tables: Tables;
  readonly settings: WriteSettings;
  /** Managers and lines as they stand in the open transaction. */
  readonly staff: StaffIndex;
  /** When the write is carried out, milliseconds since the epoch. */
  readonly now: number;
}
