import type { EventKey } from '../base/ids.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { deletedAt } from './message-content.ts';
import { reduceReport } from './reduce-written.ts';
import type { WrittenDeletion, WrittenReport } from './written-contact.ts';

/** Milliseconds for which reports of unknown keys are kept. */
export const pendingReportLife = 3 * 86_400_000;

/** The key under which a deletion is kept that arrived before its message. Reports have a different key. */
export function deletionKey(key: EventKey): EventKey {
  return `${key} deleted` as EventKey;
}

/** Applies a report or deletion that arrived before its interaction. The revision does not change. */
export function withEarlyReport(interaction: Interaction, event: WrittenReport | WrittenDeletion): Interaction {
  const next = event.kind === 'report' ? reduceReport(interaction, event) : deletedAt(interaction, event.at, event.key);
  return next === null ? interaction : { ...next, revision: interaction.revision };
}
