import type { InteractionId } from '../../domain/base/ids.ts';
import { sameData } from '../../domain/base/same-data.ts';
import { type CallContext, reduceCall } from '../../domain/call/reduce-call.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Identifier, Interaction, Named, Party, RouteSummary } from '../../domain/interaction/interaction.ts';
import { accountName } from './account-links.ts';

/** What writing a call needs besides the tables. */
export interface CallSettings {
  readonly country: string;
  readonly publicUrl: string;
  /** Further domains at which anybody has a mailbox. */
  readonly publicMail?: readonly string[];
  /** Directory sources: the first that knows somebody is heard. */
  readonly sources?: readonly string[];
}

/** Steps of a trace kept on an interaction: asking again and again must not make it grow without bound. */
const longestTrace = 100;

/** Routes asked for a call that has not been seen yet are forgotten after this, in milliseconds. */
export const pendingRouteLife = 3_600_000;

/** A decision that waits for its call. */
export interface PendingRoute {
  readonly route: RouteSummary;
  readonly responsible: Named | null;
}

/** What a party is looked up by, strongest first. */
export function identifiersOf(party: Party): readonly Identifier[] {
  const found: Identifier[] = [];
  if (party.phone !== null) found.push({ kind: 'phone', value: party.phone });
  if (party.email !== null) found.push({ kind: 'email', value: party.email });
  if (party.account !== null) found.push({ kind: 'account', value: accountName(party.account) });
  return found;
}

/** An interaction with one more decision. */
export function routed(interaction: Interaction, { route, responsible }: PendingRoute): Interaction {
  const before = interaction.route;
  return {
    ...interaction,
    route: before === null ? route : joined(before, route),
    responsible: responsible ?? interaction.responsible,
  };
}

/** Asked again because nobody answered: the last decision holds, the trace tells all of them. */
export function joined(before: RouteSummary, after: RouteSummary): RouteSummary {
  return { ...after, trace: [...before.trace, ...after.trace].slice(-longestTrace) };
}

/**
 * What people did with interactions that proved to be parts of this one: their notes, outcome and choice of a client go
 * over to it, its own first. The same object where there is nothing to take over.
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
 * The interaction after a snapshot by which `others` proved to be parts of it: at its first or next revision, or null where
 * there is nothing new. What people did with the others is news, also where the snapshot is none.
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

/** An interaction that proved to be another one: a live one ends here, by what was known of it. */
export function mergedAway(other: Interaction, survivor: InteractionId, now: number): Interaction {
  const endedAt = other.endedAt ?? new Date(now).toISOString();
  const state = other.state === 'ringing' ? 'missed' : other.state === 'talking' ? 'answered' : other.state;
  return { ...other, state, endedAt, mergedInto: survivor, revision: other.revision + 1 };
}
