import type { ManagerId } from '../../../domain/base/ids.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Parameters } from '../api/portal.ts';
import { newIdOf } from '../api/rows.ts';
import type { Card } from '../cards/card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Found } from './find-stranger.ts';
import { settingFor } from './settings.ts';
import { contactFields, dealFields, leadFields, type Origin } from './stranger-fields.ts';

/** Sources of the portal's own directory, by channel. */
const usualSources: Readonly<Record<string, string>> = {
  call: 'CALL',
  email: 'EMAIL',
  form: 'WEBFORM',
  message: 'OTHER',
};

/** Makes what is missing of a stranger. Returns all his cards. */
export async function makeStranger(
  interaction: Interaction,
  { origin, cards, missing }: Found & { readonly origin: string },
  parts: Omit<Bitrix24Parts, 'cards'>,
  signal: AbortSignal,
): Promise<readonly Card[]> {
  if (missing.length === 0) return cards;
  const { config, portal, users } = parts;
  const manager = interaction.responsible ?? interaction.handledBy;
  const user = manager === null ? null : await users.of(manager.id as ManagerId, signal);
  const source = await sourceOf(interaction, parts, signal);
  const from: Origin = { origin, source, user: user?.id ?? null, language: config.language };
  const add = async (kind: 'lead' | 'contact' | 'deal', fields: Parameters): Promise<Card> => {
    const { result } = await portal.call(
      `crm.${kind}.add`,
      { fields, params: { REGISTER_SONET_EVENT: 'Y' } },
      { signal },
    );
    return { kind, id: newIdOf(result) };
  };
  if (missing.includes('lead')) return [await add('lead', leadFields(interaction, from))];
  const contact =
    cards.find(({ kind }) => kind === 'contact') ?? (await add('contact', contactFields(interaction, from)));
  const deal =
    cards.find(({ kind }) => kind === 'deal') ?? (await add('deal', dealFields(interaction, from, contact.id)));
  return [contact, deal];
}

/** The source of a contact; null if the portal's directory lacks it. */
async function sourceOf(
  interaction: Interaction,
  { config, context, dictionary }: Pick<Bitrix24Parts, 'config' | 'context' | 'dictionary'>,
  signal: AbortSignal,
): Promise<string | null> {
  const wanted = settingFor(interaction, config.sources) ?? usualSources[interaction.channel];
  const known = await dictionary.statuses('SOURCE', signal);
  if (wanted !== undefined && known.has(wanted)) return wanted;
  if (wanted !== undefined) context.log.warn({ source: wanted }, 'the portal has no such source; it is left out');
  return null;
}
