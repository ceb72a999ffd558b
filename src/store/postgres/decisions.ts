import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import { actedOn, type LeadWrite } from '../../domain/follow-up/acts.ts';
import {
  choiceOf,
  chosenAccount,
  chosenClient,
  type DecideWrite,
  decided,
  noClient,
  noContact,
  type RecordWrite,
  recordedInteraction,
  staleOf,
} from '../../domain/interaction/decision.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { removedKey } from '../../domain/interaction/removed.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { aboutSuggestion, isChoiceOf, type SettledSuggestion, settle } from '../../domain/written/settle-suggestion.ts';
import type { CallWriter } from './calls.ts';
import type { ClientTable } from './clients.ts';
import type { Connection } from './connect.ts';
import { clientHead, directoryOf } from './directory.ts';
import type { FollowUpTable } from './follow-ups.ts';
import type { InteractionTable } from './interactions.ts';
import type { Relinker } from './relink.ts';

type Outcome = readonly Change[] | Refusal;

/** What people decide about an interaction, and what they tell us of, as SQLite's DecisionWriter. */
export class DecisionWriter {
  readonly #db: Connection;
  readonly #table: InteractionTable;
  readonly #clients: ClientTable;
  readonly #calls: CallWriter;
  readonly #followUps: FollowUpTable;
  readonly #relinker: Relinker;

  constructor(
    db: Connection,
    parts: {
      readonly table: InteractionTable;
      readonly clients: ClientTable;
      readonly calls: CallWriter;
      readonly followUps: FollowUpTable;
      readonly relinker: Relinker;
    },
  ) {
    this.#db = db;
    this.#table = parts.table;
    this.#clients = parts.clients;
    this.#calls = parts.calls;
    this.#followUps = parts.followUps;
    this.#relinker = parts.relinker;
  }

  /** What a manager does with a lead; what was decided of its party is remembered and holds for everything of it. */
  async lead(write: LeadWrite, staff: StaffIndex): Promise<Outcome> {
    const lead = actedOn(await this.#followUps.lead(write.id), write);
    if ('ok' in lead) return lead;
    const { act, by, at } = write;
    const chosen = act.kind === 'qualify' && act.client !== null ? await clientHead(this.#db, act.client) : null;
    if (act.kind === 'qualify' && act.client !== null && chosen === null)
      return refuse('invalid', `no client ${act.client}`);
    await this.#followUps.putLead(chosen === null ? lead : { ...lead, client: { id: chosen.id, name: chosen.name } });
    if (chosen === null && act.kind !== 'reject') return [];
    const decision = { client: chosen?.id ?? null };
    const changes = await this.#decide({ op: 'decide', id: lead.latest, ifRevision: null, by, decision, at }, staff);
    if ('ok' in changes) return changes;
    return [...changes, ...(await this.#relinker.relink(identifiersOf(lead.party).slice(0, 1), staff, at))];
  }

  /** Whom a conversation is with, decided of one of its messages, holds for those before it. */
  async decide(write: DecideWrite, staff: StaffIndex): Promise<Outcome> {
    const changes = await this.#decide(write, staff);
    if ('ok' in changes) return changes;
    return [...changes, ...(await this.#relinker.relink(chosenAccount(write, changes), staff, write.at))];
  }

  async #decide(write: DecideWrite, staff: StaffIndex): Promise<Outcome> {
    const before = await this.#table.get(write.id);
    if (before === null) return refuse('not_found', `no interaction ${write.id}`);
    const stale = staleOf(before, write);
    if (stale !== null) return stale;
    const chosen = await this.#choose(before, write);
    if ('ok' in chosen) return chosen;
    const after = decided(before, write, chosen);
    const about = settle(after, write, await directoryOf(this.#db, aboutSuggestion(write)));
    if (about === null) return [await this.#table.save(before, after, write.at, write.by.id, 'decision')];
    if ('ok' in about) return about;
    const next = { ...after, suggestions: about.suggestions };
    const saved = await this.#table.save(before, next, write.at, write.by.id, 'suggestion');
    return [saved, ...(await this.#settle(about, write, staff))];
  }

  async #choose(before: Interaction, write: DecideWrite): Promise<Partial<Interaction> | Refusal> {
    const choice = choiceOf(before, write.decision);
    if (choice === null) return {};
    const client = choice.client === null ? null : await clientHead(this.#db, choice.client);
    if (choice.client !== null && client === null) return noClient();
    const contact =
      client === null || choice.contact === null ? null : await this.#clients.contact(client.id, choice.contact);
    if (choice.contact !== null && contact === null) return noContact();
    const [identifier] = identifiersOf(before.party);
    const at = new Date(write.at).toISOString();
    if (identifier !== undefined) {
      await this.#clients.choose(identifier, client?.id ?? null, contact?.id ?? null, write.by, at);
    }
    return chosenClient(before, client, contact, write.by, at);
  }

  /** An identifier that was given to a client gives it the earlier contacts too, and takes them back with it. */
  async #settle({ identifier, choose, release }: SettledSuggestion, write: DecideWrite, staff: StaffIndex) {
    const { by, at } = write;
    if (choose !== null) {
      await this.#clients.choose(identifier, choose.client, choose.contact, by, new Date(at).toISOString());
      return this.#relinker.relink([identifier], staff, at);
    }
    if (release === null) return [];
    const choice = (await directoryOf(this.#db, [identifier])).choice(identifier);
    if (!isChoiceOf(choice, release)) return [];
    await this.#clients.forget(identifier);
    return this.#relinker.release(identifier, release, staff, at);
  }

  /** Takes in what happened elsewhere; the same key twice changes nothing. */
  async record(write: RecordWrite, staff: StaffIndex): Promise<Outcome> {
    const [known] = await this.#table.ofKeys([write.key]);
    const existing = known === undefined ? null : await this.#table.get(known);
    if (existing !== null) return [{ interaction: existing, desk: [] }];
    if (known !== undefined) return removedKey();
    const told = write.interaction;
    const client = told.client === null ? null : await clientHead(this.#db, told.client);
    if (told.client !== null && client === null) return noClient();
    const match = await this.#calls.match(told.party);
    await this.#table.putKeys([write.key], write.id);
    const interaction = recordedInteraction(write, { client, match, staff });
    return [await this.#table.save(null, interaction, write.at, write.by.id, 'recorded')];
  }
}
