import type { EventKey } from '../base/ids.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { deletedAt, reduceReport } from './reduce-written.ts';
import type { WrittenDeletion, WrittenReport } from './written-contact.ts';

/** Milliseconds for which reports of unknown keys are kept. */
export const pendingReportLife = 3 * 86_400_000;

/** The key of a deletion that came before its message; reports have another key. */
export function deletionKey(key: EventKey): EventKey {
  return `${key} deleted` as EventKey;
}

/** An interaction after an early report or deletion. The revision does not change. */
export function withEarlyReport(interaction: Interaction, told: WrittenReport | WrittenDeletion): Interaction {
  const next = told.kind === 'report' ? reduceReport(interaction, told) : deletedAt(interaction, told.at);
  return next === null ? interaction : { ...next, revision: interaction.revision };
}
