import type { ClientHead } from '../../domain/client.ts';
import { type ClientId, newInteractionId } from '../../domain/ids.ts';
import type { Interaction, Named } from '../../domain/interaction.ts';
import type { MatchDecision } from '../../domain/match.ts';
import { clientRef } from '../../domain/reduce-call.ts';
import type { StaffIndex } from '../../domain/staff-index.ts';
import type { Change, Decision, RecordedInteraction, Write, WriteResult } from '../../domain/writes.ts';
import { type CallWriter, identifiersOf } from './calls.ts';
import type { ClientTable } from './clients.ts';
import type { SqliteDirectory } from './directory.ts';
import type { InteractionTable } from './interactions.ts';

type DecideWrite = Extract<Write, { op: 'decide' }>;
type RecordWrite = Extract<Write, { op: 'record' }>;
type Refusal = Extract<WriteResult, { ok: false }>;

/** What people decide about an interaction, and what they tell us of. */
export class DecisionWriter {
  readonly #table: InteractionTable;
  readonly #directory: SqliteDirectory;
  readonly #clients: ClientTable;
  readonly #calls: CallWriter;

  constructor(table: InteractionTable, directory: SqliteDirectory, clients: ClientTable, calls: CallWriter) {
    this.#table = table;
    this.#directory = directory;
    this.#clients = clients;
    this.#calls = calls;
  }

  /** Applies an operator's merge patch. */
  decide(write: DecideWrite): readonly Change[] | Refusal {
    const before = this.#table.get(write.id);
    if (before === null) return refuse('not_found', `no interaction ${write.id}`);
    if (write.ifRevision !== null && write.ifRevision !== before.revision) {
      return refuse('stale', `expected revision ${write.ifRevision}, it is at ${before.revision}: read it again`);
    }
    const at = new Date(write.at).toISOString();
    const chosen = this.#choose(before, write.decision, write.by, at);
    if ('ok' in chosen) return chosen;
    const after = decided(before, write, chosen);
    return [this.#table.save(before, after, write.at, write.by.id, 'decision')];
  }

  /** Takes in what happened elsewhere; the same key twice changes nothing. */
  record(write: RecordWrite, staff: StaffIndex): readonly Change[] | Refusal {
    const known = this.#table.idOfKey(write.key);
    const existing = known === null ? null : this.#table.get(known);
    if (existing !== null) return [{ interaction: existing, desk: [] }];
    const told = write.interaction;
    const client = told.client === null ? null : this.#directory.client(told.client);
    if (told.client !== null && client === null) return refuse('invalid', `no client ${told.client}`);
    const match = this.#calls.match(told.party);
    const id = newInteractionId(write.at);
    this.#table.putKey(write.key, id);
    const interaction = recordedInteraction(id, write, { client, match, staff });
    return [this.#table.save(null, interaction, write.at, write.by.id, 'recorded')];
  }

  #choose(before: Interaction, decision: Decision, by: Named, at: string): Partial<Interaction> | Refusal {
    if (decision.client === undefined) return {};
    const client = decision.client === null ? null : this.#directory.client(decision.client);
    if (decision.client !== null && client === null) return refuse('invalid', `no client ${decision.client}`);
    const [identifier] = identifiersOf(before.party);
    if (identifier !== undefined) {
      this.#clients.choose(identifier, (client?.id ?? null) as ClientId | null, decision.contact ?? null, by, at);
    }
    return chosenClient(before, client, decision, by, at);
  }
}

function timesOf(told: RecordedInteraction) {
  const { startedAt, endedAt, talkSeconds, subject, text } = told;
  return { startedAt, endedAt, talkSeconds, subject, text };
}

/** A refusal, as the batch's result says it. */
export function refuse(code: Refusal['code'], message: string): Refusal {
  return { ok: false, code, message };
}

/** A told interaction at its first revision. */
export function recordedInteraction(
  id: Interaction['id'],
  write: RecordWrite,
  {
    client,
    match,
    staff,
  }: { readonly client: ClientHead | null; readonly match: MatchDecision; readonly staff: StaffIndex },
): Interaction {
  const told = write.interaction;
  const who = client ?? match.client;
  const manager = staff.byId(told.manager);
  const by: Named | null = manager === null ? null : { id: manager.id, name: manager.name };
  const responsible = staff.byId(who?.responsible ?? null);
  return {
    id,
    revision: 1,
    channel: told.channel,
    direction: told.direction,
    state: told.state,
    party: told.party,
    client: who === null ? null : clientRef(who),
    contact: client === null ? match.contact : null,
    match: {
      outcome: client === null ? match.outcome : 'matched',
      decidedBy: client === null ? match.decidedBy : 'human',
      by: client === null ? match.by : write.by,
      at: new Date(write.at).toISOString(),
      candidates: match.candidates,
    },
    responsible: responsible === null ? null : { id: responsible.id, name: responsible.name },
    handledBy: by,
    line: told.line,
    attribution: told.attribution,
    answeredAt: null,
    waitSeconds: null,
    ...timesOf(told),
    legs: [],
    transfers: [],
    recordings: [],
    attachments: [],
    thread: null,
    causedBy: null,
    object: null,
    notes: [],
    disposition: null,
    route: null,
    links: {},
    mergedInto: null,
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

/** What a human's choice of a client changes. */
export function chosenClient(
  before: Interaction,
  client: ClientHead | null,
  decision: Decision,
  by: Named,
  at: string,
): Partial<Interaction> {
  const candidates = before.match.candidates;
  const contact =
    candidates.find((c) => c.client.id === client?.id && c.contact?.id === decision.contact)?.contact ?? null;
  return {
    client: client === null ? null : clientRef(client),
    contact,
    match: { outcome: client === null ? 'unknown' : 'matched', decidedBy: 'human', by, at, candidates },
  };
}
