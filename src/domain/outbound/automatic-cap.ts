import { accountOf } from '../directory/party-identifiers.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';

/** What programs may write to one address within a day: enough for any purpose, and an end to every loop. */
const mostADay = 3;

const day = 86_400_000;

/** What is counted before a program may write: its letters and messages under `value` in this column of the interactions, since then. */
export interface AutomaticCount {
  readonly column: 'email' | 'phone' | 'account';
  readonly value: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What has to be counted before this may be stored to be sent; null where a human wrote it. */
export function automaticCount(interaction: Interaction, at: number): AutomaticCount | null {
  if (interaction.automatic === null) return null;
  const { email, phone } = interaction.party;
  const since = new Date(at - day).toISOString();
  const account = accountOf(interaction);
  if (email !== null) return { column: 'email', value: email, since };
  if (phone !== null) return { column: 'phone', value: phone, since };
  return account === null ? null : { column: 'account', value: account, since };
}

/**
 * Why a program may not write once more, or null. This ends what two programs that answer each other begin where the other one does
 * not say what it is.
 */
export function tooManyAutomatic(count: number): Refusal | null {
  if (count < mostADay) return null;
  return refuse('too_many', 'programs have written to this address three times within a day');
}
