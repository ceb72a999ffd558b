import { clientRef } from '../call/reduce-call.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { type MatchDecision, matchAt } from './match.ts';
import type { StaffIndex } from './staff-index.ts';

/** Maximum interactions re-matched in one write, so that a switchboard's number does not stall the writer. The rest waits in `relinks`. */
export const maxRematched = 500;

/** The last processed interaction of an identifier. They are re-matched from the newest to the oldest. */
export interface RelinkPlace {
  /** RFC 3339. */
  readonly startedAt: string;
  readonly id: string;
}

/** The start, before the newest interaction. */
export const newest: RelinkPlace = { startedAt: '9', id: '' };

/** A comparable form of the match. Names are left out, because their changes need not be sent to the CRM they come from. */
function verdict(
  { outcome, candidates }: Pick<MatchDecision, 'outcome' | 'candidates'>,
  { client, contact }: { readonly client: { readonly id: string } | null; readonly contact: Named | null },
): string {
  const others = candidates.map((candidate) => `${candidate.client.id} ${candidate.contact?.id ?? ''}`).sort();
  return JSON.stringify([outcome, client?.id, contact?.id, others]);
}

/** The interaction with a new match, or null if nothing changes. */
export function rematched(
  before: Interaction,
  match: MatchDecision,
  staff: StaffIndex,
  now: number,
): Interaction | null {
  if (verdict(match, match) === verdict(before.match, before)) return null;
  return {
    ...before,
    client: match.client === null ? null : clientRef(match.client),
    contact: match.contact,
    match: matchAt(match, new Date(now).toISOString()),
    responsible: before.responsible ?? namedRef(staff.byId(match.client?.responsible ?? null)),
    revision: before.revision + 1,
  };
}
