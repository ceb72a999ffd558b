import type { Interaction, Party } from '../../../domain/interaction/interaction.ts';
import { fields, list, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Parameters } from '../api/portal.ts';
import { clientCards } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { chatIdOf, clientIdOf } from './ids.ts';
import { sessionOf } from './sessions.ts';

/** The longest name and last name that the portal takes. */
const maxName = 25;

/**
 * The client as the portal's chat shows them. The portal finds a card by telephone number and address when a conversation begins. If we
 * know the client by the account only, those of the card are given.
 */
export async function clientOfChat(
  contact: Interaction,
  parts: Pick<Bitrix24Parts, 'context' | 'portal'>,
  signal: AbortSignal,
): Promise<Parameters> {
  const { party } = contact;
  const [name, lastName] = namesOf(party);
  const isUnaddressed = party.phone === null && party.email === null;
  const isNew = isUnaddressed && (await sessionOf(chatIdOf(contact), parts)) === null;
  const [phone, email] = isNew ? await addressesOf(contact, parts, signal) : [party.phone, party.email];
  return {
    id: clientIdOf(contact),
    ...(name !== null && { name }),
    ...(lastName !== null && { last_name: lastName }),
    ...(phone !== null && { phone }),
    ...(email !== null && { email }),
  };
}

/** Name and last name in the letters that the portal takes. */
export function namesOf({ name, account }: Pick<Party, 'name' | 'account'>): readonly [string | null, string | null] {
  const words = (name ?? account?.username ?? '')
    .replace(/[^\p{L}\p{M} '’-]+/gu, ' ')
    .split(' ')
    .filter((word) => /\p{L}/u.test(word));
  const part = (some: readonly string[]) => some.join(' ').slice(0, maxName).trim() || null;
  return [part(words.slice(0, 1)), part(words.slice(1))];
}

/** Telephone number and address of the card of a known client. */
async function addressesOf(
  contact: Interaction,
  { context, portal }: Pick<Bitrix24Parts, 'context' | 'portal'>,
  signal: AbortSignal,
): Promise<readonly [string | null, string | null]> {
  const card = clientCards(context.name, contact).find(({ kind }) => kind !== 'deal');
  if (card === undefined) return [null, null];
  try {
    const row = fields((await portal.call(`crm.${card.kind}.get`, { id: card.id }, { signal })).result);
    const first = (values: unknown) => text(fields(list(values)[0]).VALUE);
    return [first(row.PHONE), first(row.EMAIL)];
  } catch (error) {
    // The message matters more than whose card its chat stands on.
    if (asServiceError(error).trouble !== 'refused') throw error;
    return [null, null];
  }
}
