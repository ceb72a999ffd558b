import type { PortalCore } from '../core.ts';
import type { CardKind, CardLink } from '../state.ts';
import { type Fields, textOf } from '../values.ts';
import { phoneKey } from './card-store.ts';

/** Makes a card and raises its event. */
export function addCard(core: PortalCore, kind: CardKind, fields: Fields, userId: number): number {
  const now = core.now();
  const id = core.cards[kind].add({
    ...(kind === 'LEAD' ? { STATUS_ID: 'NEW', STATUS_SEMANTIC_ID: 'P' } : {}),
    ...(kind === 'DEAL' ? { STAGE_ID: 'NEW', STAGE_SEMANTIC_ID: 'P', CATEGORY_ID: '0', CLOSED: 'N' } : {}),
    OPENED: 'Y',
    ASSIGNED_BY_ID: String(userId),
    ...fields,
    CREATED_BY_ID: String(userId),
    MODIFY_BY_ID: String(userId),
    DATE_CREATE: now,
    DATE_MODIFY: now,
  });
  core.raise(`ONCRM${kind}ADD`, { FIELDS: { ID: String(id) } }, userId);
  return id;
}

/** Changes fields of a card and raises its event. */
export function changeCard(core: PortalCore, kind: CardKind, id: number, fields: Fields, userId: number): void {
  const isChanged = core.cards[kind].update(id, { ...fields, MODIFY_BY_ID: String(userId), DATE_MODIFY: core.now() });
  if (!isChanged) throw new Error(`the portal has no ${kind.toLowerCase()} ${id}`);
  core.raise(`ONCRM${kind}UPDATE`, { FIELDS: { ID: String(id) } }, userId);
}

/** Deletes a card and raises its event. */
export function deleteCard(core: PortalCore, kind: CardKind, id: number, userId: number): void {
  if (!core.cards[kind].delete(id)) throw new Error(`the portal has no ${kind.toLowerCase()} ${id}`);
  core.raise(`ONCRM${kind}DELETE`, { FIELDS: { ID: String(id) } }, userId);
}

/** The cards with a phone number, best first. */
export function cardsOfPhone(core: PortalCore, phone: string): readonly CardLink[] {
  if (phoneKey(phone) === '') return [];
  return (['CONTACT', 'COMPANY', 'LEAD'] as const).flatMap((kind) =>
    core.cards[kind]
      .findByComm('PHONE', phone)
      .filter((id) => kind !== 'LEAD' || core.cards.LEAD.get(id)?.STATUS_SEMANTIC_ID === 'P')
      .map((id) => ({ kind, id })),
  );
}

/** A card's name as the portal shows it. */
export function cardName(core: PortalCore, { kind, id }: CardLink): string {
  const card = core.cards[kind].get(id);
  const parts = [card?.NAME, card?.LAST_NAME].map((part) => textOf(part) ?? '').filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' ') : (textOf(card?.TITLE) ?? `${kind} ${id}`);
}
