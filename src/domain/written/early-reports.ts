import type { EventKey } from '../base/ids.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { deletedAt, reduceReport } from './reduce-written.ts';
import type { WrittenDeletion, WrittenReport } from './written-contact.ts';

/** Reports of keys that nobody knows yet are forgotten after this, in milliseconds. */
export const pendingReportLife = 3 * 86_400_000;

/** Under what a deletion is kept that came before its message; reports of the same message have another place. */
export function deletionKey(key: EventKey): EventKey {
  return `${key} deleted` as EventKey;
}

/** An interaction after what was told of it before it came, if that says anything new; the revision stays. */
export function withTold(interaction: Interaction, told: WrittenReport | WrittenDeletion): Interaction {
  const next = told.kind === 'report' ? reduceReport(interaction, told) : deletedAt(interaction, told.at);
  return next === null ? interaction : { ...next, revision: interaction.revision };
}
