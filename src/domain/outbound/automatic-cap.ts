import { accountOf } from '../directory/party-identifiers.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';

/** Maximum messages that programs may send to one address within a day. It is enough in practice and ends mail loops. */
const maxPerDay = 3;

const day = 86_400_000;

/** Which automatic letters and messages to count before a program may write. */
export interface AutomaticCount {
  readonly column: 'email' | 'phone' | 'account';
  readonly value: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What to count before the message may be queued; null if a human wrote it. */
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
 * The refusal of a further automatic message, or null. It ends loops with automatic responders that do not identify themselves as
 * such.
 */
export function tooManyAutomatic(count: number): Refusal | null {
  if (count < maxPerDay) return null;
  return refuse('too_many', 'programs have written to this address three times within a day');
}
