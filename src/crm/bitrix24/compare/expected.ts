import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { ExpectedContact } from '../../shared/compare/comparable.ts';
import { isPortalForm } from '../back/call-back-form.ts';
import { cardText } from '../cards/card.ts';
import { clientCards } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { isDenied, strangerOf } from '../unknown/stranger-cards.ts';
import { clientCard } from '../written/activity-fields.ts';
import { hasHappened, isWanted, kindFor } from '../written/deliver-written.ts';
import { type ToldRecord, toldOf } from '../written/told.ts';
import { expectedCalls } from './expected-calls.ts';

/** What the portal should hold of a contact, by its latest state and by what the portal was told. */
export async function expectedOf(
  interaction: Interaction,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly ExpectedContact[]> {
  if (isPortalForm(interaction, parts.context.name)) return [];
  const steps = await parts.context.ledger({ kind: 'interaction', interaction }).steps();
  const own =
    interaction.channel === 'call'
      ? await expectedCalls(interaction, steps, parts, signal)
      : expectedRecord(interaction, toldOf(steps), parts);
  return [...own, ...expectedCard(interaction, steps, parts)];
}

/** The activity or comment of a letter, message or form. */
function expectedRecord(
  contact: Interaction,
  told: ToldRecord | null,
  { config, context }: Bitrix24Parts,
): readonly ExpectedContact[] {
  const { id, channel } = contact;
  const of = { interaction: id, channel, isDeletable: true } as const;
  if (told !== null) {
    if (contact.mergedInto !== null || told.removed === 'unlinked') return [];
    const card = told.kind === 'comment' ? null : clientCard(told.cards ?? []);
    // The portal moves activities from a lead to the client whom the lead becomes.
    const client = card === null || card.kind === 'lead' ? {} : { client: cardText(card) };
    return [{ ...of, item: told.kind, remote: told.id === null ? null : String(told.id), facts: client }];
  }
  // A message without a record is in a chat of the Open Lines, which is not compared.
  const isInChat = channel === 'message' && config.messages === 'openlines';
  const isOwed = isWanted(contact, config) && !isInChat && hasHappened(contact) && contact.mergedInto === null;
  // Whether a stranger has a card is known only once it was delivered.
  if (!isOwed || isDenied(contact) || clientCards(context.name, contact).length === 0) return [];
  return [{ ...of, item: kindFor(contact, config), remote: null, facts: {} }];
}

/** The lead, or the contact and the deal, that was made of a stranger, unless he is a client by now. */
function expectedCard(
  { id, channel, client, contact, mergedInto }: Interaction,
  steps: readonly LedgerStep[],
  { context }: Bitrix24Parts,
): readonly ExpectedContact[] {
  const { made } = strangerOf(steps);
  const known = clientCards(context.name, { client, contact }).map(cardText);
  const isClient = known.length > 0 && !made.some((card) => known.includes(cardText(card)));
  if (made.length === 0 || mergedInto !== null || isClient) return [];
  const remote = made.map(cardText).join(',');
  return [{ interaction: id, channel, item: 'card', remote, isDeletable: true, facts: {} }];
}
