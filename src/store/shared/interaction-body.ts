import type { Interaction, Leg, RouteSummary, TraceStep } from '../../domain/interaction/interaction.ts';
import type { Recording } from '../../domain/interaction/recording.ts';

/** Keys whose value may be null or an empty list. */
type Emptiable = {
  [K in keyof Interaction]: null extends Interaction[K] ? K : Interaction[K] extends readonly unknown[] ? K : never;
}[keyof Interaction];

/** Rows that were written before there were codes have no `reasons`. */
type StoredStep = Omit<TraceStep, 'reasons'> & Partial<Pick<TraceStep, 'reasons'>>;
type StoredRoute = Omit<RouteSummary, 'trace'> & { readonly trace: readonly StoredStep[] };

/** A leg without its empty fields. Rows that were written before rings were counted have none. */
type StoredLeg = Pick<Leg, 'kind'> & Partial<Leg>;

/** Rows of versions that could not say why a recording is missing have no problems. */
type StoredRecording = Omit<Recording, 'problem' | 'problemReason' | 'transcript'> &
  Partial<Pick<Recording, 'problem' | 'problemReason' | 'transcript'>>;

/** An interaction as it is stored: empty fields, and those that an earlier version did not know, are missing. */
export type StoredInteraction = Omit<Interaction, Emptiable> &
  Partial<Omit<Pick<Interaction, Emptiable>, 'route' | 'legs' | 'recordings'>> & {
    readonly route?: StoredRoute | null;
    readonly legs?: readonly StoredLeg[];
    readonly recordings?: readonly StoredRecording[];
  };

/** The same keys, each of which may be undefined, so that JSON leaves it out. */
type Filled<T> = { readonly [K in keyof T]: T[K] | undefined };

/**
 * The JSON of an interaction without its empty fields. Those are a third of a call's text, and without them a page of SQLite
 * holds twice as many calls. A literal, because a loop over the keys costs three times as much.
 */
export function compactBody(whole: Interaction): string {
  const filled: Filled<
    Omit<Interaction, 'legs' | 'recordings'> & {
      legs: readonly Filled<Leg>[];
      recordings: readonly Filled<Recording>[];
    }
  > = {
    id: whole.id,
    revision: whole.revision,
    channel: whole.channel,
    direction: whole.direction,
    state: whole.state,
    party: whole.party,
    client: whole.client ?? undefined,
    contact: whole.contact ?? undefined,
    participants: filledList(whole.participants),
    match: whole.match,
    responsible: whole.responsible ?? undefined,
    assignee: whole.assignee ?? undefined,
    handovers: filledList(whole.handovers),
    closed: whole.closed ?? undefined,
    deletedAt: whole.deletedAt ?? undefined,
    edits: filledList(whole.edits),
    parts: filledList(whole.parts),
    handledBy: whole.handledBy ?? undefined,
    line: whole.line ?? undefined,
    alsoOn: filledList(whole.alsoOn),
    attribution: whole.attribution ?? undefined,
    startedAt: whole.startedAt,
    answeredAt: whole.answeredAt ?? undefined,
    endedAt: whole.endedAt ?? undefined,
    waitSeconds: whole.waitSeconds ?? undefined,
    talkSeconds: whole.talkSeconds ?? undefined,
    result: whole.result ?? undefined,
    legs: whole.legs.map(filledLeg),
    transfers: filledList(whole.transfers),
    recordings: filledList(whole.recordings.map(filledRecording)),
    subject: whole.subject ?? undefined,
    text: whole.text ?? undefined,
    attachments: filledList(whole.attachments),
    html: whole.html ?? undefined,
    thread: whole.thread ?? undefined,
    causedBy: whole.causedBy ?? undefined,
    object: whole.object ?? undefined,
    notes: filledList(whole.notes),
    disposition: whole.disposition ?? undefined,
    route: whole.route ?? undefined,
    links: whole.links,
    mergedInto: whole.mergedInto ?? undefined,
    automatic: whole.automatic ?? undefined,
    problem: whole.problem ?? undefined,
    problemReason: whole.problemReason ?? undefined,
    sendAt: whole.sendAt ?? undefined,
    suggestions: filledList(whole.suggestions),
    reconstructed: whole.reconstructed,
  };
  return JSON.stringify(filled);
}

function filledLeg(leg: Leg): Filled<Leg> {
  return {
    manager: leg.manager ?? undefined,
    extension: leg.extension ?? undefined,
    phone: leg.phone ?? undefined,
    kind: leg.kind,
    rangAt: leg.rangAt ?? undefined,
    lastRangAt: leg.lastRangAt ?? undefined,
    rings: leg.rings,
    talkedAt: leg.talkedAt ?? undefined,
    endedAt: leg.endedAt ?? undefined,
    outcome: leg.outcome ?? undefined,
    heldAt: leg.heldAt ?? undefined,
    position: leg.position ?? undefined,
    left: leg.left ?? undefined,
  };
}

function filledRecording(recording: Recording): Filled<Recording> {
  return { ...recording, transcript: recording.transcript ?? undefined };
}

function filledList<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** An interaction from the column `body`. */
export function parseInteraction(body: string): Interaction {
  return completed(JSON.parse(body) as StoredInteraction);
}

/** Adds the fields that are missing. A literal, because it costs a tenth of what spreading the defaults does. */
export function completed(stored: StoredInteraction): Interaction {
  return {
    id: stored.id,
    revision: stored.revision,
    channel: stored.channel,
    direction: stored.direction,
    state: stored.state,
    party: stored.party,
    client: stored.client ?? null,
    contact: stored.contact ?? null,
    participants: stored.participants ?? [],
    match: stored.match,
    responsible: stored.responsible ?? null,
    assignee: stored.assignee ?? null,
    handovers: stored.handovers ?? [],
    closed: stored.closed ?? null,
    deletedAt: stored.deletedAt ?? null,
    edits: stored.edits ?? [],
    parts: stored.parts ?? [],
    handledBy: stored.handledBy ?? null,
    line: stored.line ?? null,
    alsoOn: stored.alsoOn ?? [],
    attribution: stored.attribution ?? null,
    startedAt: stored.startedAt,
    answeredAt: stored.answeredAt ?? null,
    endedAt: stored.endedAt ?? null,
    waitSeconds: stored.waitSeconds ?? null,
    talkSeconds: stored.talkSeconds ?? null,
    result: stored.result ?? null,
    legs: (stored.legs ?? []).map(completedLeg),
    transfers: stored.transfers ?? [],
    recordings: stored.recordings?.map(completedRecording) ?? [],
    subject: stored.subject ?? null,
    text: stored.text ?? null,
    attachments: stored.attachments ?? [],
    html: stored.html ?? null,
    thread: stored.thread ?? null,
    causedBy: stored.causedBy ?? null,
    object: stored.object ?? null,
    notes: stored.notes ?? [],
    disposition: stored.disposition ?? null,
    route: stored.route == null ? null : completedRoute(stored.route),
    links: stored.links ?? {},
    mergedInto: stored.mergedInto ?? null,
    automatic: stored.automatic ?? null,
    problem: stored.problem ?? null,
    problemReason: stored.problemReason ?? null,
    sendAt: stored.sendAt ?? null,
    suggestions: stored.suggestions ?? [],
    reconstructed: stored.reconstructed,
  };
}

function completedLeg(leg: StoredLeg): Leg {
  const rangAt = leg.rangAt ?? null;
  return {
    manager: leg.manager ?? null,
    extension: leg.extension ?? null,
    phone: leg.phone ?? null,
    kind: leg.kind,
    rangAt,
    lastRangAt: leg.lastRangAt ?? rangAt,
    rings: leg.rings ?? (rangAt === null ? 0 : 1),
    talkedAt: leg.talkedAt ?? null,
    endedAt: leg.endedAt ?? null,
    outcome: leg.outcome ?? null,
    heldAt: leg.heldAt ?? null,
    position: leg.position ?? null,
    left: leg.left ?? null,
  };
}

function completedRecording(recording: StoredRecording): Recording {
  const { problem = null, problemReason = null, transcript = null } = recording;
  return { ...recording, problem, problemReason, transcript };
}

function completedRoute(route: StoredRoute): RouteSummary {
  return { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) };
}
