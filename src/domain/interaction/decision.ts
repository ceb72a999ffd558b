import { clientRef } from '../call/reduce-call.ts';
import type { ClientHead } from '../directory/client.ts';
import type { MatchDecision } from '../directory/match.ts';
import { identifiersOf } from '../directory/party-identifiers.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { Decision, RecordedInteraction } from '../ports/contact-writes.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { Change, Write } from '../ports/writes.ts';
import type { Identifier, Interaction, Named } from './interaction.ts';
import { namedRef } from './named-ref.ts';
import { initialFields, noCallFields } from './untouched.ts';

/** An operator's merge patch. */
export type DecideWrite = Extract<Write, { op: 'decide' }>;

/** A report of a contact that took place elsewhere. */
export type RecordWrite = Extract<Write, { op: 'record' }>;

function timesOf(reported: RecordedInteraction) {
  const { startedAt, endedAt, talkSeconds, subject, text } = reported;
  return { startedAt, endedAt, talkSeconds, subject, text };
}

/** The refusal if the chosen client does not exist. */
export function noClient(): Refusal {
  return refuse('invalid', 'there is no client with this id', '/client');
}

/**
 * The client and contact person that a patch chooses, or null if it chooses neither. A null client means that the party is not a
 * client. A contact person alone belongs to the interaction's client.
 */
export function choiceOf(before: Interaction, { client, contact }: Decision) {
  if (client === undefined && contact === undefined) return null;
  if (client === undefined && contact === null && before.client === null) return null;
  return { client: client === undefined ? (before.client?.id ?? null) : client, contact: contact ?? null };
}

/** The account whose earlier messages the choice also applies to. It does not apply to earlier calls of a telephone. */
export function chosenAccount({ decision }: DecideWrite, [change]: readonly Change[]): readonly Identifier[] {
  if (decision.client === undefined || change === undefined) return [];
  return identifiersOf(change.interaction.party)
    .slice(0, 1)
    .filter(({ kind }) => kind === 'account');
}

/** The refusal if the chosen contact person does not belong to the client. */
export function noContact(): Refusal {
  return refuse('invalid', 'the client has no contact person with this id', '/contact');
}

/** The refusal if the patch was made for an older revision, or null. */
export function staleOf(before: Interaction, { ifRevision }: DecideWrite): Refusal | null {
  if (ifRevision === null || ifRevision === before.revision) return null;
  return refuse('stale', `expected revision ${ifRevision}, it is at ${before.revision}: read it again`);
}

/** A reported interaction at its first revision. */
export function recordedInteraction(
  write: RecordWrite,
  {
    client,
    match,
    staff,
  }: { readonly client: ClientHead | null; readonly match: MatchDecision; readonly staff: StaffIndex },
): Interaction {
  const reported = write.interaction;
  const who = client ?? match.client;
  return {
    id: write.id,
    revision: 1,
    channel: reported.channel,
    direction: reported.direction,
    state: reported.state,
    party: reported.party,
    client: who === null ? null : clientRef(who),
    contact: client === null ? match.contact : null,
    match: {
      outcome: client === null ? match.outcome : 'matched',
      decidedBy: client === null ? match.decidedBy : 'human',
      by: client === null ? match.by : write.by,
      at: new Date(write.at).toISOString(),
      candidates: match.candidates,
    },
    responsible: namedRef(staff.byId(who?.responsible ?? null)),
    handledBy: namedRef(staff.byId(reported.manager)),
    line: reported.line,
    attribution: reported.attribution,
    ...noCallFields,
    ...timesOf(reported),
    ...initialFields,
    reconstructed: false,
  };
}

/** An interaction after an operator's patch. */
export function decided(before: Interaction, write: DecideWrite, chosen: Partial<Interaction>): Interaction {
  const { note, disposition, object } = write.decision;
  const at = new Date(write.at).toISOString();
  return {
    ...before,
    ...chosen,
    ...(disposition !== undefined && { disposition }),
    ...(object !== undefined && { object }),
    notes: note === undefined ? before.notes : [...before.notes, { by: write.by, at, text: note }],
    revision: before.revision + 1,
  };
}

/** The fields that a human's choice of a client changes. */
export function chosenClient(
  before: Interaction,
  client: ClientHead | null,
  contact: Named | null,
  by: Named,
  at: string,
): Partial<Interaction> {
  const { candidates } = before.match;
  return {
    client: client === null ? null : clientRef(client),
    contact,
    match: { outcome: client === null ? 'unknown' : 'matched', decidedBy: 'human', by, at, candidates },
  };
}
