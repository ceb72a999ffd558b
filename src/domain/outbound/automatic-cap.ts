import { accountOf } from '../directory/party-identifiers.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';

/** Messages that programs may send to one address within a day: enough in practice, and it ends mail loops. */
const maxPerDay = 3;

const day = 86_400_000;

/** The automatic letters and messages to count before a program may write: by one column's value, since a moment. */
export interface AutomaticCount {
  readonly column: 'email' | 'phone' | 'account';
  readonly value: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What to count before this may be queued; null if a human wrote it. */
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
 * The refusal to let a program write once more, or null. It ends loops between two automatic responders, of which the other does not
 * identify itself.
 */
export function tooManyAutomatic(count: number): Refusal | null {
  if (count < maxPerDay) return null;
  return refuse('too_many', 'programs have written to this address three times within a day');
}
