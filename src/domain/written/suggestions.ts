import type { DirectoryReader } from '../directory/client.ts';
import { normaliseEmail } from '../directory/email-address.ts';
import { decideMatch } from '../directory/match.ts';
import type { Identifier, Interaction, Named, Party, Suggestion, SuggestionState } from '../interaction/interaction.ts';
import { phonesIn } from './phones-in-text.ts';
import { ownWords } from './quoted/fold.ts';
import type { FoundIdentifier, WrittenContact } from './written-contact.ts';

/** Maximum suggestions of one letter. More come from a list of branches, not from a signature. */
const maxSuggestions = 5;
/** Maximum identifiers found in a text. Some may be our own. */
const maxIdentifiers = 50;
/** Characters to search at the beginning, where people introduce themselves, and at the end, where they sign. */
const searchLength = 8000;
/** Maximum characters searchLength for the end of the sender's own text. */
const maxSearched = 100_000;

const addresses =
  /(?<![\p{L}\p{N}._%+@/-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,6}\p{L}{2,24}(?![\p{L}\p{N}@])/gu;
/** A fast check whether a text may contain addresses or numbers. */
const mayHold = /@|(?:\d\D{0,3}){7}/;
const links = /(?:https?:\/\/|www\.)\S+/giu;
/** Links that open a conversation with a telephone number. */
const numberLinks = /(?:https?:\/\/)?(?:wa\.me\/|api\.whatsapp\.com\/send\/?\?phone=)\+?(\d{10,15})\S*/giu;

/** Known identifiers, which are not suggested. */
export interface SuggestionSearch {
  /** The sender, whose own identifiers are known. */
  readonly party: Party;
  readonly isOurs: (identifier: Identifier) => boolean;
}

/** Whether to search a contact's text: an outside human wrote it, and it may contain more than the sender's own identifiers. */
export function mayIdentify({
  text,
  direction,
  automatic,
  party,
}: Pick<WrittenContact, 'text' | 'direction' | 'automatic' | 'party'>): boolean {
  if (text === null || direction !== 'inbound' || automatic !== null) return false;
  const beginning = text.slice(0, maxSearched);
  // Most forms contain only the sender's own number, and comparing is faster than searching.
  return mayHold.test(party.phone === null || party.phone === '' ? beginning : beginning.replace(party.phone, ' '));
}

/** Finds telephone numbers and addresses in a text, except in quotations. It is slow enough to need a worker thread. */
export function identifiersIn(text: string, country: string): readonly FoundIdentifier[] {
  const own = ownWords(text.slice(0, maxSearched));
  const parts = own.length <= 2 * searchLength ? own : `${own.slice(0, searchLength)}\n${own.slice(-searchLength)}`;
  const plain = parts.replace(numberLinks, ' +$1 ').replace(links, ' ');
  const emails = [...plain.matchAll(addresses)].flatMap(([address]) => normaliseEmail(address) ?? []);
  const phones = phonesIn(plain.replace(addresses, ' '), country);
  const found: readonly FoundIdentifier[] = [
    ...phones.flatMap(({ phone, ext }) => (phone === null ? [] : [{ kind: 'phone' as const, value: phone, ext }])),
    ...emails.map((email) => ({ kind: 'email' as const, value: email, ext: null })),
  ];
  const once = new Map(found.map((one) => [`${one.kind} ${one.value}`, one]));
  return [...once.values()].slice(0, maxIdentifiers);
}

/** Identifiers in a contact's text that are neither the sender's nor ours. */
export function suggestionsOf(
  { found = [] }: Pick<WrittenContact, 'found'>,
  { party, isOurs }: SuggestionSearch,
): readonly Suggestion[] {
  return found
    .filter(({ kind, value }) => value !== party.phone && value !== party.email && !isOurs({ kind, value }))
    .slice(0, maxSuggestions)
    .map(({ kind, value, ext }) => open(kind, value, ext));
}

function open(kind: Suggestion['kind'], value: string, ext: string | null): Suggestion {
  return { kind, value, ext, state: 'open', client: null, by: null, at: null };
}

/** The suggestions that the client does not have yet. */
export function newTo(
  client: { readonly id: string } | null,
  found: readonly Suggestion[],
  directory: DirectoryReader,
): readonly Suggestion[] {
  if (client === null) return found;
  return found.filter(({ kind, value }) => {
    const { client: known, candidates } = decideMatch(directory, [{ kind, value }]);
    return known?.id !== client.id && candidates.every((candidate) => candidate.client.id !== client.id);
  });
}

/** The suggestions after an edit: human decisions are kept, and new ones are added. */
export function alsoSuggested(before: readonly Suggestion[], found: readonly Suggestion[]): readonly Suggestion[] {
  const others = found.filter((one) => find(before, one) === null);
  return others.length === 0 ? before : [...(before ?? []), ...others].slice(0, maxSuggestions);
}

/** The suggestions that nobody has decided in this conversation. The same signature may be in each of its letters. */
export function unsettled(found: readonly Suggestion[], conversation: readonly Interaction[]): readonly Suggestion[] {
  const decided = conversation.flatMap(({ suggestions }) => suggestions ?? []).filter(({ state }) => state !== 'open');
  return found.filter((one) => find(decided, one) === null);
}

/** The suggestion with an identifier, or null. */
export function find(
  suggestions: readonly Suggestion[] | undefined,
  { kind, value }: Pick<Suggestion, 'kind' | 'value'>,
): Suggestion | null {
  return suggestions?.find((one) => one.kind === kind && one.value === value) ?? null;
}

/** A suggestion after a human's decision; `client` is the one it was added to. */
export function settled(
  suggestion: Suggestion,
  state: SuggestionState,
  { client, by, at }: { readonly client: Named | null; readonly by: Named; readonly at: string },
): Suggestion {
  if (state === 'open') return { ...suggestion, state, client: null, by: null, at: null };
  return { ...suggestion, state, client: state === 'added' ? client : null, by, at };
}
