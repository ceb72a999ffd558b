import type { Awaitable } from '../base/awaitable.ts';
import type { Candidate, Identifier, Match, MatchOutcome, Named, Party } from '../interaction/interaction.ts';
import type { ClientHead, DirectoryReader, IdentifierHit, RememberedChoice } from './client.ts';
import { domainOf, isPublicMail } from './public-mail.ts';

/** The identity of an outside party, with the evidence. `client` is set only if the outcome is `matched`. */
export interface MatchDecision {
  readonly outcome: MatchOutcome;
  readonly decidedBy: 'auto' | 'human';
  readonly by: Named | null;
  /** When a human chose, RFC 3339; null for an automatic decision. */
  readonly chosenAt: string | null;
  readonly client: ClientHead | null;
  readonly contact: Named | null;
  readonly candidates: readonly Candidate[];
}

/** A decision as interactions contain it; `at` (RFC 3339) is when it was made. */
export function matchAt({ outcome, decidedBy, by, candidates }: MatchDecision, at: string): Match {
  return { outcome, decidedBy, by, at, candidates };
}

const unknown: MatchDecision = {
  outcome: 'unknown',
  decidedBy: 'auto',
  by: null,
  chosenAt: null,
  client: null,
  contact: null,
  candidates: [],
};

/** Maximum clients of one domain. With more, it belongs to a holding or a mail service and proves nothing. */
const maxClientsOfDomain = 3;

/**
 * Adds the clients with addresses at an unknown party's domain as candidates. This is evidence for humans and never a match.
 * `publicMail`: further domains of public mail services, for which `ofDomain` is not called.
 */
export async function withCompany(
  match: MatchDecision,
  party: Pick<Party, 'email'>,
  publicMail: readonly string[],
  ofDomain: (domain: string) => Awaitable<readonly Named[]>,
): Promise<MatchDecision> {
  const domain = companyDomain(match, party, publicMail);
  return domain === null ? match : withDomain(match, domain, await ofDomain(domain));
}

function companyDomain(
  { outcome, decidedBy, candidates }: MatchDecision,
  { email }: Pick<Party, 'email'>,
  publicMail: readonly string[],
): string | null {
  if (email === null || outcome !== 'unknown' || decidedBy === 'human' || candidates.length > 0) return null;
  const domain = domainOf(email);
  return isPublicMail(domain, publicMail) ? null : domain;
}

function withDomain(match: MatchDecision, domain: string, clients: readonly Named[]): MatchDecision {
  if (clients.length > maxClientsOfDomain) return match;
  const candidates = clients.map(({ id, name }) => ({
    client: { id, name },
    contact: null,
    via: { kind: 'domain', value: domain } as const,
    why: ['an address at the domain of the client'],
  }));
  return { ...match, candidates: candidates.sort(rank) };
}

/**
 * Looks up identifiers in order (phone, then e-mail, then account). The first one with a result decides. A human's earlier choice
 * for an identifier outranks the directory's entries for it.
 */
export function decideMatch(directory: DirectoryReader, identifiers: readonly Identifier[]): MatchDecision {
  for (const identifier of identifiers) {
    const hits = directory.hits(identifier);
    const choice = directory.choice(identifier);
    if (choice !== null) return chosen(directory, identifier, hits, choice);
    if (hits.length > 0) return judge(identifier, hits);
  }
  return unknown;
}

function judge(identifier: Identifier, hits: readonly IdentifierHit[]): MatchDecision {
  const byClient = groupHits(hits);
  const candidates = [...byClient.values()].map((own) => candidateOf(identifier, own)).sort(rank);
  const [first] = byClient.values();
  if (byClient.size > 1 || first === undefined) return { ...unknown, outcome: 'ambiguous', candidates };
  return {
    ...unknown,
    outcome: 'matched',
    client: first[0]?.client ?? null,
    contact: onlyContact(first),
    candidates,
  };
}

function groupHits(hits: readonly IdentifierHit[]): Map<string, IdentifierHit[]> {
  const groups = new Map<string, IdentifierHit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.client.id);
    if (group === undefined) groups.set(hit.client.id, [hit]);
    else group.push(hit);
  }
  return groups;
}

function candidateOf(via: Identifier, hits: readonly IdentifierHit[]): Candidate {
  const client = hits[0]?.client;
  const contact = onlyContact(hits);
  const why = [contact === null ? `${via.kind} of the client` : `${via.kind} of the contact person`];
  if (hits.length > 1) why.push(`${hits.length} entries of this client have it`);
  if (client?.responsible) why.push('has a responsible manager');
  return { client: { id: client?.id ?? '', name: client?.name ?? '' }, contact, via, why };
}

/** The contact person, if exactly one has the identifier. */
function onlyContact(hits: readonly IdentifierHit[]): Named | null {
  const people = hits.filter((hit) => hit.contact !== null);
  return people.length === 1 ? (people[0]?.contact ?? null) : null;
}

/** Candidates with more evidence first, then by name and id, so that the order is stable. */
function rank(a: Candidate, b: Candidate): number {
  return (
    b.why.length - a.why.length || a.client.name.localeCompare(b.client.name) || (a.client.id < b.client.id ? -1 : 1)
  );
}

function chosen(
  directory: DirectoryReader,
  via: Identifier,
  hits: readonly IdentifierHit[],
  choice: RememberedChoice,
): MatchDecision {
  const candidates = judge(via, hits).candidates;
  const human = { decidedBy: 'human', by: choice.by, chosenAt: choice.at } as const;
  if (choice.client === null) return { ...unknown, ...human, candidates };
  const client = directory.client(choice.client);
  // The chosen client has been deleted since, so the choice is void.
  if (client === null) return hits.length > 0 ? judge(via, hits) : unknown;
  const contact = hits.find((hit) => hit.contact !== null && hit.contact.id === choice.contact)?.contact ?? null;
  return { outcome: 'matched', ...human, client, contact, candidates };
}
