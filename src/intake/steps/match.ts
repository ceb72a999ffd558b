import { accountName } from '../../domain/directory/account-link.ts';
import { decideMatch, type MatchDecision, withCompany } from '../../domain/directory/match.ts';
import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
import type { Party } from '../../domain/interaction/interaction.ts';
import type { Work } from './work.ts';

/** Matches a party against the directory as of the open transaction. */
export async function match({ tables, settings }: Work, party: Party): Promise<MatchDecision> {
  const own = identifiersOf(party);
  const linked = party.account === null ? null : await tables.accountLinks.of(accountName(party.account));
  const identifiers = linked === null ? own : [...own, linked];
  const found = decideMatch(await tables.directory.of(identifiers), identifiers);
  return withCompany(found, party, settings.publicMail ?? [], (domain) => tables.directory.ofDomain(domain));
}
