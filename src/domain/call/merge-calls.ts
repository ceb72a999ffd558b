import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type CallContext, reduceCall } from './reduce-call.ts';

/**
 * Copies human decisions (notes, outcome, choice of a client) from interactions that proved to be parts of this one. Its own
 * decisions take precedence. Returns the same object if nothing changes.
 */
function withDecisionsOf(survivor: Interaction, others: readonly Interaction[]): Interaction {
  if (others.length === 0) return survivor;
  const all = [survivor, ...others];
  const first = <T>(of: (one: Interaction) => T | null) => all.map(of).find((value) => value !== null) ?? null;
  const chooser = all.find((one) => one.match.decidedBy === 'human') ?? survivor;
  const merged: Interaction = {
    ...survivor,
    client: chooser.client,
    contact: chooser.contact,
    match: chooser.match,
    responsible: survivor.responsible ?? chooser.responsible,
    notes: all.flatMap((one) => one.notes).sort((a, b) => (a.at < b.at ? -1 : 1)),
    disposition: first((one) => one.disposition),
    object: first((one) => one.object),
    attribution: first((one) => one.attribution),
    route: first((one) => one.route),
  };
  return sameData(merged, survivor) ? survivor : merged;
}

/**
 * The interaction after a snapshot that proved `others` to be parts of it, at its first or next revision. Null if nothing changes.
 * Human decisions of the others count as changes.
 */
export function afterSnapshot(
  survivor: Interaction | null,
  others: readonly Interaction[],
  call: CallSnapshot,
  context: CallContext,
): Interaction | null {
  const merged = survivor === null ? null : withDecisionsOf(survivor, others);
  const next = reduceCall(merged, call, context);
  return next ?? (merged === null || merged === survivor ? null : { ...merged, revision: merged.revision + 1 });
}

/** Marks an interaction as merged into another one. A live call ends with it. */
export function mergedAway(other: Interaction, survivor: InteractionId, now: number): Interaction {
  const endedAt = other.endedAt ?? new Date(now).toISOString();
  const state = other.state === 'ringing' ? 'missed' : other.state === 'talking' ? 'answered' : other.state;
  return { ...other, state, endedAt, mergedInto: survivor, revision: other.revision + 1 };
}
