import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type CallContext, reduceCall } from './reduce-call.ts';

/**
 * Takes over human decisions of interactions that proved to be parts of this one: notes, outcome and choice of a client. Its own take
 * precedence. Returns the same object if there is nothing to take over.
 */
function inheriting(survivor: Interaction, others: readonly Interaction[]): Interaction {
  if (others.length === 0) return survivor;
  const all = [survivor, ...others];
  const first = <T>(of: (one: Interaction) => T | null) => all.map(of).find((value) => value !== null) ?? null;
  const chooser = all.find((one) => one.match.decidedBy === 'human') ?? survivor;
  const heir: Interaction = {
    ...survivor,
    client: chooser.client,
    contact: chooser.contact,
    match: chooser.match,
    responsible: survivor.responsible ?? chooser.responsible,
    notes: all.flatMap((one) => one.notes).sort((a, b) => (a.at < b.at ? -1 : 1)),
    disposition: first((one) => one.disposition),
    object: first((one) => one.object),
    route: first((one) => one.route),
  };
  return sameData(heir, survivor) ? survivor : heir;
}

/**
 * The interaction after a snapshot that proved `others` to be parts of it, at its first or next revision; null if nothing is new. Human
 * decisions of the others count as news.
 */
export function afterSnapshot(
  survivor: Interaction | null,
  others: readonly Interaction[],
  call: CallSnapshot,
  context: CallContext,
): Interaction | null {
  const heir = survivor === null ? null : inheriting(survivor, others);
  const told = reduceCall(heir, call, context);
  return told ?? (heir === null || heir === survivor ? null : { ...heir, revision: heir.revision + 1 });
}

/** An interaction that proved to be part of another one. A live one ends here. */
export function mergedAway(other: Interaction, survivor: InteractionId, now: number): Interaction {
  const endedAt = other.endedAt ?? new Date(now).toISOString();
  const state = other.state === 'ringing' ? 'missed' : other.state === 'talking' ? 'answered' : other.state;
  return { ...other, state, endedAt, mergedInto: survivor, revision: other.revision + 1 };
}
