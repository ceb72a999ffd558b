import type { Party } from '../../../../src/domain/interaction/interaction.ts';
import type { Words } from '../../i18n/russian.ts';
import { phoneText } from '../../parts/format.ts';

/** Who a task or lead is about, if no client is known. */
export function partyText(party: Party | null, text: Words): string {
  if (party === null) return text.nobody;
  if (party.phone !== null) return phoneText(party.phone);
  return party.email ?? party.account?.username ?? party.name ?? (party.raw || text.nobody);
}
