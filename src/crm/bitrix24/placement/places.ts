import { fields, list, text } from '../../../runtime/http/fields.ts';
import { type Card, cardOf } from '../cards/card.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Where the tab is shown. */
const places = [
  'CALL_CARD',
  'CRM_CONTACT_DETAIL_TAB',
  'CRM_COMPANY_DETAIL_TAB',
  'CRM_LEAD_DETAIL_TAB',
  'CRM_DEAL_DETAIL_TAB',
];

const title = 'Patchbay';

/** The address of the tab's page; null for a webhook. */
export function tabAddress({ eventAddress }: Pick<Bitrix24Parts, 'eventAddress'>): string | null {
  return eventAddress === null ? null : `${eventAddress}&page=history`;
}

/** Asks the portal to show the tab wherever it does not yet, or to show it no more. */
export async function bindPlaces(parts: Bitrix24Parts, signal: AbortSignal): Promise<void> {
  const handler = tabAddress(parts);
  if (handler === null) return;
  const options = { signal, urgency: 'usual' } as const;
  const { portal, config } = parts;
  const shown = list((await portal.call('placement.get', {}, options)).result).map(fields);
  for (const place of places) {
    const isShown = shown.some((one) => text(one.placement) === place && text(one.handler) === handler);
    if (isShown === config.historyTab) continue;
    const parameters = { PLACEMENT: place, HANDLER: handler };
    if (isShown) await portal.call('placement.unbind', parameters, options);
    else await portal.call('placement.bind', { ...parameters, TITLE: title }, options);
  }
}

/** The card that a tab is opened on, by its place and the portal's options in JSON; null if there is none. */
export function cardAt(place: string, options: unknown): Card | null {
  const { ID, CRM_ENTITY_TYPE, CRM_ENTITY_ID } = fields(options);
  if (place === 'CALL_CARD') return cardOf(`${String(CRM_ENTITY_TYPE).toLowerCase()}-${String(CRM_ENTITY_ID)}`);
  const kind = /^CRM_([A-Z]+)_DETAIL_TAB$/.exec(place)?.[1]?.toLowerCase();
  return kind === undefined ? null : cardOf(`${kind}-${String(ID)}`);
}
