import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
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
import { type Outcome, type Refusal, refuse } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { aboutSuggestion, isChoiceOf, type SettledSuggestion, settle } from '../../domain/written/settle-suggestion.ts';
import { match } from './match.ts';
import { release, relink } from './relink.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/**
 * Applies an operator's merge patch. If it decides whom a message is from, that also applies to earlier messages of
 * the account.
 */
export async function decide(work: Work, write: DecideWrite): Promise<Outcome> {
  const changes = await patch(work, write);
  if ('ok' in changes) return changes;
  return [...changes, ...(await relink(work, chosenAccount(write, changes), write.at))];
}

/**
 * Carries out a manager's action on a lead. A decision about its party is remembered and applied to all of the
 * party's contacts.
 */
export async function actOnLead(work: Work, write: LeadWrite): Promise<Outcome> {
  const { followUps, directory } = work.tables;
  const lead = actedOn(await followUps.lead(write.id), write);
  if ('ok' in lead) return lead;
  const { act, by, at } = write;
  const chosen = act.kind === 'qualify' && act.client !== null ? await directory.client(act.client) : null;
  if (act.kind === 'qualify' && act.client !== null && chosen === null)
    return refuse('invalid', `no client ${act.client}`);
  await followUps.putLead(chosen === null ? lead : { ...lead, client: { id: chosen.id, name: chosen.name } });
  if (chosen === null && act.kind !== 'reject') return [];
  const decision = { client: chosen?.id ?? null };
  const changes = await patch(work, { op: 'decide', id: lead.latest, ifRevision: null, by, decision, at });
  if ('ok' in changes) return changes;
  return [...changes, ...(await relink(work, identifiersOf(lead.party).slice(0, 1), at))];
}

/** Stores a contact that a program reports. The same key a second time changes nothing. */
export async function record(work: Work, write: RecordWrite): Promise<Outcome> {
  const { tables, staff } = work;
  const keys = await tables.keys.find([write.key]);
  const known = keys[0]?.interaction ?? null;
  const existing = known === null ? null : await tables.interactions.get(known);
  if (existing !== null) return [{ interaction: existing, desk: [] }];
  if (known !== null) return removedKey();
  const given = write.interaction;
  const client = given.client === null ? null : await tables.directory.client(given.client);
  if (given.client !== null && client === null) return noClient();
  const matched = await match(work, given.party);
  await tables.keys.put(keys, write.id);
  const interaction = recordedInteraction(write, { client, match: matched, staff });
  return [await save(tables, null, interaction, { at: write.at, by: write.by.id, what: 'recorded' })];
}

async function patch(work: Work, write: DecideWrite): Promise<Outcome> {
  const { tables } = work;
  const before = await tables.interactions.get(write.id);
  if (before === null) return refuse('not_found', `no interaction ${write.id}`);
  const stale = staleOf(before, write);
  if (stale !== null) return stale;
  const chosen = await choose(work, before, write);
  if ('ok' in chosen) return chosen;
  const after = decided(before, write, chosen);
  const about = settle(after, write, await tables.directory.of(aboutSuggestion(write)));
  const reason = { at: write.at, by: write.by.id };
  if (about === null) return [await save(tables, before, after, { ...reason, what: 'decision' })];
  if ('ok' in about) return about;
  const next = { ...after, suggestions: about.suggestions };
  const saved = await save(tables, before, next, { ...reason, what: 'suggestion' });
  return [saved, ...(await carrySuggestionOut(work, about, write))];
}

async function choose(
  { tables }: Work,
  before: Interaction,
  { decision, by, at }: DecideWrite,
): Promise<Partial<Interaction> | Refusal> {
  const choice = choiceOf(before, decision);
  if (choice === null) return {};
  const client = choice.client === null ? null : await tables.directory.client(choice.client);
  if (choice.client !== null && client === null) return noClient();
  const contact =
    client === null || choice.contact === null ? null : await tables.clients.contact(client.id, choice.contact);
  if (choice.contact !== null && contact === null) return noContact();
  const [identifier] = identifiersOf(before.party);
  const when = new Date(at).toISOString();
  if (identifier !== undefined) {
    const remembered = { client: client?.id ?? null, contact: contact?.id ?? null };
    await tables.clients.choose(identifier, remembered, by, when);
  }
  return chosenClient(before, client, contact, by, when);
}

/** An identifier that was assigned to a client also assigns earlier contacts, and withdrawing it releases them. */
async function carrySuggestionOut(
  work: Work,
  { identifier, choose: choice, release: released }: SettledSuggestion,
  { by, at }: DecideWrite,
): Promise<readonly Change[]> {
  const { clients, directory } = work.tables;
  if (choice !== null) {
    await clients.choose(identifier, choice, by, new Date(at).toISOString());
    return relink(work, [identifier], at);
  }
  if (released === null) return [];
  const remembered = (await directory.of([identifier])).choice(identifier);
  if (!isChoiceOf(remembered, released)) return [];
  await clients.forgetChoice(identifier);
  return release(work, identifier, released, at);
}
