import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import { actedOn, type LeadWrite } from '../../domain/follow-up/acts.ts';
import {
  choiceOf,
  chosenClient,
  type DecideWrite,
  decided,
  noClient,
  noContact,
  type RecordWrite,
  recordedInteraction,
  staleOf,
} from '../../domain/interaction/decision.ts';
import type { Interaction, Named } from '../../domain/interaction/interaction.ts';
import { removedKey } from '../../domain/interaction/removed.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Change, Decision } from '../../domain/ports/writes.ts';
import { isChoiceOf, type SettledSuggestion, settle } from '../../domain/written/settle-suggestion.ts';
import type { CallWriter } from './calls.ts';
import type { ClientTable } from './clients.ts';
import type { SqliteDirectory } from './directory.ts';
import type { FollowUpTable } from './follow-ups.ts';
import type { InteractionTable } from './interactions.ts';
import type { Relinker } from './relink.ts';

/** What people decide about an interaction, and what they tell us of. */
export class DecisionWriter {
  readonly #table: InteractionTable;
  readonly #directory: SqliteDirectory;
  readonly #clients: ClientTable;
  readonly #calls: CallWriter;
  readonly #followUps: FollowUpTable;
  readonly #relinker: Relinker;

  constructor(parts: {
    readonly table: InteractionTable;
    readonly directory: SqliteDirectory;
    readonly clients: ClientTable;
    readonly calls: CallWriter;
    readonly followUps: FollowUpTable;
    readonly relinker: Relinker;
  }) {
    this.#table = parts.table;
    this.#directory = parts.directory;
    this.#clients = parts.clients;
    this.#calls = parts.calls;
    this.#followUps = parts.followUps;
    this.#relinker = parts.relinker;
  }

  /** What a manager does with a lead; a decision about whom it is holds for its latest contact and is remembered. */
  lead(write: LeadWrite, staff: StaffIndex): readonly Change[] | Refusal {
    const lead = actedOn(this.#followUps.lead(write.id), write);
    if ('ok' in lead) return lead;
    const { act, by, at } = write;
    const chosen = act.kind === 'qualify' && act.client !== null ? this.#directory.client(act.client) : null;
    if (act.kind === 'qualify' && act.client !== null && chosen === null)
      return refuse('invalid', `no client ${act.client}`);
    this.#followUps.putLead(chosen === null ? lead : { ...lead, client: { id: chosen.id, name: chosen.name } });
    if (chosen === null && act.kind !== 'reject') return [];
    const decision = { client: chosen?.id ?? null };
    return this.decide({ op: 'decide', id: lead.latest, ifRevision: null, by, decision, at }, staff);
  }

  /** Applies an operator's merge patch. */
  decide(write: DecideWrite, staff: StaffIndex): readonly Change[] | Refusal {
    const before = this.#table.get(write.id);
    if (before === null) return refuse('not_found', `no interaction ${write.id}`);
    const stale = staleOf(before, write);
    if (stale !== null) return stale;
    const at = new Date(write.at).toISOString();
    const chosen = this.#choose(before, write.decision, write.by, at);
    if ('ok' in chosen) return chosen;
    const after = decided(before, write, chosen);
    const about = settle(after, write, this.#directory);
    if (about === null) return [this.#table.save(before, after, write.at, write.by.id, 'decision')];
    if ('ok' in about) return about;
    const next = { ...after, suggestions: about.suggestions };
    const saved = this.#table.save(before, next, write.at, write.by.id, 'suggestion');
    return [saved, ...this.#settle(about, write, staff)];
  }

  /** An identifier that was given to a client gives it the earlier contacts too, and takes them back with it. */
  #settle(
    { identifier, choose, release }: SettledSuggestion,
    write: DecideWrite,
    staff: StaffIndex,
  ): readonly Change[] {
    const { by, at } = write;
    if (choose !== null) {
      this.#clients.choose(identifier, choose.client, choose.contact, by, new Date(at).toISOString());
      return this.#relinker.relink([identifier], staff, at);
    }
    if (release === null || !isChoiceOf(this.#directory.choice(identifier), release)) return [];
    this.#clients.forget(identifier);
    return this.#relinker.release(identifier, release, staff, at);
  }

  /** Takes in what happened elsewhere; the same key twice changes nothing. */
  record(write: RecordWrite, staff: StaffIndex): readonly Change[] | Refusal {
    const key = this.#table.keyed(write.key);
    const existing = key.interaction === null ? null : this.#table.get(key.interaction);
    if (existing !== null) return [{ interaction: existing, desk: [] }];
    if (key.interaction !== null) return removedKey();
    const told = write.interaction;
    const client = told.client === null ? null : this.#directory.client(told.client);
    if (told.client !== null && client === null) return noClient();
    const match = this.#calls.match(told.party);
    this.#table.putKey(key, write.id);
    const interaction = recordedInteraction(write, { client, match, staff });
    return [this.#table.save(null, interaction, write.at, write.by.id, 'recorded')];
  }

  #choose(before: Interaction, decision: Decision, by: Named, at: string): Partial<Interaction> | Refusal {
    const choice = choiceOf(before, decision);
    if (choice === null) return {};
    const client = choice.client === null ? null : this.#directory.client(choice.client);
    if (choice.client !== null && client === null) return noClient();
    const contact =
      client === null || choice.contact === null ? null : this.#clients.contact(client.id, choice.contact);
    if (choice.contact !== null && contact === null) return noContact();
    const [identifier] = identifiersOf(before.party);
    if (identifier !== undefined) {
      this.#clients.choose(identifier, client?.id ?? null, contact?.id ?? null, by, at);
    }
    return chosenClient(before, client, contact, by, at);
  }
}
