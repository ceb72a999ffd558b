import type { Identifier, Interaction, Party } from '../interaction/interaction.ts';
import { accountName } from './account-link.ts';

/** The identifiers of a party, strongest first. */
export function identifiersOf(party: Party): readonly Identifier[] {
  const found: Identifier[] = [];
  if (party.phone !== null) found.push({ kind: 'phone', value: party.phone });
  if (party.email !== null) found.push({ kind: 'email', value: party.email });
  if (party.account !== null) found.push({ kind: 'account', value: accountName(party.account) });
  return found;
}

/** The account of an interaction's party, as clients' identifiers name it. */
export function accountOf({ party }: Interaction): string | null {
  return party.account === null ? null : accountName(party.account);
}
